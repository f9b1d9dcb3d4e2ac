// SPDX-License-Identifier: Apache-2.0
// What can be decoded from, whatever its family: rows of tokens that grow by one token a step. V tokens of the
// vocabulary, B prompts, R rows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/tensor.h"

namespace thaw {

// A prompt is what a row begins with: a text that goes on, or of an encoder-decoder the start token and what its target
// must begin with. The decoder is made for the prompts' sources, in the same order.
class Decoder {
 public:
  virtual ~Decoder() = default;
  virtual int64_t vocab_size() const = 0;  // V
  // The most tokens of a row, its prompt included; INT64_MAX: any number.
  virtual int64_t most_tokens() const = 0;

  // Logits f32 [B, V] of the token that comes after each prompt; none is empty. One row for each prompt then lives.
  virtual Tensor start(std::span<const std::vector<int32_t>> prompts) = 0;
  // Row r of the next step is row parents[r] of the last one with the token ids[r] behind it. A row may go on as
  // several; one that is no parent is dropped. Parents ascend by prompt: rows of one prompt stay side by side. Logits
  // f32 [R, V] of the token that comes then.
  virtual Tensor step(std::span<const int32_t> parents, std::span<const int32_t> ids) = 0;
};

}  // namespace thaw
