// SPDX-License-Identifier: Apache-2.0
// A block of GPT-1 or of GPT-2.
#include "models/gpt/block.h"

#include <cmath>

#include "nn/frozen_block.h"

namespace thaw {

namespace {

constexpr WeightLayout conv1d = WeightLayout::in_out;

Init weights(const GptConfig& config) { return Init::normal(config.initializer_range); }

// What is added to the residual path begins smaller in GPT-2, the deeper the model, the smaller.
Init residual_weights(const GptConfig& config) {
  if (config.is_gpt1()) return weights(config);
  return Init::normal(config.initializer_range / std::sqrt(2 * static_cast<double>(config.n_layer)));
}

AttentionOptions attention_options(const GptConfig& config, int layer) {
  AttentionOptions options;
  options.channels = config.n_embd;
  options.heads = config.n_head;
  options.scale = config.score_scale(layer);
  options.causal = true;
  options.layout = conv1d;
  options.dropout = config.attn_pdrop;
  options.joined = "c_attn";
  return options;
}

FeedForward feed_forward_at(const Scope& s, const GptConfig& config) {
  FeedForward f;
  f.inner =
      Linear(s / "c_fc", config.n_embd, config.inner_size(), weights(config), true, conv1d).as(ProductRole::inner);
  f.outer = Linear(s / "c_proj", config.inner_size(), config.n_embd, residual_weights(config), true, conv1d)
                .as(ProductRole::outer);
  f.activation = config.activation();
  f.dropout = DropoutLayer(s, 0);
  return f;
}

}  // namespace

GptBlock::GptBlock(const Scope& s, const GptConfig& config, int layer)
    : scope(s),
      norms_first(!config.is_gpt1()),
      norm_1(s / "ln_1", config.n_embd, config.layer_norm_epsilon),
      norm_2(s / "ln_2", config.n_embd, config.layer_norm_epsilon),
      attention(s / "attn", attention_options(config, layer), weights(config)),
      attention_output(Linear(s / "attn.c_proj", config.n_embd, config.n_embd, residual_weights(config), true, conv1d)
                           .as(ProductRole::attention_output)),
      feed_forward(feed_forward_at(s / "mlp", config)),
      dropout(s, config.resid_pdrop) {}

Variable GptBlock::operator()(const Variable& x, const Segments& segments) const {
  const FrozenBlock evaluation(scope, {x});
  return step(x, segments, [](const KeysAndValues& fresh) { return fresh; });
}

Variable GptBlock::last_rows(const Variable& x, const Segments& segments, const Indices& last,
                             const Segments& one_each) const {
  const FrozenBlock evaluation(scope, {x});
  const MultiHeadAttention::Heads h = heads_of(x);
  const Shape one_row{last.size(), attention.heads, attention.head_size};
  const Shape side_by_side{x.size(0), attention.heads * attention.head_size};
  const Variable queries = reshape(take_rows(reshape(h.queries, side_by_side), last), one_row);
  return behind_attention(attention.attend(queries, h.keys, h.values, one_each, segments), take_rows(x, last));
}

Variable GptBlock::step(const Variable& x, const Segments& segments, const SeenKeys& seen) const {
  const MultiHeadAttention::Heads h = heads_of(x);
  return behind_attention(attend_to(attention, h.queries, segments, seen({h.keys, h.values, segments})), x);
}

Variable GptBlock::behind_attention(const Variable& context, const Variable& x) const {
  const Variable made = attention_output(context);
  if (!norms_first) {
    const Variable n = norm_1(made, x, dropout.next());
    return norm_2(feed_forward(n), n, dropout.next());
  }
  Variable sum;
  const Variable fed = feed_forward(norm_2(made, x, dropout.next(), &sum));
  return dropout(fed, sum);
}

}  // namespace thaw
