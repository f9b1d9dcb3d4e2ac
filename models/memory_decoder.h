// SPDX-License-Identifier: Apache-2.0
// The decoder of an encoder-decoder, of any family, one token at a time: the memory's keys and values are made once,
// those of the tokens are kept (generation/key_value_cache.h). V tokens of the vocabulary, C channels.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/decoder_memory.h"
#include "models/generation/decoder.h"
#include "models/generation/key_value_cache.h"

namespace thaw {

// Prompts are what targets begin with: the start token, and more where a target's beginning is given. Always in
// evaluation mode.
class MemoryDecoder : public Decoder {
 public:
  int64_t vocab_size() const override { return vocab_size_; }
  Tensor start(std::span<const std::vector<int32_t>> prompts) override;
  Tensor step(std::span<const int32_t> parents, std::span<const int32_t> ids) override;

 protected:
  // mode: of the model, on whose device all is computed; selfs: the self-attention of each layer, whose prefixes stand
  // before all texts.
  MemoryDecoder(Mode& mode, Device device, int64_t vocab_size, std::span<const MultiHeadAttention* const> selfs);
  // Before start(): of each layer, for sources in the order of the prompts.
  void read_memory(std::vector<KeysAndValues> memory);

  // The new tokens' hidden states [T, C], with the keys and values that `seen` keeps and gives.
  virtual Variable states(const DecoderStep& tokens, const SeenKeysOfLayer& seen,
                          std::span<const KeysAndValues> memory) const = 0;
  virtual Variable logits(const Variable& states) const = 0;  // [R, C] -> [R, V]

 private:
  // Logits of the rows `last` of the new tokens' states. sharers: how many new tokens read each source.
  Tensor run(const std::vector<int32_t>& ids, const std::vector<int32_t>& positions,
             const std::vector<int32_t>& sharers, const std::vector<int32_t>* last);

  Mode& mode_;
  Device device_;
  int64_t vocab_size_;
  std::vector<KeysAndValues> memory_;  // of each layer
  KeyValueCache cache_;
  std::vector<int32_t> sources_, lengths_;  // of each row
};

}  // namespace thaw
