// SPDX-License-Identifier: Apache-2.0
// Draws the tokens of a text that a model has to find again (Devlin et al. 2019; whole words as in BERT's later code).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/text/tokenizer.h"
#include "tensor/random_key.h"

namespace thaw {

// A token that is to be found again.
struct MaskedToken {
  int32_t place;  // in its text
  int32_t truth;  // what it is
  int32_t shown;  // what the model sees there
};

struct MaskRule {
  double probability = 0.15;  // share of the tokens that have a word
  bool whole_words = true;
  int32_t mask_id = 0;
  std::vector<int32_t> others;  // tokens that may stand in another's place

  MaskRule() = default;
  // std::runtime_error if the tokenizer has no mask token.
  MaskRule(double probability, bool whole_words, const Tokenizer& tokenizer);
};

// Words (or tokens) in an order drawn by `key`, as many as fit into that share of the tokens, at least one. Of those
// tokens 80 % are shown as [MASK], 10 % as another token, 10 % as they are. words: as words_of() gives them. In the
// order of the text; nothing if no token has a word.
std::vector<MaskedToken> draw_masks(std::span<const int32_t> ids, std::span<const int32_t> words, const MaskRule& rule,
                                    RandomKey key);

}  // namespace thaw
