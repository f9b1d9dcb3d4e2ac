// SPDX-License-Identifier: Apache-2.0
// Matrix products on plain memory, by oneDNN or OpenBLAS: what matmul.cpp makes of MatmulArgs.
#pragma once

#include <cstdint>
#include <string>

#include "tensor/dtype.h"
#include "tensor/view.h"

namespace thaw::cpu {

// Matrices of a batch; strides in elements. A batch stride of 0 shares one matrix.
struct Matrices {
  const void* data = nullptr;
  int64_t row = 0, column = 0, batch = 0;
  DType dtype = DType::f32;
};

// out[i] = scale * a[i] b[i] + bias (+ out[i] if accumulate), i < batch; out's rows are dense. One of row and column of
// a and b is 1, but for the vector of a product that has one.
struct Gemm {
  int64_t batch = 1, m = 0, n = 0, k = 0;
  Matrices a, b;
  float* out = nullptr;
  int64_t out_row = 0, out_batch = 0;
  float scale = 1;
  bool accumulate = false;
  const float* bias = nullptr;
  const View* constant_b = nullptr;  // b is this view of a frozen weight: a packed copy may be kept
};

// Does it with oneDNN; false (and nothing is done) if oneDNN has no fast kernel for it, or one that fails the check of
// gemm_check.h.
bool onednn_gemm(const Gemm& gemm);
// The same with OpenBLAS, which has f32 only. The second does not check.
bool openblas_gemm(const Gemm& gemm);
void unchecked_openblas_gemm(const Gemm& gemm);
// By own loops, where m or n is 1. Sums are made of pieces that depend on the sizes alone.
void vector_gemm(const Gemm& gemm);
// By own loops, where the rows of a and few vectors are long (has_thin_rows in matmul_layout.h).
void thin_rows_gemm(const Gemm& gemm);
// a^T b with few columns as b^T a, which `multiply` makes (is_thin_turned).
void thin_turned_gemm(const Gemm& gemm, bool (*multiply)(const Gemm&));
// By own loops, a row at a time: for what the libraries get wrong.
void row_by_row_gemm(Gemm gemm);

// Forgets packed copies of what a block holds (packed_weights.cpp).
void forget_packed(const Block& block) noexcept;
uint64_t packed_bytes();

// For the description of the device: libraries and versions.
std::string gemm_description();

}  // namespace thaw::cpu
