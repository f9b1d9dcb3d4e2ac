// SPDX-License-Identifier: Apache-2.0
// Draws partners; losses of pairs, numbers of rows.
#include "models/tasks/ranking/scored_examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "autograd/functions.h"
#include "models/metrics/probabilities.h"
#include "models/tasks/checksum.h"
#include "models/tasks/epoch_draws.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/ranking/evaluation.h"
#include "models/tasks/ranking/model.h"
#include "models/tasks/ranking/pair_batch.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// The mean of -log sigmoid(better - worse) of rows `which` with their partners; said: of each row of `which`.
double loss_of(const ScoreGroups& groups, std::span<const int64_t> which, const std::vector<double>& said) {
  std::vector<double> of_row(groups.scores().size());
  for (size_t i = 0; i < which.size(); ++i) of_row[static_cast<size_t>(which[i])] = said[i];
  double sum = 0, count = 0;
  for (const int64_t row : which) {
    const int64_t partner = groups.drawn_partner(0, judging_epoch, row);
    if (partner < 0) continue;
    const double ahead = of_row[static_cast<size_t>(row)] - of_row[static_cast<size_t>(partner)];
    sum += softplus(groups.is_better(row, partner) ? -ahead : ahead);
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace

ScoredExamples::ScoredExamples(TextClassifier& model, uint64_t seed, std::shared_ptr<const Data> data)
    : model_(model),
      seed_(seed),
      data_(std::move(data)),
      groups_(data_->scores, data_->groups),
      has_several_groups_(std::ranges::any_of(data_->groups, [&](int32_t group) { return group != data_->groups[0]; })),
      lengths_(data_->scores.size()) {
  begin_epoch(0);
}

void ScoredExamples::begin_epoch(int64_t epoch) {
  epoch_ = epoch;
  const std::span<const int64_t> rows = data_->rows.lengths();
  for (size_t row = 0; row < lengths_.size(); ++row) {
    const int64_t partner = partner_of(static_cast<int64_t>(row));
    lengths_[row] = rows[row] + (partner < 0 ? 0 : rows[static_cast<size_t>(partner)]);
  }
}

void ScoredExamples::draw_among(std::span<const int64_t> which) {
  groups_.draw_among(which);
  if (terms(which) == 0)
    fail("{}: of {} rows none has another of its group with another score: there are no pairs", data_->rows.file(),
         which.size());
  begin_epoch(epoch_);
}

double ScoredExamples::terms(std::span<const int64_t> examples) const {
  return static_cast<double>(std::ranges::count_if(examples, [&](int64_t row) { return groups_.partners(row) > 0; }));
}

std::vector<int64_t> ScoredExamples::pairs_of(std::span<const int64_t> examples) const {
  std::vector<int64_t> pairs;
  for (const int64_t row : examples) {
    const int64_t partner = partner_of(row);
    if (partner < 0) continue;
    pairs.push_back(groups_.is_better(row, partner) ? row : partner);
    pairs.push_back(groups_.is_better(row, partner) ? partner : row);
  }
  return pairs;
}

Variable ScoredExamples::loss(std::span<const int64_t> examples, double count) const {
  const std::vector<int64_t> pairs = pairs_of(examples);
  if (!pairs.empty()) return loss_of_pairs(model_, data_->rows.pick(pairs), count);
  // Nothing is learnt of rows without partners: 0, with a gradient of 0.
  const std::vector<int64_t> alike{examples[0], examples[0]};
  return scale(loss_of_pairs(model_, data_->rows.pick(alike), 1), 0);
}

std::vector<float> ScoredExamples::outputs(std::span<const int64_t> examples) const {
  return model_.logits(data_->rows.pick(examples)).value().to_host<float>();
}

std::unique_ptr<Evaluation> ScoredExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<double> said(examples.size()), truth;
  std::vector<int32_t> groups;
  const auto run = [&](std::span<const int64_t> batch, std::span<const int64_t> places) {
    const std::vector<float> numbers = outputs(batch);
    for (size_t i = 0; i < places.size(); ++i) said[static_cast<size_t>(places[i])] = static_cast<double>(numbers[i]);
    return 0.0;
  };
  evaluate_in_batches(model_.store(), *this, data_->rows.lengths(), examples, run, 1);
  for (const int64_t row : examples) {
    truth.push_back(data_->scores[static_cast<size_t>(row)]);
    groups.push_back(data_->groups[static_cast<size_t>(row)]);
  }
  const double loss = loss_of(ScoreGroups(data_->scores, data_->groups, examples), examples, said);
  return std::make_unique<ScoredEvaluation>(std::move(said), std::move(truth), std::move(groups), loss);
}

ShownExample ScoredExamples::show(int64_t example) const {
  ShownExample shown = data_->rows.show(example, model_.rows());
  const int64_t partner = partner_of(example);
  shown.truth = fmt::format("{:.6g}", data_->scores[static_cast<size_t>(example)]);
  if (partner >= 0)
    shown.truth += fmt::format(", {} than {:.6g} of line {}", groups_.is_better(example, partner) ? "better" : "worse",
                               data_->scores[static_cast<size_t>(partner)], data_->rows.line(partner));
  return shown;
}

uint64_t ScoredExamples::kin(int64_t example) const {
  const auto group = static_cast<uint64_t>(data_->groups[static_cast<size_t>(example)]);
  return has_several_groups_ ? group : data_->rows.checksum(example);
}

Fingerprint ScoredExamples::identity() const {
  return {{"what is ranked", checksum_text(data_->rows.checksum())},
          {"scores and groups", checksum_text(checksum(data_->scores, checksum(data_->groups)))}};
}

std::unique_ptr<Examples> ScoredExamples::read_by(TaskModel& other) const {
  return std::make_unique<ScoredExamples>(dynamic_cast<RankingModel&>(other).classifier(), seed_, data_);
}

}  // namespace thaw
