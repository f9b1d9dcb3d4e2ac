// SPDX-License-Identifier: Apache-2.0
// Opens a model for masked words.
#include "models/tasks/mlm/model.h"

#include <fmt/format.h>

#include <stdexcept>

#include "models/tasks/mlm/examples.h"
#include "models/tasks/mlm/predictor.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr TextPurpose purpose{"ForMaskedLM", "masked words", false};

std::shared_ptr<const MaskRule> rule_of(const std::string& directory, const MlmOptions& options,
                                        const TextPipeline& text) try {
  return std::make_shared<MaskRule>(options.mlm_probability, !options.token_mask, text.tokenizer());
} catch (const std::runtime_error& error) {
  fail("{}: {}", directory, error.what());
}

}  // namespace

MlmModel::MlmModel(const std::string& directory, const TextPipelineOptions& how, MlmOptions options, FieldNames called)
    : MlmModel(std::make_shared<TextPipeline>(directory, purpose, how,
                                              [](TextCheckpoint& checkpoint) { checkpoint.source().carry_body(); }),
               nullptr, how.seed, std::move(options), std::move(called)) {
  rule_ = rule_of(directory, options_, *text_);
}

MlmModel::MlmModel(const MlmModel& like, const Device& dry)
    : MlmModel(std::make_shared<TextPipeline>(*like.text_, dry), like.rule_, like.seed_, like.options_, like.called_) {}

MlmModel::MlmModel(std::shared_ptr<TextPipeline> text, std::shared_ptr<const MaskRule> rule, uint64_t seed,
                   MlmOptions options, FieldNames called)
    : TextTaskModel(text),
      text_(std::move(text)),
      rule_(std::move(rule)),
      seed_(seed),
      options_(std::move(options)),
      called_(std::move(called)) {}

std::string MlmModel::description() const {
  return fmt::format("masked words ({:.6g} % of a text's tokens, {})", 100 * rule_->probability,
                     rule_->whole_words ? "whole words" : "one by one");
}

std::unique_ptr<Examples> MlmModel::read(const std::string& file) {
  return std::make_unique<MlmExamples>(*text_, rule_, seed_, read_texts_to_mask(text_->encoder(), file, options_));
}

std::unique_ptr<Examples> MlmModel::longest(int64_t count) {
  return std::make_unique<MlmExamples>(*text_, rule_, seed_, made_up_texts_to_mask(text_->encoder(), count));
}

std::unique_ptr<Predictor> MlmModel::predictor(const PredictionRequest& request) {
  return std::make_unique<MlmPredictor>(*text_, options_, request, called_);
}

Fingerprint MlmModel::identity() const {
  Fingerprint identity = TextTaskModel::identity();
  identity["masked words"] = description();
  return identity;
}

}  // namespace thaw
