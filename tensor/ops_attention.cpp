// SPDX-License-Identifier: Apache-2.0
// Attention over packed segments.
#include <utility>

#include "tensor/check.h"
#include "tensor/counters.h"
#include "tensor/operands.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// `where`: what keys and values lie in, for messages.
void check_heads(const char* name, const char* where, const Tensor& q, const Tensor& k, const Tensor& v,
                 const Segments& queries, const Segments& keys, const Attention& options) {
  check_operand(name, "the tensor of queries", q);
  check_beside(name, q, fmt::format("the {} of keys", where).c_str(), k);
  check_beside(name, q, fmt::format("the {} of values", where).c_str(), v);
  check(queries.defined() && keys.defined(), "{}: the segments of the {} are undefined", name,
        queries.defined() ? "keys" : "queries");
  check(q.rank() == 3 && k.rank() == 3 && k.shape() == v.shape() && q.size(1) == k.size(1) && q.size(2) == k.size(2),
        "{}: queries {}, keys {}, values {} are not [tokens, heads, head size]", name, q.shape(), k.shape(), v.shape());
  if (!options.bias) return;
  const Tensor& table = options.bias->table;
  check_beside(name, q, "the table of biases", table);
  check(table.rank() == 2 && table.size(1) == q.size(1), "{}: bias table {} for {} heads", name, table.shape(),
        q.size(1));
}

void check_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& queries, const Segments& keys,
                     const Attention& options) {
  check_heads("attention", "tensor", q, k, v, queries, keys, options);
  check(queries.total() == q.size(0) && keys.total() == k.size(0) && queries.count() == keys.count(),
        "attention: {} query and {} key segments of {} and {} tokens for queries {} and keys {}", queries.count(),
        keys.count(), queries.total(), keys.total(), q.shape(), k.shape());
  check(options.dropout.probability >= 0 && options.dropout.probability < 1, "attention: dropout {} is not in [0, 1)",
        options.dropout.probability);
  if (options.bias) {
    const RelativeBiasTable& bias = *options.bias;
    // Distances key - query lie in [-(longest query - 1) - offset, longest key - 1 - offset].
    check(bias.zero - bias.query_offset - (queries.longest() - 1) >= 0 &&
              bias.zero - bias.query_offset + keys.longest() - 1 < bias.bucket_of.size(),
          "attention: {} distances around {} do not cover segments of {} queries and {} keys", bias.bucket_of.size(),
          bias.zero, queries.longest(), keys.longest());
  }
}

// Multiply-adds of one pass over all pairs, times two.
double pair_flops(const Tensor& q, const Segments& queries, const Segments& keys) {
  double pairs = 0;
  for (int64_t b = 0; b < queries.count(); ++b) pairs += static_cast<double>(queries.length(b)) * keys.length(b);
  return 2 * pairs * static_cast<double>(q.size(1) * q.size(2));
}

// Distances key - query of queries at the end of their keys lie in [-(longest keys - 1), longest queries - 1].
void check_decode_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& queries,
                            const Segments& keys, const Indices& places, const Attention& options) {
  check_heads("decode_attention", "pool", q, k, v, queries, keys, options);
  check(queries.total() == q.size(0) && queries.count() == keys.count(),
        "decode_attention: {} query and {} key segments, the first of {} tokens for queries {}", queries.count(),
        keys.count(), queries.total(), q.shape());
  const bool in_order = !places.device().defined();
  check(in_order ? keys.total() <= k.size(0) : places.size() == keys.total(),
        "decode_attention: {} keys of segments for {} {}", keys.total(), in_order ? k.size(0) : places.size(),
        in_order ? "of the pool" : "places");
  for (const int32_t place : places.host())
    check(place >= 0 && place < k.size(0), "decode_attention: place {} in a pool of {}", place, k.size(0));
  check(options.dropout.probability == 0, "decode_attention: it has no dropout");
  if (!options.bias) return;
  const RelativeBiasTable& bias = *options.bias;
  check(bias.query_offset == 0, "decode_attention: queries begin behind the other keys, not at {}", bias.query_offset);
  check(bias.zero - (keys.longest() - 1) >= 0 && bias.zero + queries.longest() - 1 < bias.bucket_of.size(),
        "decode_attention: {} distances around {} do not cover segments of {} queries and {} keys",
        bias.bucket_of.size(), bias.zero, queries.longest(), keys.longest());
}

