// SPDX-License-Identifier: Apache-2.0
// Functions on tensors, without gradients: check shapes, allocate the output, launch, count. autograd/functions.h has
// their namesakes on variables.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tensor/indices.h"
#include "tensor/row_ranges.h"
#include "tensor/segments.h"
#include "tensor/tensor.h"

namespace thaw {

// --- pointwise (ops_pointwise.cpp) ---
Tensor unary(UnaryOp op, const Tensor& x, UnaryParams params = {});
Tensor unary_backward(UnaryOp op, const Tensor& dy, const Tensor& x, UnaryParams params = {});  // dy * f'(x)
Tensor binary(BinaryOp op, const Tensor& a, const Tensor& b);                                   // broadcasts
void binary_(BinaryOp op, const Tensor& a, const Tensor& b);  // a = f(a, b) in place; b broadcasts to a
Tensor add(const Tensor& a, const Tensor& b);
Tensor sub(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Tensor& b);
Tensor scale(const Tensor& x, double factor);                             // factor * x
Tensor affine(const Tensor& x, double alpha, double beta);                // alpha * x + beta
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);  // condition (of their dtype) != 0 ? a : b
// Random numbers, the same on every device: in [0, 1); standard normal (drawn on the host). A key is {seed, stream}.
Tensor uniform(const Shape& shape, RandomKey key, DType dtype, Device device);
Tensor randn(const Shape& shape, RandomKey key, DType dtype, Device device);
Tensor dropout(const Tensor& x, const Dropout& dropout, const Tensor& residual = {});  // dropout(x) + residual

// --- reductions (ops_reduce.cpp); the reduced axes are removed unless keep ---
Tensor reduce(ReduceOp op, const Tensor& x, std::span<const int> axes, bool keep = false, double scale = 1);
Tensor sum(const Tensor& x, std::initializer_list<int> axes, bool keep = false);
Tensor mean(const Tensor& x, std::initializer_list<int> axes, bool keep = false);
Tensor sum_all(const Tensor& x, double scale = 1);    // []
Tensor sum_rows(const Tensor& x);                     // [..., C] -> [C]: over all axes but the last
Tensor sum_to(const Tensor& x, const Shape& shape);   // undoes a broadcast: sums x down to `shape`
Tensor argmax(const Tensor& x);                       // i32, along the last axis
Tensor sum_squares(std::span<const Tensor> tensors);  // []
Tensor softmax(const Tensor& x, int axis = -1);
Tensor softmax_backward(const Tensor& dy, const Tensor& y, int axis = -1);

// --- products (ops_matmul.cpp) ---
struct Matmul {
  double scale = 1;
  Tensor bias;  // [N] or undefined
  UnaryOp activation = UnaryOp::identity;
  Tensor* pre_activation = nullptr;  // where to keep scale * a b + bias
  bool constant_b = false;           // b is a frozen weight (kernel_args.h)
};
// a [..., M, K] b [..., K, N] -> [..., M, N]; batch axes broadcast; transposed views are transposed products. bf16 or
// f16 inputs give f32.
Tensor matmul(const Tensor& a, const Tensor& b, const Matmul& options = {});
// out += scale * a b, in place.
void matmul_add_(const Tensor& out, const Tensor& a, const Tensor& b, double scale = 1);
// x [..., in] w [out, in] (as checkpoints store it) -> act(x w^T + bias) [..., out]
Tensor linear(const Tensor& x, const Tensor& w, const Tensor& bias = {}, UnaryOp activation = UnaryOp::identity,
              Tensor* pre_activation = nullptr, bool constant_w = false);

