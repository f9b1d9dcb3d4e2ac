// SPDX-License-Identifier: Apache-2.0
// The three products and the attention between them.
#include "nn/attention.h"

#include <cmath>

#include "nn/naming.h"
#include "nn/soft_prompt.h"
#include "tensor/check.h"

namespace thaw {

MultiHeadAttention::MultiHeadAttention(const Scope& s, const AttentionOptions& o, const Init& init)
    : dropout(s, o.dropout), heads(o.heads), head_size(o.head_size), causal(o.causal), path(s.path()) {
  check(heads > 0 && (head_size > 0 || o.channels % heads == 0), "{}: {} channels do not make {} heads", s.path(),
        o.channels, heads);
  if (head_size == 0) head_size = o.channels / heads;
  if (o.takes_prefixes) take_prefixes(s);
  scale = o.scale != 0 ? o.scale : 1 / std::sqrt(static_cast<double>(head_size));
  const int64_t memory = o.memory_channels ? o.memory_channels : o.channels;
  const int64_t width = heads * head_size;
  if (!o.joined.empty()) {
    check(memory == o.channels, "{}: queries, keys and values of one product have one input, not {} and {} channels",
          s.path(), o.channels, memory);
    joined = Linear(s / o.joined, o.channels, 3 * width, init, o.bias, o.layout).as(ProductRole::joined);
    return;
  }
  query = Linear(s / o.query, o.channels, width, init, o.bias, o.layout).as(ProductRole::query);
  key = Linear(s / o.key, memory, width, init, o.bias && o.key_bias, o.layout).as(ProductRole::key);
  value = Linear(s / o.value, memory, width, init, o.bias, o.layout).as(ProductRole::value);
}

// Values first, so that the gradients of x are summed in one order, whichever products made the three.
MultiHeadAttention::Heads MultiHeadAttention::heads_of(const Variable& x) const {
  Heads h;
  if (joined.defined()) {
    const int64_t width = heads * head_size;
    const Variable all = joined(x);
    h.values = split(slice(all, 1, 2 * width, 3 * width));
    h.keys = split(slice(all, 1, width, 2 * width));
    h.queries = split(slice(all, 1, 0, width));
  } else {
    h.values = values(x);
    h.keys = keys(x);
    h.queries = queries(x);
  }
  return h;
}

const Linear& MultiHeadAttention::part(const Linear& product) const {
  check(product.defined(), "attention: {} makes queries, keys and values in one product: they are not made alone",
        joined.defined() ? joined.weight.name() : "no weight");
  return product;
}

void MultiHeadAttention::take_prefixes(const Scope& s) {
  prefix = std::make_shared<AttentionPrefix>(AttentionPrefix{
      .path = s.path(), .heads = heads, .width = heads * head_size, .causal = causal, .keys = {}, .values = {}});
  s.store().add_attention_prefix(prefix);
}

MultiHeadAttention::Heads MultiHeadAttention::heads_of_prefix() const {
  return {{}, split(prefix->keys), split(prefix->values)};
}

Variable MultiHeadAttention::behind_prefix(const Variable& rows, const Variable& of_prefix,
                                           const Indices& order) const {
  return split(take_rows(concat({of_prefix, reshape(rows, {rows.size(0), heads * head_size})}, 0), order));
}

Variable MultiHeadAttention::attend(const Variable& q, const Variable& k, const Variable& v,
                                    const Segments& query_segments, const Segments& key_segments,
                                    const RelativeBiasVariable& bias) const {
  const Attention options{scale, causal, dropout.next(), {}};
  const Variable out = naming(path, [&] {
    if (prefix_rows() == 0) return attention(q, k, v, query_segments, key_segments, options, bias);
    const PromptedRows rows(key_segments, prefix_rows());
    RelativeBiasVariable farther = bias;
    farther.query_offset += prefix_rows();
    return attention(q, behind_prefix(k, prefix->keys, rows.order), behind_prefix(v, prefix->values, rows.order),
                     query_segments, rows.segments, options, farther);
  });
  return reshape(out, {q.size(0), heads * head_size});
}

}  // namespace thaw
