// SPDX-License-Identifier: Apache-2.0
// What a classifier of texts gives of one pass through its body, if that body reads from left to right: classes, and
// how well the body still says words. B texts, L labels.
#pragma once

#include "autograd/variable.h"

namespace thaw {

struct ClassesAndWords {
  Variable logits;      // [B, L]
  Variable words_loss;  // []: of next tokens
};

}  // namespace thaw
