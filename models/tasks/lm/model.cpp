// SPDX-License-Identifier: Apache-2.0
// Opens a model for what comes next.
#include "models/tasks/lm/model.h"

#include <fmt/format.h>

#include "models/tasks/lm/examples.h"
#include "models/tasks/lm/predictor.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr TextPurpose purpose{"LMHeadModel", "what comes next", false};

}  // namespace

LmModel::LmModel(const std::string& directory, const TextPipelineOptions& how, LmOptions options, FieldNames called)
    : LmModel(std::make_shared<TextPipeline>(directory, purpose, how), std::move(options), std::move(called)) {
  const int64_t length = text_->max_length();
  check(length >= 2, "{} {}: leaves no room for a token and the one before it", called_("max_length"), length);
  check(options_.stride < length, "{} {}: windows have {} tokens, and must have less in common", called_("stride"),
        options_.stride, length);
}

LmModel::LmModel(const LmModel& like, const Device& dry)
    : LmModel(std::make_shared<TextPipeline>(*like.text_, dry), like.options_, like.called_) {}

LmModel::LmModel(std::shared_ptr<TextPipeline> text, LmOptions options, FieldNames called)
    : TextTaskModel(text), text_(std::move(text)), options_(std::move(options)), called_(std::move(called)) {}

std::string LmModel::description() const {
  if (options_.prompt_column.empty()) return "what comes next";
  return fmt::format("what comes next ({} behind {}{})", options_.text_column, options_.prompt_column,
                     options_.mask_prompt.value_or(true) ? ", which is read alone" : ", which is learnt, too");
}

std::unique_ptr<Examples> LmModel::read(const std::string& file) {
  return std::make_unique<LmExamples>(*text_, read_lm_texts(LmEncoder(text_->encoder(), options_), file, options_));
}

std::unique_ptr<Examples> LmModel::longest(int64_t count) {
  return std::make_unique<LmExamples>(*text_, made_up_lm_texts(text_->encoder(), count));
}

std::unique_ptr<Predictor> LmModel::predictor(const PredictionRequest& request) {
  return std::make_unique<LmPredictor>(*text_, options_, request, called_);
}

}  // namespace thaw
