// SPDX-License-Identifier: Apache-2.0
// A block of T5, whole texts or some tokens at a time.
#include "models/t5/block.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "nn/frozen_block.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// As the reference library begins them (mesh-tensorflow's choices, folded together).
Init weights(const T5Config& config, int64_t inputs) {
  return Init::normal(config.initializer_factor / std::sqrt(static_cast<double>(inputs)));
}

RMSNorm norm_at(const Scope& s, const T5Config& config) {
  RMSNorm norm;
  norm.weight = s.parameter("weight", {config.d_model}, Init::constant(config.initializer_factor));
  norm.eps = config.layer_norm_epsilon;
  return norm;
}

MultiHeadAttention heads_at(const Scope& s, const T5Config& config, bool causal) {
  const int64_t width = config.num_heads * config.d_kv;
  MultiHeadAttention heads;
  heads.query = Linear(s / "q", config.d_model, width, weights(config, config.d_model * config.d_kv), false)
                    .as(ProductRole::query);
  heads.key = Linear(s / "k", config.d_model, width, weights(config, config.d_model), false).as(ProductRole::key);
  heads.value = Linear(s / "v", config.d_model, width, weights(config, config.d_model), false).as(ProductRole::value);
  heads.dropout = DropoutLayer(s, config.dropout_rate);
  heads.heads = config.num_heads;
  heads.head_size = config.d_kv;
  heads.scale = 1;
  heads.causal = causal;
  heads.path = s.path();
  return heads;
}

FeedForward feed_forward_at(const Scope& s, const T5Config& config) {
  FeedForward f;
  f.inner = Linear(s / (config.is_gated_act ? "wi_0" : "wi"), config.d_model, config.d_ff,
                   weights(config, config.d_model), false)
                .as(ProductRole::inner);
  if (config.is_gated_act)
    f.factor = Linear(s / "wi_1", config.d_model, config.d_ff, weights(config, config.d_model), false);
  f.outer = Linear(s / "wo", config.d_ff, config.d_model, weights(config, config.d_ff), false).as(ProductRole::outer);
  f.activation = config.activation();
  f.dropout = DropoutLayer(s, config.dropout_rate);
  return f;
}

RelativePositionBias bias_at(const Scope& s, const T5Config& config, bool causal) {
  const DistanceBuckets buckets{causal, config.relative_attention_num_buckets, config.relative_attention_max_distance};
  return {s / "relative_attention_bias", buckets, config.num_heads, weights(config, config.d_model)};
}

}  // namespace

T5Attention::T5Attention(const Scope& s, const std::string& name, const T5Config& config, bool causal)
    : norm(norm_at(s / "layer_norm", config)),
      heads(heads_at(s / name, config, causal)),
      output(Linear(s / name / "o", config.num_heads * config.d_kv, config.d_model,
                    weights(config, config.num_heads * config.d_kv), false)
                 .as(ProductRole::attention_output)) {}

Variable T5Attention::attend(const Variable& rows, const Segments& segments, const KeysAndValues& seen) const {
  const Variable queries = heads.queries(rows);
  if (!bias.defined()) return output(attend_to(heads, queries, segments, seen));
  check(seen.kept || seen.segments.total() == segments.total(), "{}: {} tokens attend to {} keys, not kept ones",
        heads.path, segments.total(), seen.segments.total());
  const int64_t longest =
      seen.kept ? std::max(segments.longest(), seen.segments.longest()) : seen.segments.longest() + heads.prefix_rows();
  return output(attend_to(heads, queries, segments, seen, bias(longest)));
}

T5Block::T5Block(const Scope& s, const T5Config& config, Kind kind, const RelativePositionBias& bias)
    : scope(s), self(s / "layer.0", "SelfAttention", config, kind == Kind::decoder), dropout(s, config.dropout_rate) {
  self.heads.take_prefixes(s / "layer.0.SelfAttention");
  self.bias = bias.defined() ? bias : bias_at(s / "layer.0.SelfAttention", config, kind == Kind::decoder);
  if (kind == Kind::decoder) cross = T5Attention(s / "layer.1", "EncDecAttention", config, false);
  const Scope last = s / (kind == Kind::decoder ? "layer.2" : "layer.1");
  feed_forward_norm = norm_at(last / "layer_norm", config);
  feed_forward = feed_forward_at(last / "DenseReluDense", config);
}

Variable T5Block::operator()(const Variable& x, const Segments& segments, const Variable& memory,
                             const Segments& memory_segments) const {
  const FrozenBlock evaluation(scope, {x, memory});
  const SeenKeys own = [](const KeysAndValues& fresh) { return fresh; };
  if (!reads_memory()) return step(x, segments, own, {}, {});
  return step(x, segments, own, cross.keys_and_values(memory, memory_segments), segments);
}

Variable T5Block::step(const Variable& x, const Segments& segments, const SeenKeys& seen, const KeysAndValues& memory,
                       const Segments& sharers) const {
  const Variable rows = self.norm(x);
  Variable made = self.attend(rows, segments, seen(self.keys_and_values(rows, segments)));
  Variable before = x, sum;
  if (reads_memory()) {
    made = cross.attend(cross.norm(made, before, dropout.next(), &sum), sharers, memory);
    before = sum;
  }
  made = feed_forward(feed_forward_norm(made, before, dropout.next(), &sum));
  return dropout(made, sum);
}

}  // namespace thaw
