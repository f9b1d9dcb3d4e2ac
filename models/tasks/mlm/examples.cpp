// SPDX-License-Identifier: Apache-2.0
// Losses and scores of masked words.
#include "models/tasks/mlm/examples.h"

#include "models/packed_text.h"
#include "models/tasks/checksum.h"
#include "models/tasks/epoch_draws.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/mlm/model.h"
#include "models/tasks/token_evaluation.h"

namespace thaw {

// Texts as the model sees them, and where in all of them the masked tokens are.
struct MlmExamples::Batch {
  std::vector<Encoding> texts;
  HiddenTokens hidden;

  Batch(const MlmExamples& of, std::span<const int64_t> examples, int64_t epoch) {
    const std::vector<std::vector<int32_t>>& words = of.data_->words;
    int32_t before = 0;
    for (const int64_t example : examples) {
      Encoding& text = texts.emplace_back(of.data_->texts[example]);
      const std::vector<MaskedToken> masks = of.masks(example, epoch);
      for (const MaskedToken& mask : masks) {
        const auto place = static_cast<size_t>(mask.place);
        text.ids[place] = mask.shown;
        hidden.tokens.push_back(before + mask.place);
        hidden.truths.push_back(mask.truth);
        hidden.words.push_back(words.empty() ? mask.place : words[static_cast<size_t>(example)][place]);
      }
      hidden.counts.push_back(masks.size());
      before += static_cast<int32_t>(text.size());
    }
  }
  Variable logits(const TextPipeline& model) const { return model.outputs_at(pointers_to(texts), hidden.tokens); }
};

std::vector<MaskedToken> MlmExamples::masks(int64_t example, int64_t epoch) const {
  const auto at = static_cast<size_t>(example);
  if (!data_->fixed.empty()) return data_->fixed[at];
  return draw_masks(data_->texts[example].ids, data_->words[at], *rule_, epoch_key(seed_, epoch, example));
}

double MlmExamples::terms(std::span<const int64_t> examples) const {
  size_t count = 0;
  for (const int64_t example : examples) count += masks(example, epoch_).size();
  return static_cast<double>(count);
}

Variable MlmExamples::loss(std::span<const int64_t> examples, double count) const {
  const Batch batch(*this, examples, epoch_);
  return model_.loss_at(pointers_to(batch.texts), batch.hidden.tokens, batch.hidden.truths, count);
}

KeptTexts MlmExamples::keep_frozen(std::span<const int64_t> examples, const Keeping& how) {
  const bool changing = !how.evaluated && data_->fixed.empty();
  const Batch batch(*this, changing ? std::span<const int64_t>() : examples, judging_epoch);
  KeptTexts kept = model_.keep_frozen(pointers_to(batch.texts), how);
  if (changing && !kept.part.empty()) kept.changing = "other words of the texts are masked in each epoch";
  return kept;
}

std::vector<float> MlmExamples::outputs(std::span<const int64_t> examples) const {
  return Batch(*this, examples, judging_epoch).logits(model_).value().to_host<float>();
}

std::unique_ptr<Evaluation> MlmExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<JudgedTokens> said(examples.size());
  const auto run = [&](std::span<const int64_t> numbers, std::span<const int64_t> places) {
    const Batch batch(*this, numbers, judging_epoch);
    return batch.hidden.judge(batch.logits(model_).value(), places, said);
  };
  evaluate_in_batches(model_.store(), *this, examples, run);
  return std::make_unique<TokenEvaluation>(model_.tokenizer(), std::move(said));
}

ShownExample MlmExamples::show(int64_t example) const {
  const Tokenizer& tokenizer = model_.tokenizer();
  ShownExample shown = data_->texts.show(example, tokenizer);
  for (const MaskedToken& mask : masks(example, epoch_))
    shown.tokens[static_cast<size_t>(mask.place)] = {tokenizer.token(mask.shown), true, tokenizer.token(mask.truth)};
  return shown;
}

Fingerprint MlmExamples::identity() const { return {{"texts, as token ids", checksum_text(data_->texts.checksum())}}; }

std::unique_ptr<Examples> MlmExamples::read_by(TaskModel& other) const {
  return std::make_unique<MlmExamples>(dynamic_cast<MlmModel&>(other).text(), rule_, seed_, data_);
}

}  // namespace thaw
