// SPDX-License-Identifier: Apache-2.0
// Opens a model for pretraining.
#include "models/tasks/pretraining/model.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "models/tasks/mlm/predictor.h"
#include "models/tasks/pretraining/examples.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr TextPurpose words_and_pairs{"ForPreTraining", "masked words and next sentences", false};
constexpr TextPurpose words_alone{"ForMaskedLM", "masked words", false};

std::shared_ptr<const MaskRule> rule_of(const std::string& directory, const MlmOptions& options,
                                        const TextPipeline& text) try {
  return std::make_shared<MaskRule>(options.mlm_probability, !options.token_mask, text.tokenizer());
} catch (const std::runtime_error& error) {
  fail("{}: {}", directory, error.what());
}

}  // namespace

PretrainingModel::PretrainingModel(const std::string& directory, const TextPipelineOptions& how,
                                   const PretrainingOptions& options, FieldNames called)
    : PretrainingModel(
          std::make_shared<TextPipeline>(directory, options.in_pairs() ? words_and_pairs : words_alone, how,
                                         [](TextCheckpoint& checkpoint) { checkpoint.source().carry_body(); }),
          nullptr, how.seed, options, std::move(called)) {
  rule_ = rule_of(directory, options_.masks, *text_);
}

PretrainingModel::PretrainingModel(const PretrainingModel& like, const Device& dry)
    : PretrainingModel(std::make_shared<TextPipeline>(*like.text_, dry), like.rule_, like.seed_, like.options_,
                       like.called_) {}

PretrainingModel::PretrainingModel(std::shared_ptr<TextPipeline> text, std::shared_ptr<const MaskRule> rule,
                                   uint64_t seed, PretrainingOptions options, FieldNames called)
    : TextTaskModel(text),
      text_(std::move(text)),
      rule_(std::move(rule)),
      seed_(seed),
      options_(std::move(options)),
      called_(std::move(called)) {}

std::vector<std::string> PretrainingModel::metric_names(const PretrainingOptions& options) {
  std::vector<std::string> names{"accuracy", "word_accuracy"};
  if (options.in_pairs()) names.emplace_back("next_sentence_accuracy");
  names.insert(names.end(), {"loss", "perplexity"});
  return names;
}

std::string PretrainingModel::description() const {
  return fmt::format("masked words ({:.6g} % of a text's tokens, {}){}", 100 * rule_->probability,
                     rule_->whole_words ? "whole words" : "one by one",
                     options_.in_pairs() ? " and next sentences" : "");
}

std::unique_ptr<Examples> PretrainingModel::examples_of(std::shared_ptr<const PretrainingTexts::Data> data) {
  return std::make_unique<PretrainingExamples>(*text_, PretrainingTexts(std::move(data), rule_, seed_));
}

std::unique_ptr<Examples> PretrainingModel::read(const std::string& file) {
  return examples_of(read_texts_to_pretrain(text_->encoder(), file, options_));
}

std::unique_ptr<Examples> PretrainingModel::longest(int64_t count) {
  return examples_of(made_up_texts_to_pretrain(text_->encoder(), count, *rule_, options_.in_pairs()));
}

std::unique_ptr<Predictor> PretrainingModel::predictor(const PredictionRequest& request) {
  return std::make_unique<MlmPredictor>(*text_, options_.masks, request, called_);
}

Fingerprint PretrainingModel::identity() const {
  Fingerprint identity = TextTaskModel::identity();
  identity["masked words"] = description();
  return identity;
}

}  // namespace thaw
