// SPDX-License-Identifier: Apache-2.0
// Cosines of vectors, and what is learnt from them. B pairs, C numbers a vector.
#pragma once

#include "autograd/variable.h"

namespace thaw {

struct Contrast {
  double scale = 20;
  bool symmetric = false;  // the mean of both directions
};
// Of texts first [B, C] and second [N, C], N >= B: row b of both are partners, all other rows of `second` are not. The
// sum over b of the cross-entropy of softmax(scale cos(first b, second ...)) at b, divided by `count` (0: by B). The
// other direction asks rows 0..B - 1 of `second` for theirs among `first`. (Henderson et al. 2017; InfoNCE.)
Variable contrastive_loss(const Variable& first, const Variable& second, const Contrast& contrast, double count = 0);

Variable cosines(const Variable& first, const Variable& second);  // [B, C] twice -> [B]

}  // namespace thaw
