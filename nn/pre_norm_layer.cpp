// SPDX-License-Identifier: Apache-2.0
// The wiring of a pre-norm layer, and its names.
#include "nn/pre_norm_layer.h"

#include "nn/frozen_block.h"
#include "tensor/check.h"

namespace thaw {

namespace {

AttentionOptions attention_options(const PreNormOptions& o, const PreNormNames& names) {
  AttentionOptions options;
  options.channels = o.channels;
  options.heads = o.heads;
  options.causal = o.causal;
  options.bias = o.bias;
  options.key_bias = names.key_bias;
  options.dropout = o.attention_dropout;
  options.query = names.query;
  options.key = names.key;
  options.value = names.value;
  return options;
}

FeedForwardOptions feed_forward_options(const PreNormOptions& o) {
  FeedForwardOptions options;
  options.channels = o.channels;
  options.inner_channels = o.inner_channels;
  options.activation = o.activation;
  options.dropout = o.inner_dropout;
  return options;
}

// Are the rows the last ones of their sequences? A causal mask ends where keys do.
bool are_last(const Segments& segments, const Indices& rows, const Segments& of_each) {
  for (int64_t b = 0; b < of_each.count(); ++b)
    for (int32_t i = of_each.begin(b); i < of_each.end(b); ++i)
      if (rows.host()[static_cast<size_t>(i)] != segments.end(b) - of_each.end(b) + i) return false;
  return true;
}

}  // namespace

PreNormNames PreNormNames::vit() {
  return {.attention = "attention.attention",
          .query = "query",
          .key = "key",
          .value = "value",
          .attention_output = "attention.output.dense",
          .inner = "intermediate.dense",
          .outer = "output.dense",
          .attention_norm = "layernorm_before",
          .feed_forward_norm = "layernorm_after"};
}

PreNormNames PreNormNames::clip() {
  return {.attention = "self_attn",
          .query = "q_proj",
          .key = "k_proj",
          .value = "v_proj",
          .attention_output = "self_attn.out_proj",
          .inner = "mlp.fc1",
          .outer = "mlp.fc2",
          .attention_norm = "layer_norm1",
          .feed_forward_norm = "layer_norm2"};
}

PreNormNames PreNormNames::whisper() {
  PreNormNames names = clip();
  names.inner = "fc1";
  names.outer = "fc2";
  names.attention_norm = "self_attn_layer_norm";
  names.feed_forward_norm = "final_layer_norm";
  names.key_bias = false;
  return names;
}

PreNormLayer::PreNormLayer(const Scope& s, const PreNormOptions& o, const PreNormNames& names, const PreNormInit& init)
    : scope(s),
      attention_norm(s / names.attention_norm, o.channels, o.eps),
      feed_forward_norm(s / names.feed_forward_norm, o.channels, o.eps),
      attention(s / names.attention, attention_options(o, names), init.attention),
      attention_output(Linear(s / names.attention_output, o.channels, o.channels, init.attention_output)
                           .as(ProductRole::attention_output)),
      feed_forward(s / names.inner, s / names.outer, feed_forward_options(o), init.inner, init.outer),
      dropout(s, o.dropout) {}

Variable PreNormLayer::operator()(const Variable& x, const Segments& segments) const {
  const FrozenBlock evaluation(scope, {x});
  return behind_attention(attention(attention_norm(x), segments), x);
}

Variable PreNormLayer::at_rows(const Variable& x, const Segments& segments, const Indices& rows,
                               const Segments& of_each) const {
  check(of_each.count() == segments.count() && of_each.total() == rows.size(),
        "{}: {} rows of {} sequences, of {} and {} it was said", scope.path(), rows.size(), segments.count(),
        of_each.total(), of_each.count());
  check(!attention.causal || are_last(segments, rows, of_each), "{}: a causal layer gives the last rows alone",
        scope.path());
  const FrozenBlock evaluation(scope, {x});
  const Variable normed = attention_norm(x);
  return behind_attention(attention(take_rows(normed, rows), normed, of_each, segments), take_rows(x, rows));
}

Variable PreNormLayer::behind_attention(const Variable& context, const Variable& x) const {
  Variable sum;
  const Variable fed = feed_forward(feed_forward_norm(attention_output(context), x, dropout.next(), &sum));
  return dropout(fed, sum);
}

}  // namespace thaw
