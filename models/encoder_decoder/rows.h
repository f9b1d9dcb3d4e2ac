// SPDX-License-Identifier: Apache-2.0
// The decoder of an encoder-decoder, one token at a time, for models/generation.
#pragma once

#include <cstdint>
#include <span>

#include "models/encoder_decoder/encoder_decoder.h"
#include "models/memory_decoder.h"

namespace thaw {

class EncoderDecoderRows : public MemoryDecoder {
 public:
  // Of sources that were encoded, one for each prompt. The model must outlive it.
  EncoderDecoderRows(const EncoderDecoderModel& model, const EncoderMemory& memory);

  int64_t most_tokens() const override;  // the decoder's positions but for those of a prefix

 private:
  Variable states(const DecoderStep& tokens, const SeenKeysOfLayer& seen,
                  std::span<const KeysAndValues> memory) const override;
  Variable logits(const Variable& states) const override { return model_.predictions(states); }

  const EncoderDecoderModel& model_;
};

}  // namespace thaw