AttentionArgs make_args(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& out, const Segments& queries,
                        const Segments& keys, const Attention& options, RelativeBias& bias) {
  AttentionArgs args;
  args.out = out.view();
  args.q = q.view();
  args.k = k.view();
  args.v = v.view();
  args.q_offsets = queries.offsets().view();
  args.k_offsets = keys.offsets().view();
  args.host_q_offsets = queries.offsets().host();
  args.host_k_offsets = keys.offsets().host();
  args.scale = options.scale;
  args.causal = options.causal;
  args.dropout = options.dropout;
  if (options.bias) {
    bias = {options.bias->table.view(), options.bias->bucket_of.view(), options.bias->bucket_of.host(),
            options.bias->zero, options.bias->query_offset};
    args.bias = &bias;
  }
  return args;
}

}  // namespace

AttentionResult attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& queries,
                          const Segments& keys, const Attention& options, bool keep) {
  check_attention(q, k, v, queries, keys, options);
  AttentionResult result;
  result.out = Tensor::empty(q.shape(), q.dtype(), q.device());
  if (keep) result.lse = Tensor::empty({q.size(1), q.size(0)}, q.dtype(), q.device());
  if (q.numel() == 0) return result;
  RelativeBias bias;
  AttentionArgs args = make_args(q, k, v, result.out, queries, keys, options, bias);
  args.lse = keep ? &result.lse.view() : nullptr;
  count_launch("attention", 2 * pair_flops(q, queries, keys));
  q.backend().attention(args);
  return result;
}

Tensor decode_attention(const Tensor& q, const Tensor& k, const Tensor& v, const Segments& queries,
                        const Segments& keys, const Indices& places, const Attention& options) {
  check_decode_attention(q, k, v, queries, keys, places, options);
  const Tensor out = Tensor::empty(q.shape(), q.dtype(), q.device());
  if (q.numel() == 0) return out;
  const Tensor dense_q = q.contiguous(), dense_k = k.contiguous(), dense_v = v.contiguous();
  DecodeAttentionArgs args;
  args.out = out.view();
  args.q = dense_q.view();
  args.k = dense_k.view();
  args.v = dense_v.view();
  args.places = places.device().defined() ? &places.view() : nullptr;
  args.host_places = places.host();
  args.q_offsets = queries.offsets().view();
  args.k_offsets = keys.offsets().view();
  args.host_q_offsets = queries.offsets().host();
  args.host_k_offsets = keys.offsets().host();
  args.scale = options.scale;
  args.causal = options.causal;
  RelativeBias bias;
  if (options.bias) {
    bias = {options.bias->table.view(), options.bias->bucket_of.view(), options.bias->bucket_of.host(),
            options.bias->zero, 0};
    args.bias = &bias;
  }
  count_launch("decode_attention", 2 * pair_flops(q, queries, keys));
  q.backend().decode_attention(args);
  return out;
}

AttentionGradients attention_backward(const Tensor& dout, const Tensor& q, const Tensor& k, const Tensor& v,
                                      const AttentionResult& kept, const Segments& queries, const Segments& keys,
                                      const Attention& options, AttentionWanted wanted) {
  check_operand("attention_backward", "the gradient", dout);
  check(dout.shape() == q.shape(), "attention_backward: gradient {} for {}", dout.shape(), q.shape());
  AttentionGradients g;
  const bool nothing = q.numel() == 0;
  const auto make = [&](bool want, const Shape& shape) {
    if (!want) return Tensor();
    return nothing ? Tensor::zeros(shape, q.dtype(), q.device()) : Tensor::empty(shape, q.dtype(), q.device());
  };
  g.q = make(wanted.q, q.shape());
  g.k = make(wanted.k, k.shape());
  g.v = make(wanted.v, v.shape());
  g.table = make(wanted.table && options.bias, options.bias ? options.bias->table.shape() : Shape());
  if (nothing) return g;
  const Tensor dense = dout.contiguous();
  RelativeBias bias;
  AttentionBackwardArgs args;
  args.forward = make_args(q, k, v, kept.out, queries, keys, options, bias);
  args.forward.lse = &kept.lse.view();
  args.dout = dense.view();
  args.dq = g.q.defined() ? &g.q.view() : nullptr;
  args.dk = g.k.defined() ? &g.k.view() : nullptr;
  args.dv = g.v.defined() ? &g.v.view() : nullptr;
  args.dtable = g.table.defined() ? &g.table.view() : nullptr;
  // Scores again, dP, and one product per gradient.
  count_launch("attention_backward", (2 + wanted.q + wanted.k + wanted.v) * pair_flops(q, queries, keys));
  q.backend().attention_backward(args);
  return g;
}

}  // namespace thaw
