// SPDX-License-Identifier: Apache-2.0
// Puts model, examples and predictor together.
#include "models/tasks/text2text/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>

#include "models/tasks/text2text/evaluation.h"
#include "models/tasks/text2text/mixture_examples.h"
#include "models/tasks/text2text/predictor.h"

namespace thaw {

Text2TextModel::Text2TextModel(const std::string& directory, const TextToTextOptions& how, Text2TextOptions options,
                               FieldNames called)
    : text_(std::make_shared<TextToText>(directory, how)),
      seed_(how.opening.seed),
      options_(std::move(options)),
      called_(std::move(called)) {
  check_options(text_->generation(options_), text_->writer().limits().vocab_size);
}

Text2TextModel::Text2TextModel(const Text2TextModel& like, const Device& dry)
    : text_(std::make_shared<TextToText>(*like.text_, dry)),
      seed_(like.seed_),
      options_(like.options_),
      called_(like.called_) {}

std::string Text2TextModel::description() const {
  return fmt::format("texts for texts (of at most {} tokens for {})", text_->targets().max_length(),
                     text_->sources().max_length());
}

std::vector<std::string> Text2TextModel::metric_names() const {
  return options_.mixture.empty() ? text2text_metric_names()
                                  : mixture_metric_names(read_mixture_table(options_.mixture));
}

std::unique_ptr<Text2TextExamples> Text2TextModel::examples_of(
    std::shared_ptr<const Text2TextExamples::Data> data) const {
  return std::make_unique<Text2TextExamples>(*text_, std::move(data), text_->generation(options_),
                                             options_.label_smoothing);
}

std::unique_ptr<Examples> Text2TextModel::read(const std::string& file) {
  if (file != options_.mixture) return examples_of(read_sources_and_targets(*text_, file, options_));
  auto mixture = std::make_shared<const MixtureRows>(read_mixture(*text_, read_mixture_table(file), options_, false));
  return std::make_unique<MixtureExamples>(mixture, examples_of(mixture->rows), draws_of(*mixture, options_, seed_));
}

std::unique_ptr<Examples> Text2TextModel::own_validation() {
  auto mixture =
      std::make_shared<const MixtureRows>(read_mixture(*text_, read_mixture_table(options_.mixture), options_, true));
  return std::make_unique<MixtureExamples>(mixture, examples_of(mixture->rows), std::nullopt);
}

std::unique_ptr<Examples> Text2TextModel::longest(int64_t count) {
  return examples_of(made_up_sources_and_targets(*text_, count));
}

std::unique_ptr<Predictor> Text2TextModel::predictor(const PredictionRequest& request) {
  return std::make_unique<Text2TextPredictor>(*text_, options_, request, called_);
}

Fingerprint Text2TextModel::identity() const {
  Fingerprint identity = text_->identity();
  identity["label_smoothing"] = fmt::format("{}", options_.label_smoothing);
  return identity;
}

Fingerprint Text2TextModel::judging_identity() const {
  const GenerationOptions g = text_->generation(options_);
  return {{"max_new_tokens", fmt::format("{}", g.max_new_tokens)},
          {"min_new_tokens", fmt::format("{}", g.min_new_tokens)},
          {"end tokens", fmt::format("{}", fmt::join(g.end_ids, " "))},
          {"num_beams", fmt::format("{}", g.num_beams)},
          {"length_penalty", fmt::format("{}", g.length_penalty)},
          {"early_stopping", fmt::format("{}", static_cast<int>(g.early_stopping))},
          {"no_repeat_ngram_size", fmt::format("{}", g.no_repeat_ngram_size)},
          {"repetition_penalty", fmt::format("{}", g.repetition_penalty)},
          {"bad_words_ids", fmt::format("{}", fmt::join(g.bad_words_ids, " "))},
          {"suppress_tokens", fmt::format("{}", fmt::join(g.suppress_tokens, " "))},
          {"begin_suppress_tokens", fmt::format("{}", fmt::join(g.begin_suppress_tokens, " "))},
          {"forced_bos_token_id", fmt::format("{}", g.forced_bos_token_id.value_or(-1))},
          {"forced_eos_token_id", fmt::format("{}", g.forced_eos_token_id.value_or(-1))}};
}

}  // namespace thaw