// --- rows (ops_rows.cpp) ---
Tensor gather_rows(const Tensor& table, const Indices& ids);  // [V, C] -> [T, C]; an id outside [0, V) is an error
void scatter_add_rows_(const Tensor& table, const Tensor& rows, const Indices& ids);  // table[ids[t]] += rows[t]
Tensor concat(std::span<const Tensor> parts, int axis);
// Those rows (or columns, ...) along an axis, side by side: of one range a view, of several a copy.
Tensor take_ranges(const Tensor& x, int axis, const RowRanges& ranges);
void put_ranges_(const Tensor& x, const RowRanges& ranges, const Tensor& rows);  // x's rows of those ranges = rows
// x [T, C] -> [B, C]: the mean of each segment's rows; zeros of an empty one.
Tensor mean_segments(const Tensor& x, const Segments& segments);
Tensor mean_segments_backward(const Tensor& dy, const Segments& segments);

// --- norms (ops_norm.cpp) ---
struct NormResult {
  Tensor y, sum, mean,
      rstd;  // sum, mean, rstd only if kept; sum is x itself where there is neither residual nor dropout
};
struct Norm {
  NormKind kind = NormKind::layer;
  double eps = 1e-5;
  Dropout dropout;  // on x
};
// y = norm(residual + dropout(x)) * weight + bias over the last axis; residual, weight, bias may be undefined. keep:
// fill in what the gradient needs.
NormResult norm(const Tensor& x, const Tensor& residual, const Tensor& weight, const Tensor& bias, const Norm& options,
                bool keep);
struct NormWanted {
  bool x = false, residual = false, weight = false, bias = false;
};
struct NormGradients {
  Tensor x, residual, weight, bias;  // those asked for (x and residual are one tensor where there is no dropout)
};
NormGradients norm_backward(const Tensor& dy, const NormResult& kept, const Tensor& weight, const Norm& options,
                            NormWanted wanted);

// --- attention (ops_attention.cpp) ---
struct RelativeBiasTable {
  Tensor table;       // [buckets, H]
  Indices bucket_of;  // kernel_args.h: RelativeBias
  int64_t zero = 0;
  int64_t query_offset = 0;
};
struct Attention {
  double scale = 1;
  bool causal = false;
  Dropout dropout;
  std::optional<RelativeBiasTable> bias;
};
struct AttentionResult {
  Tensor out, lse;  // [Tq, H, D]; [H, Tq] only if kept
};
// q [Tq, H, D], k, v [Tk, H, D], any strides over a dense last axis; segments of queries and keys pair up.
AttentionResult attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& queries,
                          const Segments& keys, const Attention& options, bool keep);
struct AttentionWanted {
  bool q = false, k = false, v = false, table = false;
};
struct AttentionGradients {
  Tensor q, k, v, table;
};
AttentionGradients attention_backward(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                                      const AttentionResult& kept, const Segments& queries, const Segments& keys,
                                      const Attention& options, AttentionWanted wanted);

// Attention of a step of decoding, without a gradient: q [Tq, H, D] of few queries a segment; k, v [P, H, D] are read
// where they lie, those of key segment b at places[keys.begin(b)] and on (undefined: at keys.begin(b) and on).
// kernel_args.h: DecodeAttentionArgs. options: neither dropout nor a query_offset.
Tensor decode_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& queries,
                        const Segments& keys, const Indices& places, const Attention& options);

// --- losses (ops_loss.cpp) ---
struct CrossEntropy {
  int32_t ignore = -100;
  double smoothing = 0;
};
struct CrossEntropyResult {
  Tensor losses, lse;  // [T] each; lse only if kept
};
// logits [T, V], targets [T] in [0, V) or `ignore` (anything else is an error that names the row)
CrossEntropyResult cross_entropy(const Tensor& logits, const Indices& targets, const CrossEntropy& options, bool keep);
// dlosses: [T], may be an expanded scalar
Tensor cross_entropy_backward(const Tensor& dlosses, const Tensor& logits, const Tensor& lse, const Indices& targets,
                              const CrossEntropy& options);
// The same, written over the logits, which must be contiguous.
void cross_entropy_backward_(const Tensor& logits, const Tensor& dlosses, const Tensor& lse, const Indices& targets,
                             const CrossEntropy& options);

}  // namespace thaw
