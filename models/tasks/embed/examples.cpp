// SPDX-License-Identifier: Apache-2.0
// Reads pairs; losses of batches, vectors of whole data sets.
#include "models/tasks/embed/examples.h"
#include "models/contrastive_loss.h"

#include <algorithm>
#include <cstddef>

#include "autograd/functions.h"
#include "models/tasks/checksum.h"
#include "models/tasks/embed/evaluation.h"
#include "models/tasks/embed/model.h"
#include "models/tasks/embed/pair_rows.h"
#include "models/tasks/evaluation.h"
#include "tensor/check.h"

namespace thaw {

std::vector<const Encoding*> EmbedExamples::texts(std::span<const int64_t> examples) const {
  std::vector<const Encoding*> texts = data_->first.pick(examples);
  for (const EncodedTexts* more : {&data_->second, &data_->negatives}) {
    if (more->empty()) continue;
    const std::vector<const Encoding*> picked = more->pick(examples);
    texts.insert(texts.end(), picked.begin(), picked.end());
  }
  return texts;
}

EmbedExamples::Vectors EmbedExamples::vectors(std::span<const int64_t> examples) const {
  const auto pairs = static_cast<int64_t>(examples.size());
  const Variable all = model_.pooled(texts(examples));
  return {slice(all, 0, 0, pairs), slice(all, 0, pairs, 2 * pairs), slice(all, 0, pairs, all.size(0))};
}

Variable EmbedExamples::loss(std::span<const int64_t> examples, double count) const {
  const Vectors vectors = this->vectors(examples);
  if (!has_scores()) return contrastive_loss(vectors.first, vectors.candidates, contrast_, count);
  std::vector<float> scores;
  for (const int64_t example : examples)
    scores.push_back(static_cast<float>(data_->scores[static_cast<size_t>(example)]));
  const Variable said = cosines(vectors.first, vectors.second);
  const Tensor& value = said.value();
  return sum_all(square(sub(said, Tensor::from_host(scores, value.shape(), value.device(), value.dtype()))),
                 1 / (count > 0 ? count : static_cast<double>(examples.size())));
}

std::vector<float> EmbedExamples::outputs(std::span<const int64_t> examples) const {
  return model_.pooled(texts(examples)).value().to_host<float>();
}

PairVectors EmbedExamples::pair_vectors(std::span<const int64_t> examples) const {
  PairVectors pairs;
  pairs.width = model_.width();
  const auto width = static_cast<size_t>(pairs.width);
  pairs.first.resize(examples.size() * width);
  pairs.second.resize(pairs.first.size());
  if (!data_->negatives.empty()) pairs.negatives.resize(pairs.first.size());
  const auto run = [&](std::span<const int64_t> batch, std::span<const int64_t> places) {
    const Vectors all = vectors(batch);
    const auto keep = [&](const Variable& rows, int64_t begin, std::vector<float>& to) {
      const int64_t count = std::ssize(places);
      const std::vector<float> values = unit_vectors(slice(rows, 0, begin, begin + count)).value().to_host<float>();
      for (size_t i = 0; i < places.size(); ++i)
        std::copy_n(values.begin() + static_cast<ptrdiff_t>(i * width), width,
                    to.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(places[i]) * width));
    };
    keep(all.first, 0, pairs.first);
    keep(all.candidates, 0, pairs.second);
    if (!pairs.negatives.empty()) keep(all.candidates, std::ssize(places), pairs.negatives);
    return 0.0;
  };
  evaluate_in_batches(model_.store(), *this, examples, run);
  return pairs;
}

