// SPDX-License-Identifier: Apache-2.0
// Puts model, examples and predictor together.
#include "models/tasks/text2text/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "models/tasks/text2text/evaluation.h"
#include "models/tasks/text2text/mixture_examples.h"
#include "models/tasks/text2text/predictor.h"
#include "models/tasks/text2text/source_rows.h"

namespace thaw {

Text2TextModel::Text2TextModel(const std::string& directory, const TextToTextOptions& how, Text2TextOptions options,
                               FieldNames called, std::shared_ptr<TokenizedTargets> targets)
    : text_(std::make_shared<TextToText>(directory, how)),
      seed_(how.opening.seed),
      options_(std::move(options)),
      targets_(std::move(targets)),
      called_(std::move(called)) {
  check_source_prefix(text_->sources(), options_.source_prefix);
  Text2TextOptions judging = options_;
  judging.generation.do_sample = false;
  judging.generation.num_return_sequences = 1;
  for (auto* of_sampling : {&judging.generation.temperature, &judging.generation.top_p, &judging.generation.min_p})
    of_sampling->reset();
  judging.generation.top_k.reset();
  judging_ = {text_->writing(judging, called_), options_.labels()};
}

Text2TextModel::Text2TextModel(const Text2TextModel& like, const Device& dry)
    : text_(std::make_shared<TextToText>(*like.text_, dry)),
      seed_(like.seed_),
      options_(like.options_),
      targets_(like.targets_),
      called_(like.called_),
      judging_(like.judging_) {}

std::string Text2TextModel::description() const {
  return fmt::format("texts for texts (of at most {} tokens for {})", text_->targets().max_length(),
                     text_->sources().max_length());
}

std::vector<std::string> Text2TextModel::metric_names() const {
  return options_.mixture.empty() ? text2text_metric_names(!judging_.labels.empty())
                                  : mixture_metric_names(read_mixture_table(options_.mixture, options_));
}

std::unique_ptr<Text2TextExamples> Text2TextModel::examples_of(
    std::shared_ptr<const Text2TextExamples::Data> data) const {
  return std::make_unique<Text2TextExamples>(*text_, std::move(data), judging_, options_.label_smoothing);
}

std::unique_ptr<Examples> Text2TextModel::read(const std::string& file) {
  if (file != options_.mixture) return examples_of(read_sources_and_targets(*text_, file, options_, *targets_));
  auto mixture = std::make_shared<const MixtureRows>(
      read_mixture(*text_, read_mixture_table(file, options_), options_, targets_.get()));
  return std::make_unique<MixtureExamples>(mixture, examples_of(mixture->rows), draws_of(*mixture, options_, seed_));
}

std::unique_ptr<Examples> Text2TextModel::own_validation() {
  auto mixture = std::make_shared<const MixtureRows>(
      read_mixture(*text_, read_mixture_table(options_.mixture, options_), options_, nullptr));
  return std::make_unique<MixtureExamples>(mixture, examples_of(mixture->rows), std::nullopt);
}

std::unique_ptr<Examples> Text2TextModel::longest(int64_t count) {
  return examples_of(made_up_sources_and_targets(*text_, count));
}

std::unique_ptr<Predictor> Text2TextModel::predictor(const PredictionRequest& request) {
  return std::make_unique<Text2TextPredictor>(*text_, options_, request, called_);
}

std::vector<std::string> Text2TextModel::warnings() const { return text_->warnings(options_, called_); }

Fingerprint Text2TextModel::identity() const {
  Fingerprint identity = text_->identity();
  identity["label_smoothing"] = fmt::format("{}", options_.label_smoothing);
  return identity;
}

Fingerprint Text2TextModel::judging_identity() const {
  const GenerationOptions& g = judging_.writing.options;
  return {{"max_new_tokens", fmt::format("{}", g.max_new_tokens)},
          {"min_new_tokens", fmt::format("{}", g.min_new_tokens)},
          {"end tokens", fmt::format("{}", fmt::join(g.end_ids, " "))},
          {"num_beams", fmt::format("{}", g.num_beams)},
          {"length_penalty", fmt::format("{}", g.length_penalty)},
          {"early_stopping", fmt::format("{}", static_cast<int>(g.early_stopping))},
          {"no_repeat_ngram_size", fmt::format("{}", g.no_repeat_ngram_size)},
          {"repetition_penalty", fmt::format("{}", g.repetition_penalty)},
          {"label words", fmt::format("{}", fmt::join(judging_.labels, "\n"))},
          {"bad_words_ids", fmt::format("{}", fmt::join(g.bad_words_ids, " "))},
          {"suppress_tokens", fmt::format("{}", fmt::join(g.suppress_tokens, " "))},
          {"begin_suppress_tokens", fmt::format("{}", fmt::join(g.begin_suppress_tokens, " "))},
          {"forced_bos_token_id", fmt::format("{}", g.forced_bos_token_id.value_or(-1))},
          {"forced_eos_token_id", fmt::format("{}", g.forced_eos_token_id.value_or(-1))}};
}

}  // namespace thaw
