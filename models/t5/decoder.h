// SPDX-License-Identifier: Apache-2.0
// T5's decoder, one token at a time, for models/generation.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "models/memory_decoder.h"
#include "models/packed_text.h"
#include "models/t5/t5.h"

namespace thaw {

class T5Decoder : public MemoryDecoder {
 public:
  // Encodes the sources, one for each prompt, and makes the keys and values that the decoder reads of them. The model
  // must outlive it.
  T5Decoder(const T5ForConditionalGeneration& model, const PackedText& sources);
  // The same of sources that were encoded before.
  T5Decoder(const T5ForConditionalGeneration& model, const EncoderMemory& memory);

  int64_t most_tokens() const override { return std::numeric_limits<int64_t>::max(); }

 private:
  Variable states(const DecoderStep& tokens, const SeenKeysOfLayer& seen,
                  std::span<const KeysAndValues> memory) const override;
  Variable logits(const Variable& states) const override { return model_.lm_head(states); }

  const T5ForConditionalGeneration& model_;
};

}  // namespace thaw
