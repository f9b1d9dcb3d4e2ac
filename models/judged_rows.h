// SPDX-License-Identifier: Apache-2.0
// What logits say of each row, beside the truth.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/indices.h"
#include "tensor/tensor.h"

namespace thaw {

struct JudgedRows {
  std::vector<int32_t> likeliest;  // [R]
  std::vector<float> losses;       // [R]: -log p(truth)
};

// logits [R, V], truths [R].
JudgedRows judge_rows(const Tensor& logits, const Indices& truths);

}  // namespace thaw
