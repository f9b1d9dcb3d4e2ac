// SPDX-License-Identifier: Apache-2.0
// Steps over the kept keys and values.
#include "models/gpt/decoder.h"

#include "autograd/tape.h"
#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {

GptDecoder::GptDecoder(const GptLMHeadModel& model)
    : model_(model),
      device_(model.transformer.scope.store().device()),
      cache_(model.transformer.blocks.size(), device_) {
  for (size_t layer = 0; layer < model.transformer.blocks.size(); ++layer)
    begin_with_prefix(cache_, layer, model.transformer.blocks[layer].attention);
}

int64_t GptDecoder::most_tokens() const {
  return model_.transformer.positions.weight.value().size(0) - model_.transformer.rows_before();
}

Tensor GptDecoder::start(std::span<const std::vector<int32_t>> prompts) {
  std::vector<Encoding> texts;
  for (const std::vector<int32_t>& prompt : prompts) texts.emplace_back().ids = prompt;
  const GptInput tokens = model_.transformer.prompted(GptInput::from_encodings(texts, device_));
  std::vector<int32_t> lengths;
  next_.clear();
  for (int64_t b = 0; b < tokens.count(); ++b) {
    lengths.push_back(tokens.segments.length(b));
    next_.push_back(tokens.positions.host()[static_cast<size_t>(tokens.segments.end(b)) - 1] + 1);
  }
  cache_.start(lengths);
  const std::vector<int32_t> last = tokens.last_rows();
  return run(tokens, &last);
}

Tensor GptDecoder::step(std::span<const int32_t> parents, std::span<const int32_t> ids) {
  check(parents.size() == ids.size(), "GptDecoder: {} tokens for {} rows", ids.size(), parents.size());
  cache_.step(parents);
  std::vector<int32_t> at, next;
  for (const int32_t parent : parents) {
    at.push_back(next_.at(static_cast<size_t>(parent)));
    next.push_back(at.back() + 1);
  }
  next_ = std::move(next);
  GptInput tokens;
  tokens.ids = Indices({ids.begin(), ids.end()}, device_);
  tokens.positions = Indices(std::move(at), device_);
  tokens.segments = cache_.fresh();
  return run(tokens, nullptr);
}

Tensor GptDecoder::run(const GptInput& tokens, const std::vector<int32_t>* last) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(model_.transformer.scope.mode());
  Variable states = model_.transformer.step(tokens, seen_in(cache_));
  if (last) states = take_rows(states, Indices(*last, device_));
  return model_.lm_head(states).value();
}

}  // namespace thaw
