// SPDX-License-Identifier: Apache-2.0
// The vectorised loops as a table of functions on plain memory, one table per instruction set: kernels/*.cpp is
// compiled once for each, and isa.cpp chooses. They know no View, no thread and no standard-library template (which
// would be shared between instruction sets); the files beside this one cut tensors into the pieces that they take.
// Letters as in tensor/kernel_args.h. "May be null" is said where it holds.
#pragma once

#include <cstdint>

#include "tensor/dtype.h"
#include "tensor/kernel_args.h"

namespace thaw::cpu {

// A dropout with its number theory done: element i is kept iff (word i >> 8) >= threshold, and multiplied by factor.
struct DropoutMask {
  uint64_t seed = 0, stream = 0;
  uint32_t threshold = 0;  // 0: nothing is dropped
  float factor = 1;
};

// Rows [0, rows) of NormArgs; row r of x, residual, y, sum begins at r * C.
struct NormRows {
  NormKind kind;
  int64_t rows, channels;
  float eps;
  float* y;
  const float* x;
  const float* residual;  // may be null
  const float* weight;    // may be null
  const float* bias;      // may be null
  float* sum;             // may be null
  float* mean;            // may be null
  float* rstd;            // may be null
  DropoutMask dropout;
  uint64_t first_element;  // of row 0, for the dropout
};

// Rows [0, rows) of NormBackwardArgs; dweight and dbias are this piece's own partial sums, written whole.
struct NormBackwardRows {
  NormKind kind;
  int64_t rows, channels;
  const float* dy;
  const float* s;
  const float* weight;  // may be null
  const float* mean;    // null for rms
  const float* rstd;
  float* dx;         // may be null
  float* dresidual;  // may be null
  float* dweight;    // may be null
  float* dbias;      // may be null
  DropoutMask dropout;
  uint64_t first_element;
};

// One head of one segment of AttentionArgs: n queries, m keys of size D; row i of q begins at q + i * q_stride.
struct AttentionHead {
  int64_t n, m, size;
  const float* q;
  const float* k;
  const float* v;
  int64_t q_stride, k_stride, v_stride;
  float* out;
  int64_t out_stride;
  float* lse;  // n numbers; null in the forward pass: not wanted
  float scale;
  bool causal;
  const float* bias;  // may be null: bias[(n - 1) - i + j] is added to the score of query i and key j
  DropoutMask dropout;
  uint32_t head, first_query;  // for the dropout: h, and the number of query 0 in the batch
  float* workspace;            // attention_workspace(n, m, D) floats, 64-byte aligned
};

// Some heads of one segment of DecodeAttentionArgs: n queries, m keys of size D. Head h of query i begins at
// q + i * row + h * D, that of the key at place p at k + p * row + h * D.
struct DecodeHeads {
  int64_t n, m, heads, size, row;
  const float* q;
  const float* k;
  const float* v;
  const int32_t* places;  // m of them; null: [0, m)
  float* out;             // as q
  float scale;
  bool causal;
  const float* bias;  // may be null: bias[h * bias_row + (n - 1) - i + j] is added to the score of query i and key j
  int64_t bias_row;
  float* workspace;  // decode_workspace(m, heads, D) floats, 64-byte aligned
};

struct AttentionHeadBackward {
  AttentionHead forward;
  const float* dout;
  int64_t dout_stride;
  float* dq;  // each may be null
  float* dk;
  float* dv;
  int64_t dq_stride, dk_stride, dv_stride;
  float* dbias;      // may be null: n + m - 1 sums of dS, laid out as bias
  float* workspace;  // attention_backward_workspace(n, m, D) floats
};

// Rows [0, rows) of LstmCellArgs, H = hidden; row r of x, recurrent, gates begins at 4 r H, of the others at r H.
struct LstmRows {
  int64_t rows, hidden;
  int64_t cell_gate, output_gate;  // where they stand among the four
  const float* x;
  const float* recurrent;  // may be null
  const float* bias;       // may be null
  const float* c_before;   // may be null
  float* c;
  float* h;      // may be null
  float* gates;  // may be null
};

// The same of LstmCellBackwardArgs.
struct LstmRowsBackward {
  int64_t rows, hidden;
  int64_t cell_gate, output_gate;
  const float* gates;
  const float* c_before;  // may be null
  const float* c;
  const float* dh1;
  const float* dh2;  // may be null
  float* dc;
  bool normed;
  float* dz;
};

// out[i, j] = scale * sum over k of a[i, k] b[j, k] + bias[j] (+ out[i, j] if accumulate), k < depth, j < columns, a
// multiple of 4: row i of a begins at a + i * a_row, line j of b at b + j * b_line.
struct ThinRows {
  int64_t columns, depth;
  const float* a;
  const float* b;
  float* out;
  int64_t a_row, b_line, out_row;
  float scale;
  const float* bias;  // may be null
  bool accumulate;
};

// The numbers of an AdamW step that do not depend on the element.
struct AdamWStep {
  float decay;  // lr * weight decay
  float one_minus_beta1, beta2, one_minus_beta2;
  float step_size;  // lr / (1 - beta1^t)
  float root_of_correction2;
  float eps;
  float grad_scale;
};

struct SgdStep {
  float learning_rate, momentum, weight_decay, grad_scale;
  bool nesterov, first;
};

struct Kernels {
  const char* isa = "";

