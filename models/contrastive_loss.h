// SPDX-License-Identifier: Apache-2.0
// What is learnt from pairs of things, whatever they are: texts, pictures, sounds. B pairs, C numbers a vector.
#pragma once

#include "autograd/variable.h"

namespace thaw {

// Each row divided by its length; a row of zeros stays.
Variable unit_vectors(const Variable& rows);  // [R, C]

// logits [B, N], N >= B, of B things and N others: partners are row b and column b. The cross-entropy of each row's
// softmax at its partner, added up and divided by `count` (0: by B). -> []
Variable partner_loss(const Variable& logits, double count = 0);
// The mean of that and of the same for the first B columns, whose partners are among the rows (Radford et al. 2021).
Variable contrastive_loss(const Variable& logits, double count = 0);

}  // namespace thaw
