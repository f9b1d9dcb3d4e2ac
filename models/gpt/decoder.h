// SPDX-License-Identifier: Apache-2.0
// GPT one token at a time, for models/generation.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/generation/decoder.h"
#include "models/generation/key_value_cache.h"
#include "models/gpt/language_model.h"

namespace thaw {

// Prompts are texts that go on, behind the model's own prompt and prefix, if rules have put them there. Always in
// evaluation mode.
class GptDecoder : public Decoder {
 public:
  // The model must outlive it.
  explicit GptDecoder(const GptLMHeadModel& model);

  int64_t vocab_size() const override { return model_.lm_head.out(); }
  int64_t most_tokens() const override;
  Tensor start(std::span<const std::vector<int32_t>> prompts) override;
  Tensor step(std::span<const int32_t> parents, std::span<const int32_t> ids) override;

 private:
  // Logits of the rows `last` of the new tokens' states; null: of all.
  Tensor run(const GptInput& tokens, const std::vector<int32_t>* last);

  const GptLMHeadModel& model_;
  Device device_;
  KeyValueCache cache_;
  std::vector<int32_t> next_;  // the position that comes next in each row
};

}  // namespace thaw
