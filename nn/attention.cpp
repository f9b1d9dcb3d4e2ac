// SPDX-License-Identifier: Apache-2.0
// The three products and the attention between them.
#include "nn/attention.h"

#include <cmath>

namespace thaw {

MultiHeadAttention::MultiHeadAttention(const Scope& s, const AttentionOptions& o, const Init& init)
    : dropout(s, o.dropout), heads(o.heads), head_size(o.head_size), causal(o.causal) {
  check(heads > 0 && (head_size > 0 || o.channels % heads == 0), "{}: {} channels do not make {} heads", s.path(),
        o.channels, heads);
  if (head_size == 0) head_size = o.channels / heads;
  scale = o.scale != 0 ? o.scale : 1 / std::sqrt(static_cast<double>(head_size));
  const int64_t memory = o.memory_channels ? o.memory_channels : o.channels;
  query = Linear(s / o.query, o.channels, heads * head_size, init, o.bias);
  key = Linear(s / o.key, memory, heads * head_size, init, o.bias);
  value = Linear(s / o.value, memory, heads * head_size, init, o.bias);
}

Variable MultiHeadAttention::attend(const Variable& q, const Variable& k, const Variable& v,
                                    const Segments& query_segments, const Segments& key_segments,
                                    const RelativeBiasVariable& bias) const {
  const Attention options{scale, causal, dropout.next(), {}};
  const Variable out = attention(q, k, v, query_segments, key_segments, options, bias);
  return reshape(out, {q.size(0), heads * head_size});
}

}  // namespace thaw
