// SPDX-License-Identifier: Apache-2.0
// T5's decoder, one token at a time, for models/generation.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "models/generation/decoder.h"
#include "models/generation/key_value_cache.h"
#include "models/packed_text.h"
#include "models/t5/t5.h"

namespace thaw {

// Prompts are what targets begin with: the start token, and more where a target's beginning is given. Always in
// evaluation mode.
class T5Decoder : public Decoder {
 public:
  // Encodes the sources, one for each prompt, and makes the keys and values that the decoder reads of them. The model
  // must outlive it.
  T5Decoder(const T5ForConditionalGeneration& model, const PackedText& sources);
  // The same of sources that were encoded before.
  T5Decoder(const T5ForConditionalGeneration& model, const T5Memory& memory);

  int64_t vocab_size() const override { return vocab_size_; }
  int64_t most_tokens() const override { return std::numeric_limits<int64_t>::max(); }
  Tensor start(std::span<const std::vector<int32_t>> prompts) override;
  Tensor step(std::span<const int32_t> parents, std::span<const int32_t> ids) override;

 private:
  // Logits of the rows `last` of the new tokens' states. sharers: how many new tokens read each source.
  Tensor run(const std::vector<int32_t>& ids, const std::vector<int32_t>& sharers, const std::vector<int32_t>* last);

  const T5ForConditionalGeneration& model_;
  int64_t vocab_size_;
  Device device_;
  std::vector<KeysAndValues> memory_;  // of each layer
  KeyValueCache cache_;
  std::vector<int32_t> sources_;  // of each row
};

}  // namespace thaw
