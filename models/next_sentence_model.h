// SPDX-License-Identifier: Apache-2.0
// What a TextModel offers beside, if it also says of pairs of texts whether the second follows the first: BERT as it is
// pretrained (Devlin et al. 2019). A TextModel with such a head is one of these, too.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "autograd/variable.h"
#include "models/text/encoding.h"

namespace thaw {

class NextSentenceModel {
 public:
  struct Logits {
    Variable words;          // [R, V]: of some tokens, numbered through all texts
    Variable next_sentence;  // [B, 2]: class 0: the second text follows the first; 1: it does not
  };
  // What is true of a batch: the words [R] of those tokens, which may be none, and the class of each text [B], -100
  // where there is none.
  struct Truths {
    std::vector<int32_t> tokens, words, next_sentence;
  };
  // What the losses of both heads are divided by: parts of a step that are given the step's add up.
  struct Counts {
    double words, pairs;
  };

  virtual ~NextSentenceModel() = default;
  // Of one pass.
  virtual Logits logits(std::span<const Encoding* const> texts, const std::vector<int32_t>& tokens) const = 0;
  // The sum of both losses [].
  virtual Variable loss(std::span<const Encoding* const> texts, const Truths& truths, const Counts& counts) const = 0;
};

}  // namespace thaw
