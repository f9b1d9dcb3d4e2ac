// SPDX-License-Identifier: Apache-2.0
// The decoder's forward pass, over whole texts or some tokens at a time.
#include "models/bert/decoder.h"

#include <algorithm>
#include <utility>

#include "nn/checkpoint_block.h"
#include "nn/frozen_block.h"
#include "tensor/check.h"

namespace thaw {

namespace {

BertEmbeddings shared_embeddings(const Scope& s, const BertEmbeddings& shared) {
  BertEmbeddings embeddings = shared;
  embeddings.scope = s;
  return embeddings;
}

// A layer whose tokens see those before them alone.
BertLayer causal_layer(const Scope& s, const BertConfig& config, const BertLayer* shared) {
  BertLayer layer = shared ? *shared : BertLayer(s, config);
  layer.scope = s;
  layer.attention.causal = true;
  if (shared) {
    layer.attention.path = (s / "attention.self").path();
    layer.attention.take_prefixes(s / "attention.self");  // in a place of its own
  } else {
    layer.attention.prefix->causal = true;
  }
  layer.attention.prefix->positions = config.max_position_embeddings;
  return layer;
}

AttentionOptions cross_options(const BertConfig& config) {
  AttentionOptions options;
  options.channels = config.hidden_size;
  options.heads = config.num_attention_heads;
  options.dropout = config.attention_probs_dropout_prob;
  options.takes_prefixes = false;
  return options;
}

// Values first, as MultiHeadAttention makes them.
KeysAndValues keys_and_values_of(const MultiHeadAttention& heads, const Variable& rows, const Segments& segments) {
  const Variable values = heads.values(rows);
  return {heads.keys(rows), values, segments};
}

}  // namespace

BertCrossAttention::BertCrossAttention(const Scope& s, const BertConfig& config)
    : heads(s / "self", cross_options(config), Init::normal(config.initializer_range)),
      output(Linear(s / "output.dense", config.hidden_size, config.hidden_size, Init::normal(config.initializer_range))
                 .as(ProductRole::attention_output)),
      norm(s / "output.LayerNorm", config.hidden_size, config.layer_norm_eps),
      dropout(s, config.hidden_dropout_prob) {}

KeysAndValues BertCrossAttention::keys_and_values(const EncoderMemory& memory) const {
  return keys_and_values_of(heads, memory.states, memory.segments);
}

Variable BertCrossAttention::operator()(const Variable& x, const Segments& sharers, const KeysAndValues& memory) const {
  return norm(output(attend_to(heads, heads.queries(x), sharers, memory)), x, dropout.next());
}

BertDecoderLayer::BertDecoderLayer(const Scope& s, const BertConfig& config, const BertLayer* shared)
    : layer(causal_layer(s, config, shared)), cross(s / "crossattention", config) {}

Variable BertDecoderLayer::operator()(const Variable& x, const Segments& segments, const EncoderMemory& memory) const {
  const FrozenBlock evaluation(layer.scope, {x, memory.states});
  const SeenKeys own = [](const KeysAndValues& fresh) { return fresh; };
  return step(x, segments, own, cross.keys_and_values(memory), segments);
}

Variable BertDecoderLayer::step(const Variable& x, const Segments& segments, const SeenKeys& seen,
                                const KeysAndValues& memory, const Segments& sharers) const {
  const MultiHeadAttention& self = layer.attention;
  const KeysAndValues all = seen(keys_and_values_of(self, x, segments));
  const Variable a = layer.attended(x, attend_to(self, self.queries(x), segments, all));
  return layer.fed(cross(a, sharers, memory));
}

BertDecoder::BertDecoder(const Scope& s, const BertConfig& config, const Embedding& words)
    : scope(s), embeddings(s / "embeddings", config, words) {
  for (int i = 0; i < config.num_hidden_layers; ++i) layers.emplace_back(s / "encoder.layer" / i, config);
}

BertDecoder::BertDecoder(const Scope& s, const BertConfig& config, const Bert& shared)
    : scope(s), embeddings(shared_embeddings(s / "embeddings", shared.embeddings)) {
  check(config.num_hidden_layers <= std::ssize(shared.layers), "{}: {} layers are shared, the encoder has {}", s.path(),
        config.num_hidden_layers, shared.layers.size());
  for (int i = 0; i < config.num_hidden_layers; ++i)
    layers.emplace_back(s / "encoder.layer" / i, config, &shared.layers[static_cast<size_t>(i)]);
}

int64_t BertDecoder::prefix_rows() const {
  int64_t rows = 0;
  for (const BertDecoderLayer& layer : layers) rows = std::max(rows, layer.layer.attention.prefix_rows());
  return rows;
}

Variable BertDecoder::embed(const Indices& ids, const Indices& positions) const {
  const auto before = static_cast<int32_t>(prefix_rows());
  if (before == 0) return embeddings(ids, positions);
  std::vector<int32_t> behind;
  for (const int32_t position : positions.host()) behind.push_back(position + before);
  return embeddings(ids, Indices(std::move(behind), scope.store().device()));
}

Variable BertDecoder::operator()(const PackedText& text, const EncoderMemory& memory,
                                 std::vector<Variable>* hidden) const {
  Variable x = embed(text.ids, text.positions);
  if (hidden) *hidden = {x};
  for (const BertDecoderLayer& layer : layers) {
    const auto run = [layer, of_x = text.segments, of_memory = memory.segments](const std::vector<Variable>& in) {
      return layer(in[0], of_x, {in[1], of_memory});
    };
    x = checkpoint_block(checkpointing, layer.layer.scope, {x, memory.states}, run);
    if (hidden) hidden->push_back(x);
  }
  return x;
}

std::vector<KeysAndValues> BertDecoder::memory_keys(const EncoderMemory& memory) const {
  std::vector<KeysAndValues> keys;
  for (const BertDecoderLayer& layer : layers) keys.push_back(layer.cross.keys_and_values(memory));
  return keys;
}

Variable BertDecoder::step(const DecoderStep& tokens, const SeenKeysOfLayer& seen,
                           std::span<const KeysAndValues> memory) const {
  check(memory.size() == layers.size(), "{}: keys of {} layers for {}", scope.path(), memory.size(), layers.size());
  Variable x = embed(tokens.ids, tokens.positions);
  for (size_t i = 0; i < layers.size(); ++i) {
    const SeenKeys of_layer = [&](const KeysAndValues& fresh) { return seen(i, fresh); };
    x = layers[i].step(x, tokens.segments, of_layer, memory[i], tokens.sharers);
  }
  return x;
}

}  // namespace thaw
