// SPDX-License-Identifier: Apache-2.0
// The arguments of the larger backend functions. A `const View*` may be null where it says so.
// Letters: B sequences, T tokens, C channels, H heads, D head size, V classes, M N K sizes of a product.
#pragma once

#include <cstdint>
#include <span>

#include "tensor/pointwise_ops.h"
#include "tensor/random_key.h"
#include "tensor/view.h"

namespace thaw {

// out = act(scale * a b + bias) (+ out if accumulate; then there is no activation and no pre_activation).
struct MatmulArgs {
  View out;  // [..., M, N], dense rows
  View a;    // [..., M, K], any strides: a transposed view is a transposed product
  View b;    // [..., K, N]; batch axes equal, or 1 / absent (then shared by all)
  double scale = 1;
  bool accumulate = false;
  const View* bias = nullptr;  // [N]
  UnaryOp activation = UnaryOp::identity;
  const View* pre_activation =
      nullptr;  // out: [..., M, N], scale * a b + bias, kept for the gradient of the activation
  bool constant_b =
      false;  // hint: b is a frozen weight; a packed copy of it may be kept until its block is released or written
};

enum class NormKind : uint32_t { layer, rms };

// s = residual + dropout(x);  layer: y = (s - mean) * rstd * weight + bias, rstd = 1 / sqrt(var + eps), var the biased
// variance; rms: y = s * rstd * weight, rstd = 1 / sqrt(mean(s^2) + eps). (Ba et al. 2016; Zhang & Sennrich 2019)
struct NormArgs {
  NormKind kind = NormKind::layer;
  View y;                          // [T, C]
  View x;                          // [T, C]
  const View* residual = nullptr;  // [T, C], may be null
  Dropout dropout;                 // on x; element index t * C + c
  const View* weight = nullptr;    // [C]; null: 1
  const View* bias = nullptr;      // [C]; null: 0
  double eps = 1e-5;
  const View* sum =
      nullptr;  // out: s [T, C], may be null; never needed when there is neither residual nor dropout (s = x)
  const View* mean = nullptr;  // out: [T], may be null (layer only)
  const View* rstd = nullptr;  // out: [T], may be null
};

// With g = dy * weight and n = (s - mean) * rstd:  layer: ds = rstd * (g - mean(g) - n * mean(g * n));
// rms: ds = rstd * (g - n * mean(g * n)), n = s * rstd.  dx = dropout(ds), dresidual = ds, dweight = sum_t dy * n,
// dbias = sum_t dy.
struct NormBackwardArgs {
  NormKind kind = NormKind::layer;
  View dy, s;                    // [T, C]
  const View* weight = nullptr;  // [C]; null: 1
  const View* mean = nullptr;    // [T] (layer only)
  const View* rstd = nullptr;    // [T]
  Dropout dropout;
  const View* dx = nullptr;         // out: [T, C], may be null
  const View* dresidual = nullptr;  // out: [T, C], may be null; without dropout the caller asks for one of the two only
  const View* dweight = nullptr;    // out: [C], may be null
  const View* dbias = nullptr;      // out: [C], may be null
};

// Relative position bias of T5: score(i, j) += table[bucket_of[zero + (j - i - offset)], h] for key j, query i of a
// segment.
struct RelativeBias {
  View table;      // [buckets, H]
  View bucket_of;  // i32 [n]: the bucket of each distance; every distance of the segments lies in it
  std::span<const int32_t> host_bucket_of;
  int64_t zero = 0;          // where the distance 0 stands in bucket_of
  int64_t query_offset = 0;  // position of the first query (incremental decoding: the length of the cache)
};

// For each segment b and head h:  P = softmax(scale * Q K^T + bias, masked where causal and key > query + offset),
// out = dropout(P) V.  offset = keys - queries of the segment when causal, so that the last query sees every key.
// Dropout: probability of (h, query token i, key j of the segment) uses word j % 4 of
// philox(counter = {j / 4, i, h, stream low}, key = {seed low, seed high ^ stream high ^ 0x9E3779B9}); i counts tokens
// of the whole batch. A query that sees no key (an empty segment, or causal with fewer keys than queries) gives zeros
// and a lse of -infinity. (Vaswani et al. 2017; varlen form of Dao 2023)
struct AttentionArgs {
  View out;                                 // [Tq, H, D]
  View q;                                   // [Tq, H, D]
  View k, v;                                // [Tk, H, D]
  View q_offsets, k_offsets;                // i32 [B + 1] on the device
  std::span<const int32_t> host_q_offsets;  // the same on the host
  std::span<const int32_t> host_k_offsets;
  double scale = 1;
  bool causal = false;
  const RelativeBias* bias = nullptr;
  Dropout dropout;
  const View* lse = nullptr;  // out: [H, Tq], log sum exp of each row of scores, kept for the gradient; may be null
};

// With delta = rowsum(dout * out) and P recomputed from lse:  dV = dropout(P)^T dout,  dS = P * (dropout'(dout V^T) -
// delta), dQ = scale dS K,  dK = scale dS^T Q,  dtable[bucket, h] = sum of dS over the pairs of that bucket.
struct AttentionBackwardArgs {
  AttentionArgs forward;         // out and *lse hold what the forward pass made
  View dout;                     // [Tq, H, D]
  const View* dq = nullptr;      // out: [Tq, H, D], may be null
  const View* dk = nullptr;      // out: [Tk, H, D], may be null
  const View* dv = nullptr;      // out: [Tk, H, D], may be null
  const View* dtable = nullptr;  // out: [buckets, H], may be null
};

// Attention of texts that grow by some tokens at a time, without a gradient: keys and values are read where they lie,
// in pools of P tokens (Kwon et al. 2023, with pages of one token). Key j of segment b and its value are rows
// places[k_offsets[b] + j] of k and v; without places rows k_offsets[b] + j. For each segment and head:
// P = softmax(scale * Q K^T + bias), out = P V. Where it is causal or has a bias, the queries of a segment stand at the
// end of its keys, query i at i + keys - queries: the bias's query_offset is not read. A query that sees no key gives
// zeros.
struct DecodeAttentionArgs {
  View out;                      // [Tq, H, D], contiguous, as all of these
  View q;                        // [Tq, H, D]
  View k, v;                     // [P, H, D]
  const View* places = nullptr;  // i32 [Tk] in [0, P), any of them several times; may be null
  std::span<const int32_t> host_places;
  View q_offsets, k_offsets;  // i32 [B + 1] on the device
  std::span<const int32_t> host_q_offsets;
  std::span<const int32_t> host_k_offsets;
  double scale = 1;
  bool causal = false;
  const RelativeBias* bias = nullptr;
};

// losses[t] = -(1 - smoothing) * logp[t, target] - smoothing * mean_v logp[t, v], or 0 where target == ignore; logp =
// log softmax(logits).
struct CrossEntropyArgs {
  View losses;   // [T]
  View logits;   // [T, V]
  View targets;  // i32 [T]
  int32_t ignore = -100;
  double smoothing = 0;       // label smoothing (Szegedy et al. 2016)
  const View* lse = nullptr;  // out: [T], may be null
};

// dlogits[t, v] = dlosses[t] * (softmax(logits)[t, v] - (1 - smoothing) [v == target] - smoothing / V), 0 where target
// == ignore.
struct CrossEntropyBackwardArgs {
  View dlogits;  // [T, V]; may be the logits themselves
  View logits;
  View lse;      // [T]
  View targets;  // i32 [T]
  View dlosses;  // [T]; may be a broadcast view of stride 0
  int32_t ignore = -100;
  double smoothing = 0;
};

// One parameter of an optimizer step; all views have the same contiguous layout.
struct OptimizerTensor {
  View param, grad;
  View first, second;  // AdamW: m and v. SGD: first is the momentum buffer (unused when momentum is 0).
  double weight_decay = 0;
};

// AdamW as torch computes it (Loshchilov & Hutter 2019), g = grad * *grad_scale:
// p -= lr * wd * p;  m += (1 - b1) (g - m);  v = b2 v + (1 - b2) g^2;  p -= lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 -
// b2^t) + eps).
struct AdamWArgs {
  std::span<const OptimizerTensor> tensors;
  double learning_rate = 0, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  int64_t step = 1;                  // t, from 1
  const View* grad_scale = nullptr;  // one number on the device; null: 1
  const View* guard =
      nullptr;  // one number on the device: if it is not finite, nothing is written; null: always written
};

// SGD as torch computes it: g = grad * *grad_scale + wd p;  buf = g at step 1, else momentum * buf + g;
// p -= lr * (nesterov ? g + momentum * buf : momentum ? buf : g).
struct SgdArgs {
  std::span<const OptimizerTensor> tensors;
  double learning_rate = 0, momentum = 0;
  bool nesterov = false;
  int64_t step = 1;
  const View* grad_scale = nullptr;
  const View* guard = nullptr;
};

}  // namespace thaw
