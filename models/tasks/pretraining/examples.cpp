// SPDX-License-Identifier: Apache-2.0
// Losses and scores of pretraining.
#include "models/tasks/pretraining/examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "autograd/functions.h"
#include "models/judged_rows.h"
#include "models/packed_text.h"
#include "models/tasks/checksum.h"
#include "models/tasks/epoch_draws.h"
#include "models/tasks/evaluation.h"
#include "models/tasks/pretraining/evaluation.h"
#include "models/tasks/pretraining/model.h"
#include "models/tasks/two_counts.h"

namespace thaw {

// Texts as the model sees them, what is masked in them, and whose second follows.
struct PretrainingExamples::Batch {
  std::vector<Encoding> texts;
  HiddenTokens hidden;
  std::vector<int32_t> relations;

  Batch(const PretrainingExamples& of, std::span<const int64_t> examples, int64_t epoch) {
    int32_t before = 0;
    for (const int64_t example : examples) {
      PretrainingText drawn = of.texts_.drawn(example, epoch);
      for (const MaskedToken& mask : drawn.masks) {
        const auto place = static_cast<size_t>(mask.place);
        drawn.text.ids[place] = mask.shown;
        hidden.tokens.push_back(before + mask.place);
        hidden.truths.push_back(mask.truth);
        hidden.words.push_back(drawn.words[place]);
      }
      hidden.counts.push_back(drawn.masks.size());
      relations.push_back(drawn.relation);
      before += static_cast<int32_t>(drawn.text.size());
      texts.push_back(std::move(drawn.text));
    }
  }
};

PretrainingExamples::PretrainingExamples(TextPipeline& model, PretrainingTexts texts)
    : model_(model),
      in_pairs_(texts.data().in_pairs ? &dynamic_cast<const NextSentenceModel&>(model.model()) : nullptr),
      texts_(std::move(texts)),
      lengths_(texts_.lengths(epoch_)) {}

void PretrainingExamples::begin_epoch(int64_t epoch) {
  epoch_ = epoch;
  std::ranges::copy(texts_.lengths(epoch), lengths_.begin());  // in place: who looks at them goes on to
}

void PretrainingExamples::draw_among(std::span<const int64_t> which) {
  texts_.draw_among(which);
  begin_epoch(epoch_);
}

double PretrainingExamples::terms(std::span<const int64_t> examples) const {
  TwoCounts counts;
  for (const int64_t example : examples) {
    const PretrainingText text = texts_.drawn(example, epoch_);
    counts.first += std::ssize(text.masks);
    counts.second += text.relation != no_relation;
  }
  return counts.in_one();
}

Variable PretrainingExamples::loss(std::span<const int64_t> examples, double count) const {
  const Batch batch(*this, examples, epoch_);
  const std::vector<const Encoding*> texts = pointers_to(batch.texts);
  if (!in_pairs_) return model_.loss_at(texts, batch.hidden.tokens, batch.hidden.truths, count);
  const TwoCounts counts = TwoCounts::of(count);
  return in_pairs_->loss(texts, {batch.hidden.tokens, batch.hidden.truths, batch.relations},
                         {static_cast<double>(counts.first), static_cast<double>(counts.second)});
}

std::vector<float> PretrainingExamples::outputs(std::span<const int64_t> examples) const {
  const Batch batch(*this, examples, judging_epoch);
  const std::vector<const Encoding*> texts = pointers_to(batch.texts);
  if (!in_pairs_) return model_.outputs_at(texts, batch.hidden.tokens).value().to_host<float>();
  const NextSentenceModel::Logits logits = in_pairs_->logits(texts, batch.hidden.tokens);
  std::vector<float> numbers = logits.words.value().to_host<float>();
  const std::vector<float> of_pairs = logits.next_sentence.value().to_host<float>();
  numbers.insert(numbers.end(), of_pairs.begin(), of_pairs.end());
  return numbers;
}

KeptTexts PretrainingExamples::keep_frozen(std::span<const int64_t> examples, const Keeping& how) {
  const bool changing = !how.evaluated && documents();
  const Batch batch(*this, changing ? std::span<const int64_t>() : examples, judging_epoch);
  KeptTexts kept = model_.keep_frozen(pointers_to(batch.texts), how);
  if (changing && !kept.part.empty()) kept.changing = "other words of the texts are masked in each epoch";
  return kept;
}

std::unique_ptr<Evaluation> PretrainingExamples::evaluate(std::span<const int64_t> examples) const {
  std::vector<JudgedTokens> said(examples.size());
  std::vector<JudgedPair> pairs(examples.size());
  const auto run = [&](std::span<const int64_t> numbers, std::span<const int64_t> places) {
    const Batch batch(*this, numbers, judging_epoch);
    const std::vector<const Encoding*> texts = pointers_to(batch.texts);
    if (!in_pairs_) return batch.hidden.judge(model_.outputs_at(texts, batch.hidden.tokens).value(), places, said);
    const NextSentenceModel::Logits logits = in_pairs_->logits(texts, batch.hidden.tokens);
    const Tensor& relations = logits.next_sentence.value();
    const JudgedRows judged = judge_rows(relations, Indices(batch.relations, relations.device()));
    for (size_t i = 0; i < places.size(); ++i)
      pairs[static_cast<size_t>(places[i])] = {batch.relations[i], judged.likeliest[i],
                                               static_cast<double>(judged.losses[i])};
    return batch.hidden.judge(logits.words.value(), places, said);
  };
  evaluate_in_batches(model_.store(), *this, texts_.lengths(judging_epoch), examples, run, 1);
  TokenEvaluation words(model_.tokenizer(), std::move(said));
  if (!in_pairs_) return std::make_unique<TokenEvaluation>(std::move(words));
  return std::make_unique<PretrainingEvaluation>(std::move(words), std::move(pairs));
}

ShownExample PretrainingExamples::show(int64_t example) const {
  const Tokenizer& tokenizer = model_.tokenizer();
  const PretrainingText text = texts_.drawn(example, epoch_);
  ShownExample shown;
  if (documents())
    shown.where = fmt::format("{}:{}", documents()->file(), documents()->pieces()[static_cast<size_t>(example)].line);
  shown.text = tokenizer.decode(text.text.ids);
  for (const int32_t id : text.text.ids) shown.tokens.push_back({tokenizer.token(id)});
  for (const MaskedToken& mask : text.masks)
    shown.tokens[static_cast<size_t>(mask.place)] = {tokenizer.token(mask.shown), true, tokenizer.token(mask.truth)};
  if (text.relation != no_relation) shown.truth = text.relation == is_next ? "next" : "not next";
  return shown;
}

uint64_t PretrainingExamples::kin(int64_t example) const {
  if (!documents()) return static_cast<uint64_t>(example);
  return documents()->pieces()[static_cast<size_t>(example)].kin;
}

std::vector<std::string> PretrainingExamples::notes() const {
  return documents() ? documents()->notes() : std::vector<std::string>();
}

Fingerprint PretrainingExamples::identity() const {
  return {{"texts, as token ids", checksum_text(documents() ? documents()->checksum() : 0)}};
}

std::unique_ptr<Examples> PretrainingExamples::read_by(TaskModel& other) const {
  return std::make_unique<PretrainingExamples>(dynamic_cast<PretrainingModel&>(other).text(), texts_);
}

}  // namespace thaw