std::unique_ptr<Evaluation> EmbedExamples::evaluate(std::span<const int64_t> examples) const {
  const PairVectors pairs = pair_vectors(examples);
  const Device device = model_.store().device();
  std::vector<double> cosines = cosines_of(pairs);
  if (!has_scores())
    return std::make_unique<EmbedEvaluation>(std::move(cosines), std::vector<double>{}, partner_ranks(pairs, device),
                                             mean_contrast(pairs, contrast_, device));
  std::vector<double> truth;
  double loss = 0;
  for (size_t i = 0; i < cosines.size(); ++i) {
    truth.push_back(data_->scores[static_cast<size_t>(examples[i])]);
    loss += (cosines[i] - truth[i]) * (cosines[i] - truth[i]);
  }
  loss /= static_cast<double>(cosines.size());
  return std::make_unique<EmbedEvaluation>(std::move(cosines), std::move(truth), std::vector<int64_t>{}, loss);
}

ShownExample EmbedExamples::show(int64_t example) const {
  ShownExample shown = data_->first.show(example, model_.tokenizer());
  for (const EncodedTexts* more : {&data_->second, &data_->negatives}) {
    if (more->empty()) continue;
    const ShownExample other = more->show(example, model_.tokenizer());
    shown.text += " | " + other.text;
    shown.tokens.insert(shown.tokens.end(), other.tokens.begin(), other.tokens.end());
    shown.cut += other.cut;
  }
  if (has_scores()) shown.truth = fmt::format("{:.6g}", data_->scores[static_cast<size_t>(example)]);
  return shown;
}

uint64_t EmbedExamples::kin(int64_t example) const {
  uint32_t sum = data_->second.checksum(example, data_->first.checksum(example));
  if (!data_->negatives.empty()) sum = data_->negatives.checksum(example, sum);
  return sum;
}

int64_t EmbedExamples::cut(int64_t example) const {
  size_t cut = data_->first[example].cut + data_->second[example].cut;
  if (!data_->negatives.empty()) cut += data_->negatives[example].cut;
  return static_cast<int64_t>(cut);
}

Fingerprint EmbedExamples::identity() const {
  return {{"texts, as token ids", checksum_text(data_->first.checksum())},
          {"their partners", checksum_text(data_->second.checksum())},
          {"texts that are none", checksum_text(data_->negatives.checksum())},
          {"scores of the pairs", checksum_text(checksum(data_->scores))}};
}

std::unique_ptr<Examples> EmbedExamples::read_by(TaskModel& other) const {
  return std::make_unique<EmbedExamples>(dynamic_cast<EmbedModel&>(other).embedder(), contrast_, data_);
}

std::shared_ptr<const EmbedExamples::Data> read_pairs(const TextEncoder& encoder, const std::string& file,
                                                      const EmbedOptions& options) {
  auto data = std::make_shared<EmbedExamples::Data>();
  data->first = data->second = data->negatives = EncodedTexts(file);
  PairRows rows(file, options);
  for (PairRow row; rows.next(row);) {
    int64_t length = 0;
    const auto add = [&](const std::string& text, EncodedTexts& to) {
      Encoding encoding = encoder.encode_row(text, {}, rows.where());
      length += static_cast<int64_t>(encoding.size());
      to.add(std::move(encoding), rows.line());
    };
    add(row.first, data->first);
    add(row.second, data->second);
    if (row.negative) add(*row.negative, data->negatives);
    if (row.score) data->scores.push_back(*row.score);
    data->lengths.push_back(length);
  }
  if (data->lengths.empty()) fail("{}: has no rows below its header", file);
  return data;
}

std::shared_ptr<const EmbedExamples::Data> made_up_pairs(const TextEncoder& encoder, const EmbedOptions& options,
                                                         int64_t count) {
  auto data = std::make_shared<EmbedExamples::Data>();
  data->first = data->second = EncodedTexts::made_up(count, encoder.max_length());
  int64_t texts = 2;
  if (!options.negative_column.empty()) {
    data->negatives = data->first;
    ++texts;
  }
  if (!options.score_column.empty()) data->scores.assign(static_cast<size_t>(count), 0.5);
  data->lengths.assign(static_cast<size_t>(count), texts * encoder.max_length());
  return data;
}

}  // namespace thaw
