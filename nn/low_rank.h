// SPDX-License-Identifier: Apache-2.0
// LoRA (Hu et al. 2021): the product by W + s B A, of which W is frozen and A [r, in], B [out, r] are small; s = alpha
// / r, or alpha / sqrt(r) (rsLoRA, Kalajdzievski 2023). DoRA (Liu et al. 2024): each output row of that is brought to
// a length of its own, the magnitude [out].
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "nn/dropout.h"
#include "nn/parameter.h"

namespace thaw {

struct LowRankOptions {
  int64_t rank = 8;
  double alpha = 0;              // 0: as large as the rank
  double dropout = 0;            // on what A reads
  bool rank_stabilised = false;  // s = alpha / sqrt(r)
  bool magnitudes = false;       // DoRA
  bool operator==(const LowRankOptions&) const = default;
};

// The product that an adapter is on.
struct AdaptedWeight {
  const Parameter& weight;  // [out, in], or [in, out]
  const Parameter& bias;    // [out], or undefined
  bool in_out = false;      // which
};

struct LowRankAdapter {
  LowRankOptions options;
  Parameter a, b;       // "lora_A.weight" [r, in], "lora_B.weight" [out, r]
  Parameter magnitude;  // "lora_magnitude_vector" [out]; undefined without DoRA
  DropoutLayer dropout;

  // Begins without effect: B is 0, A as torch's Linear begins, the magnitudes are those of W's rows.
  LowRankAdapter(const Scope& s, const AdaptedWeight& on, const LowRankOptions& o);

  double scale() const;  // s
  // act(x (W + s B A)^T + bias): [..., in] -> [..., out]. With magnitudes m: act(g * (x (W + s B A)^T) + bias), g = m /
  // ||W + s B A|| by rows of the output; in the gradient these lengths are constants, as the paper has it (4.3).
  Variable product(const Variable& x, const AdaptedWeight& on, UnaryOp activation) const;
  // The weight that does the same alone [as stored]: W + s B A, its rows brought to their magnitudes.
  Tensor merged(const AdaptedWeight& on) const;

 private:
  // Of W's rows: made again only when W was written to.
  struct SquareNorms {
    std::mutex mutex;
    Tensor value;
    uint64_t version = 0;  // of W
  };
  Tensor square_norms(const AdaptedWeight& on) const;
  std::shared_ptr<SquareNorms> kept_ = std::make_shared<SquareNorms>();
};

}  // namespace thaw
