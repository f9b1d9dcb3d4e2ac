// SPDX-License-Identifier: Apache-2.0
// What kind of product a product is: a small one that stands for all of its kind.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "backends/cpu/gemm.h"

namespace thaw::cpu {

// All of a product but its memory: sizes, strides, types, scale, whether it accumulates and has a bias.
using GemmNumbers = std::array<int64_t, 16>;
GemmNumbers numbers_of(const Gemm& gemm);

// A product of the same form without memory: sizes of `most` (a multiple of 16) to `most` + 15 with the remainders that
// larger ones leave by 16, at most three matrices, lines as far apart by the same remainders, a scale of 1 or 0.5.
// `bias` says by not being null that there is one.
Gemm small_like(const Gemm& gemm, int64_t most);

// "a b^T, 65x64x64, 3 matrices, a's lines of 64 are 80 apart, bias"
std::string text_of(const Gemm& gemm);

}  // namespace thaw::cpu
