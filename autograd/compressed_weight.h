// SPDX-License-Identifier: Apache-2.0
// Frozen weights in fewer bytes, as QLoRA (Dettmers et al. 2023) and LLM.int8 (Dettmers et al. 2022) keep them, and
// products by them. W~ is the rounded matrix, and what is computed is the product by W~, forward and backward: it is
// made whole only while it is multiplied by, and nothing of it is kept for the backward pass.
#pragma once

#include <cstdint>

#include "autograd/functions.h"
#include "autograd/variable.h"
#include "tensor/tensor.h"

namespace thaw {

struct CompressedWeight {
  Tensor numbers;  // as the weight is stored: bf16; or u8, 128 + q with q in [-127, 127]
  Tensor scales;   // undefined, or one for each output, W~ = q scale: [out, 1], of a weight [in, out] [1, out]
  Tensor middle;   // with scales: [1], 128
  DType dtype = DType::f32;  // of W~

  Tensor expanded() const;  // W~
  uint64_t bytes() const;
};

// "bf16", "int8"; of null "".
inline const char* kept_as(const CompressedWeight* weight) {
  return !weight ? "" : weight->scales.defined() ? "int8" : "bf16";
}

// Each number to the nearest bf16. std::invalid_argument: w is no matrix, or its device has no bf16.
CompressedWeight as_bf16(const Tensor& w);
// Each number to the nearest of the 255 multiples of scale = its output's largest magnitude / 127. The same numbers on
// every device. std::invalid_argument: w is no matrix, its device has no bytes, or it holds a number that is not
// finite.
CompressedWeight as_int8(const Tensor& w, bool in_out);

// Their namesakes in functions.h, by W~.
Variable linear(const Variable& x, const CompressedWeight& w, const Variable& b = {},
                UnaryOp activation = UnaryOp::identity);
Variable linear_in_out(const Variable& x, const CompressedWeight& w, const Variable& b = {},
                       UnaryOp activation = UnaryOp::identity);
Variable low_rank_linear(const Variable& x, const CompressedWeight& w, const Variable& bias, const LowRank& change,
                         UnaryOp activation = UnaryOp::identity, bool in_out = false);
Variable dora_linear(const Variable& x, const CompressedWeight& w, const Variable& bias, const LowRank& change,
                     const Variable& magnitude, const Tensor& norms, UnaryOp activation = UnaryOp::identity,
                     bool in_out = false);
Variable linear_cross_entropy(const Variable& x, const CompressedWeight& w, const Variable& b, const Indices& targets,
                              const LinearCrossEntropy& options = {}, double count = 0, Tensor* rows = nullptr);

}  // namespace thaw