  // --- pointwise.cpp: n consecutive numbers; out may be one of the inputs ---
  void (*unary)(UnaryOp op, float* y, const float* x, int64_t n, float alpha, float beta) = nullptr;
  void (*unary_backward)(UnaryOp op, float* dx, const float* dy, const float* x, int64_t n, float alpha,
                         float beta) = nullptr;
  void (*binary)(BinaryOp op, float* y, const float* a, const float* b, int64_t n) = nullptr;
  void (*where)(float* y, const float* condition, const float* a, const float* b, int64_t n) = nullptr;
  // x += bias (may be null); pre = x (may be null); x = f(x)
  void (*epilogue)(UnaryOp op, float* x, const float* bias, float* pre, int64_t n) = nullptr;

  // --- convert.cpp ---
  void (*convert)(void* to, DType to_type, const void* from, DType from_type, int64_t n) = nullptr;

  // --- random.cpp: elements first .. first + n - 1 of a stream ---
  void (*uniform)(float* y, int64_t n, uint64_t first, uint64_t seed, uint64_t stream) = nullptr;
  void (*dropout)(float* y, const float* x, const float* residual, int64_t n, uint64_t first,
                  const DropoutMask& mask) = nullptr;  // residual may be null

  // --- reduce.cpp ---
  float (*reduce)(ReduceOp op, const float* x, int64_t n) = nullptr;
  // y[c] = op over r of x[r * stride + c] (and y[c], if accumulate)
  void (*reduce_rows)(ReduceOp op, float* y, const float* x, int64_t rows, int64_t stride, int64_t columns,
                      bool accumulate) = nullptr;
  float (*sum_squares)(const float* x, int64_t n) = nullptr;
  int64_t (*argmax)(const float* x, int64_t n) = nullptr;
  void (*scaled)(float* y, const float* x, float scale, bool accumulate, int64_t n) = nullptr;  // y = scale x (+ y)

  // --- softmax.cpp: one row ---
  void (*softmax)(float* y, const float* x, int64_t n) = nullptr;
  void (*softmax_backward)(float* dx, const float* dy, const float* y, int64_t n) = nullptr;
  // log(sum(exp(x))) as shift + log_sum, shift the largest of x: their difference to a number of x loses nothing
  void (*log_sum_exp)(const float* x, int64_t n, float* shift, float* log_sum) = nullptr;
  // y = d * (exp(x - lse) - smoothing / n)
  void (*cross_entropy_backward)(float* y, const float* x, float lse, float d, float smoothing, int64_t n) = nullptr;

  // --- norm.cpp ---
  void (*norm)(const NormRows& rows) = nullptr;
  void (*norm_backward)(const NormBackwardRows& rows) = nullptr;

  // --- attention.cpp, attention_backward.cpp ---
  int64_t (*attention_workspace)(int64_t n, int64_t m, int64_t size) = nullptr;
  void (*attention)(const AttentionHead& head) = nullptr;
  int64_t (*attention_backward_workspace)(int64_t n, int64_t m, int64_t size) = nullptr;
  void (*attention_backward)(const AttentionHeadBackward& head) = nullptr;

  // --- decode_attention.cpp ---
  int64_t (*decode_workspace)(int64_t m, int64_t heads, int64_t size) = nullptr;
  void (*decode_attention)(const DecodeHeads& heads) = nullptr;

  // --- lstm.cpp ---
  void (*lstm_cell)(const LstmRows& rows) = nullptr;
  void (*lstm_cell_backward)(const LstmRowsBackward& rows) = nullptr;

  // --- optimizer.cpp ---
  void (*adamw)(float* p, const float* g, float* m, float* v, int64_t n, const AdamWStep& step) = nullptr;
  void (*sgd)(float* p, const float* g, float* buffer, int64_t n,
              const SgdStep& step) = nullptr;  // buffer is null without momentum

  // --- vector_product.cpp: x [depth] times a matrix whose rows begin `stride` numbers apart ---
  // y[j] = sum over k of x[k] * m[j * stride + k], j < n
  void (*dots)(float* y, const float* x, const float* m, int64_t stride, int64_t depth, int64_t n) = nullptr;
  // y[j] = sum over k of x[k] * m[k * stride + j] (+ y[j], if accumulate), j < n
  void (*weighted_rows)(float* y, const float* x, const float* m, int64_t stride, int64_t depth, int64_t n,
                        bool accumulate) = nullptr;

  // --- thin_rows.cpp ---
  void (*thin_rows)(const ThinRows& product, int64_t begin, int64_t end) = nullptr;  // rows [begin, end)
};

// The best table this machine can run, or the one that THAW_ISA names (baseline, v3, v4); an unknown or unavailable one
// is an error.
const Kernels& kernels();
// THAW_ISA, or "" where it is not set.
const char* asked_isa();
// The table of an instruction set, or null where it is not built or cannot run.
const Kernels* kernels_for(const char* isa);
// Changes the choice (tests and benchmarks).
void use_kernels(const Kernels& table);

}  // namespace thaw::cpu
