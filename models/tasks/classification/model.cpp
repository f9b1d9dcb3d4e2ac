// SPDX-License-Identifier: Apache-2.0
// Opens a classifier with the labels of its data, and tells of it.
#include "models/tasks/classification/model.h"

#include <fmt/ranges.h>

#include <map>

#include "models/tasks/checksum.h"
#include "models/tasks/classification/examples.h"
#include "models/tasks/classification/predictor.h"

namespace thaw {
namespace {

constexpr size_t longest_list = 200;  // bytes of labels that an error shows

std::string tokenizer_checksum(const Tokenizer& tokenizer) {
  std::map<std::string, uint32_t> sums;
  for (const TokenizerFile& file : tokenizer.files()) sums[file.name] = crc32c(file.content);
  return checksum_text(crc32c(fmt::format("{}", fmt::join(sums, " "))));
}

std::string list_of(const std::vector<std::string>& labels) {
  const std::string list = fmt::format("[{}]", fmt::join(labels, ", "));
  return list.size() <= longest_list ? list : fmt::format("{} (checksum {:08x})", labels.size(), crc32c(list));
}

}  // namespace

ClassificationModel::ClassificationModel(const std::string& directory, const TextClassifierOptions& how,
                                         Problem problem, ClassificationOptions options, FieldNames called)
    : classifier_(directory, how),
      problem_(std::move(problem)),
      options_(std::move(options)),
      called_(std::move(called)) {
  problem_.use_labels_of(classifier_);
  if (!options_.text_pair_column.empty()) classifier_.encoder().check_takes_pairs();
}

ClassificationModel::ClassificationModel(const ClassificationModel& like, const Device& dry)
    : classifier_(like.classifier_, dry), problem_(like.problem_), options_(like.options_), called_(like.called_) {}

std::string ClassificationModel::description() const {
  return fmt::format("{} ({} labels)", name_of(classifier_.problem()), classifier_.num_labels());
}

std::unique_ptr<Examples> ClassificationModel::read(const std::string& file) {
  return std::make_unique<ClassificationExamples>(classifier_, file, options_, problem_, called_);
}

std::unique_ptr<Examples> ClassificationModel::longest(int64_t count) {
  return std::make_unique<ClassificationExamples>(classifier_, count);
}

std::unique_ptr<Predictor> ClassificationModel::predictor(const PredictionRequest& request) {
  return std::make_unique<ClassificationPredictor>(classifier_, options_, request, called_);
}

Fingerprint ClassificationModel::identity() const {
  Fingerprint identity = classifier_.model().switches();
  identity["labels"] = list_of(classifier_.labels());
  identity["problem_type"] = name_of(classifier_.problem());
  identity["files of the tokenizer"] = tokenizer_checksum(classifier_.tokenizer());
  return identity;
}

}  // namespace thaw
