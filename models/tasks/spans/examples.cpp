// SPDX-License-Identifier: Apache-2.0
// Losses and scores of missing spans.
#include "models/tasks/spans/examples.h"

#include <algorithm>

#include "models/packed_text.h"
#include "models/tasks/checksum.h"
#include "models/tasks/epoch_draws.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/spans/model.h"
#include "models/tasks/token_evaluation.h"

namespace thaw {

// Pieces as the model reads and writes them.
struct SpansExamples::Batch {
  std::vector<Encoding> sources;
  std::vector<TargetIds> targets;

  Batch(const SpansExamples& of, std::span<const int64_t> examples, int64_t epoch) {
    for (const int64_t example : examples) {
      CorruptedText text = of.drawn(example, epoch);
      Encoding& source = sources.emplace_back();
      source.ids = std::move(text.source);
      source.type_ids.assign(source.ids.size(), 0);
      targets.push_back(std::move(text.target));
    }
  }
};

CorruptedText SpansExamples::drawn(int64_t example, int64_t epoch) const {
  const std::vector<int32_t>& tokens = data_->pieces[example].ids;
  const auto spans = draw_spans(std::ssize(tokens), rule_->shape, epoch_key(seed_, epoch, example));
  return corrupted(tokens, spans, *rule_);
}

double SpansExamples::terms(std::span<const int64_t> examples) const {
  int64_t tokens = 0;
  for (const int64_t example : examples) tokens += target_length(std::ssize(data_->pieces[example].ids), rule_->shape);
  return static_cast<double>(tokens);
}

Variable SpansExamples::loss(std::span<const int64_t> examples, double count) const {
  const Batch batch(*this, examples, epoch_);
  return writer_.loss(pointers_to(batch.sources), batch.targets, {}, count > 0 ? count : terms(examples));
}

std::vector<float> SpansExamples::outputs(std::span<const int64_t> examples) const {
  const Batch batch(*this, examples, judging_epoch);
  Tensor losses;
  writer_.loss(writer_.encode(pointers_to(batch.sources)), batch.targets, {}, 1, &losses);
  return losses.to_host<float>();
}

std::unique_ptr<Evaluation> SpansExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<JudgedTokens> said(examples.size());
  const auto run = [&](std::span<const int64_t> numbers, std::span<const int64_t> places) {
    Batch batch(*this, numbers, judging_epoch);
    std::vector<TargetGuesses> guesses = writer_.guesses(writer_.encode(pointers_to(batch.sources)), batch.targets);
    double sum = 0;
    for (size_t i = 0; i < guesses.size(); ++i) {
      said[static_cast<size_t>(places[i])] = {std::move(batch.targets[i]), std::move(guesses[i].likeliest),
                                              guesses[i].loss};
      sum += guesses[i].loss;
    }
    return sum;
  };
  evaluate_in_batches(writer_.store(), *this, examples, run);
  return std::make_unique<TokenEvaluation>(tokenizer_, std::move(said));
}

ShownExample SpansExamples::show(int64_t example) const {
  ShownExample shown = data_->pieces.show(example, tokenizer_);
  const CorruptedText text = drawn(example, epoch_);
  shown.tokens.clear();
  for (const int32_t id : text.source) shown.tokens.push_back({tokenizer_.token(id)});
  for (const int32_t id : text.target) shown.tokens.push_back({tokenizer_.token(id), true});
  return shown;
}

Fingerprint SpansExamples::identity() const {
  return {{"texts, as token ids", checksum_text(data_->pieces.checksum())}};
}

std::unique_ptr<Examples> SpansExamples::read_by(TaskModel& other) const {
  return std::make_unique<SpansExamples>(dynamic_cast<SpansModel&>(other).text().writer(), tokenizer_, rule_, seed_,
                                         data_);
}

}  // namespace thaw
