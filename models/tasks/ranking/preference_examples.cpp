// SPDX-License-Identifier: Apache-2.0
// Losses and numbers of pairs.
#include "models/tasks/ranking/preference_examples.h"

#include "models/tasks/checksum.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/ranking/evaluation.h"
#include "models/tasks/ranking/model.h"
#include "models/tasks/ranking/pair_batch.h"

namespace thaw {

PreferenceExamples::PreferenceExamples(TextClassifier& model, int64_t count) : model_(model) {
  auto data = std::make_shared<Data>();
  data->rows = EncodedTexts::made_up(2 * count, model.rows().longest());
  for (int64_t pair = 0; pair < count; ++pair)
    data->lengths.push_back(2 * data->rows.lengths()[static_cast<size_t>(2 * pair)]);
  data_ = std::move(data);
}

std::vector<int64_t> PreferenceExamples::rows_of(std::span<const int64_t> examples) {
  std::vector<int64_t> rows;
  for (const int64_t example : examples) rows.insert(rows.end(), {2 * example, 2 * example + 1});
  return rows;
}

Variable PreferenceExamples::loss(std::span<const int64_t> examples, double count) const {
  return loss_of_pairs(model_, data_->rows.pick(rows_of(examples)), count);
}

std::vector<float> PreferenceExamples::outputs(std::span<const int64_t> examples) const {
  return model_.logits(data_->rows.pick(rows_of(examples))).value().to_host<float>();
}

std::unique_ptr<Evaluation> PreferenceExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<double> better(examples.size()), worse(examples.size());
  const auto run = [&](std::span<const int64_t> batch, std::span<const int64_t> places) {
    const Variable said = model_.logits(data_->rows.pick(rows_of(batch)));
    const std::vector<float> numbers = said.value().to_host<float>();
    for (size_t i = 0; i < places.size(); ++i) {
      better[static_cast<size_t>(places[i])] = static_cast<double>(numbers[2 * i]);
      worse[static_cast<size_t>(places[i])] = static_cast<double>(numbers[2 * i + 1]);
    }
    return static_cast<double>(loss_of_scored_pairs(said, 1).value().item());
  };
  const double loss = evaluate_in_batches(model_.store(), *this, examples, run);
  return std::make_unique<PreferenceEvaluation>(std::move(better), std::move(worse), loss);
}

ShownExample PreferenceExamples::show(int64_t example) const {
  ShownExample shown = data_->rows.show(2 * example, model_.rows());
  const ShownExample worse = data_->rows.show(2 * example + 1, model_.rows());
  shown.text += " | " + worse.text;
  shown.tokens.insert(shown.tokens.end(), worse.tokens.begin(), worse.tokens.end());
  shown.cut += worse.cut;
  shown.truth = "the first is better";
  return shown;
}

int64_t PreferenceExamples::cut(int64_t example) const {
  return static_cast<int64_t>(data_->rows[2 * example].cut + data_->rows[2 * example + 1].cut);
}

uint64_t PreferenceExamples::kin(int64_t example) const {
  return data_->rows.checksum(2 * example + 1, data_->rows.checksum(2 * example));
}

Fingerprint PreferenceExamples::identity() const {
  return {{"pairs, the better one first", checksum_text(data_->rows.checksum())}};
}

std::unique_ptr<Examples> PreferenceExamples::read_by(TaskModel& other) const {
  return std::make_unique<PreferenceExamples>(dynamic_cast<RankingModel&>(other).classifier(), data_);
}

}  // namespace thaw
