// SPDX-License-Identifier: Apache-2.0
// Reads rows with scores, or pairs.
#include "models/tasks/ranking/model.h"

#include <fmt/format.h>

#include <memory>
#include <unordered_map>
#include <utility>

#include "models/tasks/classification/predictor.h"
#include "models/tasks/files_once.h"
#include "models/tasks/ranking/evaluation.h"
#include "models/tasks/ranking/preference_examples.h"
#include "models/tasks/ranking/score_groups.h"
#include "models/tasks/ranking/scored_examples.h"
#include "models/tasks/ranking/scored_rows.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

std::shared_ptr<const ScoredExamples::Data> read_scored(const RowEncoder& encoder, const std::string& file,
                                                        const RankingOptions& options) {
  std::vector<ScoredRow> rows;
  std::vector<double> scores;
  std::vector<int32_t> groups;
  std::unordered_map<std::string, int32_t> numbers;  // of groups
  ScoredRows reader(file, options);
  for (ScoredRow row; reader.next(row);) {
    scores.push_back(row.score);
    groups.push_back(numbers.try_emplace(row.group, static_cast<int32_t>(numbers.size())).first->second);
    rows.push_back(std::move(row));
  }
  if (rows.empty()) fail("{}: has no rows below its header", file);
  const ScoreGroups pairs(scores, groups);
  auto data = std::make_shared<ScoredExamples::Data>();
  data->rows = EncodedTexts(file);
  FilesOnce once(encoder);
  const std::unique_ptr<RowNotes> notes = notes_of_files(encoder, options.reads);
  for (size_t row = 0; row < rows.size(); ++row) {
    if (pairs.partners(static_cast<int64_t>(row)) == 0) continue;
    Encoding encoding = once.encode(rows[row].input);
    notes->add(rows[row].input, encoding);
    data->rows.add(std::move(encoding), rows[row].line);
    data->scores.push_back(scores[row]);
    data->groups.push_back(groups[row]);
  }
  if (data->rows.empty())
    fail("{}: no two rows{} have different scores ({}): there is nothing to compare", file,
         options.group_column.empty() ? "" : " of a group", options.score_column);
  if (const size_t left = rows.size() - data->scores.size(); left > 0)
    data->notes.push_back(fmt::format("{}: {} of {} passed over: no other of the group has another score", file, left,
                                      counted(rows.size(), "row")));
  for (const std::string& line : notes->lines()) data->notes.push_back(fmt::format("{}: {}", file, line));
  return data;
}

std::shared_ptr<const PreferenceExamples::Data> read_preferences(const RowEncoder& encoder, const std::string& file,
                                                                 const RankingOptions& options) {
  auto data = std::make_shared<PreferenceExamples::Data>();
  data->rows = EncodedTexts(file);
  const std::unique_ptr<RowNotes> notes = notes_of_files(encoder, options.reads);
  PreferredRows reader(file, options);
  FilesOnce once(encoder);
  for (PreferredRow row; reader.next(row);) {
    int64_t length = 0;
    for (const InputRow* one : {&row.better, &row.worse}) {
      Encoding encoding = once.encode(*one);
      notes->add(*one, encoding);
      length += static_cast<int64_t>(encoding.size());
      data->rows.add(std::move(encoding), row.line);
    }
    data->lengths.push_back(length);
  }
  if (data->lengths.empty()) fail("{}: has no rows below its header", file);
  for (const std::string& line : notes->lines()) data->notes.push_back(fmt::format("{}: {}", file, line));
  return data;
}

}  // namespace

std::string RankingModel::description() const {
  return fmt::format("ranking of {} by one number, learnt from {}", name_of(options_.reads),
                     options_.has_preferences() ? "pairs" : "pairs of different scores");
}

std::vector<std::string> RankingModel::metric_names() const {
  return options_.has_preferences() ? PreferenceEvaluation::metric_names() : ScoredEvaluation::metric_names();
}

std::unique_ptr<Examples> RankingModel::read(const std::string& file) {
  if (options_.has_preferences())
    return std::make_unique<PreferenceExamples>(*classifier_, read_preferences(classifier_->rows(), file, options_));
  return std::make_unique<ScoredExamples>(*classifier_, seed_, read_scored(classifier_->rows(), file, options_));
}

std::unique_ptr<Examples> RankingModel::longest(int64_t count) {
  return std::make_unique<PreferenceExamples>(*classifier_, count);
}

std::unique_ptr<Predictor> RankingModel::predictor(const PredictionRequest& request) {
  return std::make_unique<ClassificationPredictor>(*classifier_, options_.as_classified(), request, called_);
}

Fingerprint RankingModel::identity() const {
  Fingerprint identity = TextTaskModel::identity();
  identity["what is learnt"] = description();
  return identity;
}

}  // namespace thaw
