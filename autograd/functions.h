// SPDX-License-Identifier: Apache-2.0
// Differentiable functions on variables: each computes as its namesake in tensor/ops.h and records its gradients.
// Letters: B sequences, T tokens, C channels, H heads, D head size, V rows of a table or classes, M N K sizes of a
// product.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "autograd/variable.h"
#include "tensor/ops.h"

namespace thaw {

// --- pointwise.cpp ---
Variable unary(UnaryOp op, const Variable& x, UnaryParams params = {});
Variable neg(const Variable& x);
Variable exp(const Variable& x);
Variable log(const Variable& x);
Variable sqrt(const Variable& x);
Variable square(const Variable& x);
Variable abs(const Variable& x);
Variable rsqrt(const Variable& x);                           // 1 / sqrt(x)
Variable reciprocal(const Variable& x);                      // 1 / x
Variable clamp(const Variable& x, double low, double high);  // the gradient is 0 where x is outside
// x^exponent. Of a negative x: a number if the exponent is a whole one, else NaN. Its gradient at 0 is 0 for exponents
// above 1, and 1, 0, infinite for 1, 0 and the others.
Variable pow(const Variable& x, double exponent);
Variable tanh(const Variable& x);
Variable erf(const Variable& x);
Variable sigmoid(const Variable& x);
inline Variable relu(const Variable& x) { return unary(UnaryOp::relu, x); }
inline Variable gelu(const Variable& x) { return unary(UnaryOp::gelu, x); }
inline Variable gelu_tanh(const Variable& x) { return unary(UnaryOp::gelu_tanh, x); }
inline Variable quick_gelu(const Variable& x) { return unary(UnaryOp::quick_gelu, x); }
inline Variable silu(const Variable& x) { return unary(UnaryOp::silu, x); }
inline Variable softplus(const Variable& x) { return unary(UnaryOp::softplus, x); }
Variable scale(const Variable& x, double factor);
Variable affine(const Variable& x, double alpha, double beta);  // alpha * x + beta
Variable add(const Variable& a, const Variable& b);             // broadcast, as all of these
Variable sub(const Variable& a, const Variable& b);
Variable mul(const Variable& a, const Variable& b);
Variable div(const Variable& a, const Variable& b);
Variable maximum(const Variable& a, const Variable& b);                         // the gradient goes to a where a >= b
Variable minimum(const Variable& a, const Variable& b);                         // ... where a <= b
Variable where(const Tensor& condition, const Variable& a, const Variable& b);  // condition != 0 ? a : b
Variable dropout(const Variable& x, const Dropout& dropout, const Variable& residual = {});  // dropout(x) + residual
Variable to(const Variable& x, DType dtype);  // gradients of bf16 and f16 variables are f32

// --- shape.cpp ---
Variable reshape(const Variable& x, const Shape& shape);
Variable permute(const Variable& x, std::initializer_list<int> axes);
Variable transpose(const Variable& x, int a = -2, int b = -1);
Variable slice(const Variable& x, int axis, int64_t begin, int64_t end);
Variable expand(const Variable& x, const Shape& shape);
Variable squeeze(const Variable& x, int axis);    // without an axis of 1
Variable unsqueeze(const Variable& x, int axis);  // with a new axis of 1 before `axis`
Variable concat(const std::vector<Variable>& parts, int axis);
Variable stack(const std::vector<Variable>& parts, int axis = 0);  // along a new axis; all of one shape

// --- reduce.cpp; the reduced axes are removed unless keep ---
Variable sum(const Variable& x, std::initializer_list<int> axes, bool keep = false);
Variable mean(const Variable& x, std::initializer_list<int> axes, bool keep = false);
Variable max(const Variable& x, int axis, bool keep = false);  // the gradient goes to the first largest
Variable sum_all(const Variable& x, double scale = 1);         // []
Variable mean_all(const Variable& x);                          // []
Variable softmax(const Variable& x, int axis = -1);
Variable log_softmax(const Variable& x, int axis = -1);

// --- linear.cpp ---
Variable matmul(const Variable& a, const Variable& b, double scale = 1);
// act(x w^T + b): x [..., in], w [out, in], b [out] or undefined
Variable linear(const Variable& x, const Variable& w, const Variable& b = {}, UnaryOp activation = UnaryOp::identity);
// The same for weights stored [in, out] (GPT's Conv1D)
Variable linear_in_out(const Variable& x, const Variable& w, const Variable& b = {},
                       UnaryOp activation = UnaryOp::identity);

// --- low_rank.cpp ---
// A change of a weight by a matrix of rank r: w + scale b a.
struct LowRank {
  Variable a;  // [r, in]
  Variable b;  // [out, r]
  double scale = 1;
  Dropout dropout = {};  // on what a reads
};
// act(x w^T + bias + scale (dropout(x) a^T) b^T) (Hu et al. 2021): x [..., in], w [out, in], or [in, out] if in_out,
// bias [out] or undefined. x and a frozen w may both be bf16 or f16, all else is f32; so in all functions here.
Variable low_rank_linear(const Variable& x, const Variable& w, const Variable& bias, const LowRank& change,
                         UnaryOp activation = UnaryOp::identity, bool in_out = false);
// DoRA (Liu et al. 2024): the weight is g (w + scale b a), g = magnitude / norms by output row; the norms [out], those
// of low_rank_row_norms, are constants in the gradient. magnitude [out]. With dropout, what g - 1 is multiplied by
// reads dropout(x), too, as in peft: act(x w^T + bias + (g - 1) dropout(x) w^T + g scale dropout(x) a^T b^T).
Variable dora_linear(const Variable& x, const Variable& w, const Variable& bias, const LowRank& change,
                     const Variable& magnitude, const Tensor& norms, UnaryOp activation = UnaryOp::identity,
                     bool in_out = false);
// [out]: sums of squares of a weight's output rows, of a frozen one made once.
Tensor row_square_norms(const Tensor& w, bool in_out = false);
// [out]: norms of the output rows of w + scale b a, from row_square_norms(w). Neither that sum nor a copy of w is made.
Tensor low_rank_row_norms(const Tensor& square_norms, const Tensor& w, const Tensor& a, const Tensor& b, double scale,
                          bool in_out = false);

// --- indexing.cpp ---
Variable embedding(const Variable& table,
                   const Indices& ids);  // [V, C] -> [T, C]; the gradient adds rows in the order of ids
Variable take_rows(const Variable& x, const Indices& rows);  // [T, C] -> [R, C]: e.g. the first token of each segment

// [T, C] -> [B, C]: the mean of each segment's rows (pooled embeddings); zeros of an empty one.
Variable mean_segments(const Variable& x, const Segments& segments);

// --- norm.cpp ---
// norm(residual + dropout(x)) * weight + bias over the last axis; residual, weight, bias may be undefined. If `sum` is
// given, it receives residual + dropout(x) as a variable (pre-norm models go on from it).
Variable norm(const Variable& x, const Variable& residual, const Variable& weight, const Variable& bias,
              const Norm& options, Variable* sum = nullptr);

// --- attention.cpp ---
struct RelativeBiasVariable {
  Variable table;  // [buckets, H]; undefined: no relative bias
  Indices bucket_of;
  int64_t zero = 0;
  int64_t query_offset = 0;
};
// q [Tq, H, D], k, v [Tk, H, D] -> [Tq, H, D]; options.bias is ignored, `bias` is used instead.
Variable attention(const Variable& q, const Variable& k, const Variable& v, const Segments& queries,
                   const Segments& keys, const Attention& options, const RelativeBiasVariable& bias = {});

// --- loss.cpp ---
// Sum over the rows that are not ignored, divided by `count` (0: by their number; 0 of 0 gives 0). logits [T, V] -> []
// `rows`, if it is there, gets each row's own loss, undivided: [T].
Variable cross_entropy(const Variable& logits, const Indices& targets, const CrossEntropy& options = {},
                       double count = 0, Tensor* rows = nullptr);
// Mean over all cells of the binary cross-entropy of sigmoid(logits): max(x, 0) - x z + log(1 + e^-|x|)
Variable binary_cross_entropy(const Variable& logits, const Tensor& targets);
Variable mean_squared_error(const Variable& x, const Tensor& targets);

// --- linear_cross_entropy.cpp ---
// Of the logits of a large vocabulary no more than these bytes are there at once: about 500 rows of 32,000 classes, as
// many as a product needs to take no longer than one over all rows (with half of them it takes 3 to 6 % more).
inline constexpr int64_t logits_chunk_bytes = int64_t{64} << 20;
struct LinearCrossEntropy {
  CrossEntropy loss = {};
  double scale = 1;     // of the product, before the bias
  bool in_out = false;  // the weight is stored [C, V]
  int64_t chunk_bytes = logits_chunk_bytes;
};
// cross_entropy(scale x w^T + b) without its logits [T, V]: they are made chunk by chunk of rows, and their gradients
// at once turned into those of the product's inputs, each where it is needed: [T, C], [V, C] and [V] are kept for the
// backward pass (as Liger Kernel does: Hsu et al. 2024). Where two tensors [T, V] take no more than a chunk and w's
// gradient, it is the two functions. x [T, C], w [V, C], b [V] or undefined -> []
Variable linear_cross_entropy(const Variable& x, const Variable& w, const Variable& b, const Indices& targets,
                              const LinearCrossEntropy& options = {}, double count = 0, Tensor* rows = nullptr);

// --- weighted_loss.cpp ---
// Of each row, 0 where it is ignored: [T, V] -> [T]
Variable cross_entropy_rows(const Variable& logits, const Indices& targets, const CrossEntropy& options = {});
// The same with a weight for each class, none negative: (1 - s) w[y] nll[y] + s / V sum_v w[v] nll[v], nll = -log
// softmax, y the target, s the smoothing.
Variable weighted_cross_entropy_rows(const Variable& logits, const Indices& targets, const std::vector<double>& weights,
                                     const CrossEntropy& options = {});
// Their sum, divided by `count` (0: by the weights of the targets that are not ignored; 0 of 0 gives 0). -> []
Variable weighted_cross_entropy(const Variable& logits, const Indices& targets, const std::vector<double>& weights,
                                const CrossEntropy& options = {}, double count = 0);
// The sum of the weights of targets that are not ignored.
double weight_of_targets(const Indices& targets, const std::vector<double>& weights, int32_t ignore = -100);
// Mean over all cells of w[c] z log(1 + e^-x) + (1 - z) log(1 + e^x): a class's positive cells weigh w[c]. [B, V] -> []
Variable weighted_binary_cross_entropy(const Variable& logits, const Tensor& targets,
                                       const std::vector<double>& positive_weights);

// --- checkpoint.cpp ---
// f(inputs) without keeping what it computes on the way: backward runs f again (Chen et al. 2016). `streams`: the
// randomness that f draws from, wound back for the second run; may be null.
Variable checkpoint(const std::function<Variable(const std::vector<Variable>&)>& f, const std::vector<Variable>& inputs,
                    RandomStreams* streams = nullptr);

}  // namespace thaw
