// SPDX-License-Identifier: Apache-2.0
// Largest logits and cross-entropies.
#include "models/judged_rows.h"

#include "tensor/ops.h"

namespace thaw {

JudgedRows judge_rows(const Tensor& logits, const Indices& truths) {
  return {argmax(logits).to_host<int32_t>(),
          cross_entropy(logits, truths, CrossEntropy{}, false).losses.to_host<float>()};
}

}  // namespace thaw
