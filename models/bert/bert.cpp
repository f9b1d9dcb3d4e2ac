// SPDX-License-Identifier: Apache-2.0
// BERT's forward pass.
#include "models/bert/bert.h"

#include <algorithm>
#include <span>

#include "nn/checkpoint_block.h"
#include "nn/frozen_block.h"
#include "tensor/check.h"

namespace thaw {

namespace {

Init weights(const BertConfig& config) { return Init::normal(config.initializer_range); }

AttentionOptions attention_options(const BertConfig& config, const BertLayerNames& names) {
  AttentionOptions options;
  options.query = names.query;
  options.key = names.key;
  options.value = names.value;
  options.channels = config.hidden_size;
  options.heads = config.num_attention_heads;
  options.dropout = config.attention_probs_dropout_prob;
  return options;
}

FeedForwardOptions feed_forward_options(const BertConfig& config) {
  return {config.hidden_size, config.intermediate_size, config.activation()};
}

Embedding types_at(const Scope& s, const BertConfig& config) {
  if (config.type_vocab_size == 0) return {};
  return {s, config.type_vocab_size, config.hidden_size, weights(config)};
}

// The rows that a layer's tokens attend to, and the texts they form.
Variable memory_rows(const Variable& x, const BertInput& text) {
  return text.keeps_padding() ? take_rows(x, text.text_rows) : x;
}
const Segments& memory_segments(const BertInput& text) {
  return text.keeps_padding() ? text.text_segments : text.segments;
}

// The texts' rows of an output that has those of a prompt.
Variable rows_of_texts(const Variable& x, const BertInput& text) {
  return text.prompted_texts.size() > 0 ? take_rows(x, text.prompted_texts) : x;
}

}  // namespace

BertEmbeddings::BertEmbeddings(const Scope& s, const BertConfig& config, const Embedding& shared_words)
    : scope(s),
      words(shared_words.weight.defined()
                ? shared_words
                : Embedding(s / "word_embeddings", config.vocab_size, config.hidden_size, weights(config))),
      positions(s / "position_embeddings", config.max_position_embeddings, config.hidden_size, weights(config)),
      types(types_at(s / "token_type_embeddings", config)),
      norm(s / "LayerNorm", config.hidden_size, config.layer_norm_eps),
      dropout(s, config.hidden_dropout_prob),
      padding_id(config.pad_token_id) {}

Variable BertEmbeddings::operator()(const BertInput& text, const Variable& prompt) const {
  const FrozenBlock evaluation(scope, {prompt, text.rows, words.weight});
  Variable rows = text.rows.defined() ? text.rows : look_up(words, text.ids, padding_id);
  if (text.prompted_order.size() > 0) rows = take_rows(concat({prompt, rows}, 0), text.prompted_order);
  if (types.weight.defined()) rows = add(rows, types(text.type_ids));
  return dropout(norm(rows, look_up(positions, text.positions, padding_position)));
}

Variable BertEmbeddings::operator()(const Indices& ids, const Indices& at) const {
  // By their names they may be another module's: a tie.
  const FrozenBlock evaluation(scope, {words.weight, positions.weight, types.weight, norm.weight, norm.bias});
  const Indices of_type_0(std::vector<int32_t>(static_cast<size_t>(ids.size())), scope.store().device());
  return dropout(norm(add(look_up(words, ids, padding_id), types(of_type_0)), positions(at)));
}

Variable BertEmbeddings::look_up(const Embedding& table, const Indices& ids, std::optional<int64_t> padding) {
  const Variable rows = table(ids);
  const auto is_padding = [&](int32_t id) { return padding == id; };
  if (!rows.tracked() || std::ranges::none_of(ids.host(), is_padding)) return rows;
  std::vector<float> untrained;
  for (const int32_t id : ids.host()) untrained.push_back(is_padding(id) ? 1 : 0);
  const Tensor padded = Tensor::from_host(untrained, {ids.size(), 1}, rows.value().device(), rows.value().dtype());
  return where(padded.expand(rows.shape()), rows.detach(), rows);
}

BertLayer::BertLayer(const Scope& s, const BertConfig& config, const BertLayerNames& names,
                     const RelativePositionBias& of_scores)
    : scope(s),
      attention(s / names.attention, attention_options(config, names), weights(config)),
      attention_output(Linear(s / names.attention_output, config.hidden_size, config.hidden_size, weights(config))
                           .as(ProductRole::attention_output)),
      attention_norm(s / names.attention_norm, config.hidden_size, config.layer_norm_eps),
      feed_forward(s / "intermediate.dense", s / "output.dense", feed_forward_options(config), weights(config)),
      output_norm(s / "output.LayerNorm", config.hidden_size, config.layer_norm_eps),
      dropout(s, config.hidden_dropout_prob),
      bias(of_scores) {}

Variable BertLayer::operator()(const Variable& x, const Segments& segments, const Variable& memory,
                               const Segments& memory_segments) const {
  const FrozenBlock evaluation(scope, {x, memory, bias.table()});
  const Variable context =
      attention(x, memory, segments, memory_segments, bias.of(memory_segments.longest() + attention.prefix_rows()));
  return fed(attended(x, context));
}

BertPooler::BertPooler(const Scope& s, const BertConfig& config)
    : path(s.path()), dense(s / "dense", config.hidden_size, config.hidden_size, weights(config)) {}

Bert::Bert(const Scope& s, const BertConfig& config, Pooler with_pooler) : embeddings(s / "embeddings", config) {
  for (int i = 0; i < config.num_hidden_layers; ++i) layers.emplace_back(s / "encoder.layer" / i, config);
  if (with_pooler == Pooler::with) take_pooler(s / "pooler", config);
  take_prompts(s, config.max_position_embeddings);
}

void Bert::take_pooler(const Scope& s, const BertConfig& config) {
  pooler = BertPooler(s, config);
  for_first_tokens = true;
}

void Bert::take_prompts(const Scope& s, int64_t positions) {
  prompt = std::make_shared<SoftPrompt>(SoftPrompt{s.path(), embeddings.words.weight, positions, {}});
  s.store().add_soft_prompt(prompt);
}

BertInput Bert::prompted(const BertInput& text) const {
  check(!bias.defined() || !text.keeps_padding(), "{}: biases by distance know no padding", embeddings.scope.path());
  BertInput input = prompt->count() ? text.behind_prompt(prompt->count()) : text;
  int64_t before = 0;  // a layer without a prefix has its rows at the places of the others
  for (const BertLayer& layer : layers) before = std::max(before, layer.attention.prefix_rows());
  if (before > 0) input.positions = input.positions_behind(before);
  return input;
}

Variable Bert::lower_layers(const BertInput& text, int64_t count, std::vector<Variable>* hidden) const {
  const int64_t before = std::max<int64_t>(text.below.stages - stages_below_layers(), 0);
  Variable x = text.below.stages > 0 ? text.below.states : embeddings(text, prompt->rows);
  if (hidden) *hidden = {x};
  for (const BertLayer& layer :
       std::span(layers).subspan(static_cast<size_t>(before), static_cast<size_t>(count - before))) {
    x = run(layer, x, text);
    if (hidden) hidden->push_back(x);
  }
  return x;
}

Variable Bert::operator()(const BertInput& text, std::vector<Variable>* hidden) const {
  const BertInput input = prompted(text);
  return rows_of_texts(lower_layers(input, std::ssize(layers), hidden), input);
}

EncoderMemory Bert::memory(const BertInput& sources, std::vector<Variable>* hidden) const {
  const BertInput input = prompted(sources);
  return {lower_layers(input, std::ssize(layers), hidden), input.segments};
}

Bert::States Bert::states(const BertInput& text) const {
  const BertInput input = prompted(text);
  const Variable x = lower_layers(input, std::ssize(layers));
  return {rows_of_texts(x, input), take_rows(x, input.first_tokens)};
}

Variable Bert::first_tokens(const BertInput& text) const {
  const BertInput input = prompted(text);
  const int64_t last = std::ssize(layers) - 1;
  if (input.below.stages == stages_below_pooler()) return input.below.states;
  return run_first(layers.back(), lower_layers(input, last), input);
}

Variable Bert::at_rows(const BertInput& text, const Indices& rows, const Segments& of_texts) const {
  if (bias.defined()) return take_rows((*this)(text), rows);  // it asks where in its text a row stands
  BertInput input = prompted(text);
  const int64_t last = std::ssize(layers) - 1;
  if (input.below.stages == stages_below_pooler()) return take_rows(rows_of_texts(input.below.states, input), rows);
  input.first_tokens = rows;
  if (input.prompted_texts.size() > 0) {
    std::vector<int32_t> behind;
    for (const int32_t row : rows.host()) behind.push_back(input.prompted_texts.host()[static_cast<size_t>(row)]);
    input.first_tokens = Indices(std::move(behind), rows.device().device());
  }
  input.first_segments = of_texts;
  return run_first(layers.back(), lower_layers(input, last), input);
}

Variable Bert::pooled(const BertInput& text) const {
  return text.below.stages > stages_below_pooler() ? text.below.states : pooler(first_tokens(text));
}

// Rows of a prompt are trained, and go through all of it.
std::vector<std::string> Bert::stages() const {
  if (prompt->count()) return {};
  std::vector<std::string> paths{embeddings.scope.path()};
  if (bias.defined()) paths.push_back(bias.table().name());
  for (const BertLayer& layer : layers) paths.push_back(layer.scope.path());
  if (!pooler.path.empty()) paths.push_back(pooler.path);
  return paths;
}

Variable Bert::states(const BertInput& text, int64_t stages) const {
  if (!gives_a_row_a_text(stages))
    return lower_layers(prompted(text), std::max<int64_t>(stages - stages_below_layers(), 0));
  return stages > stages_below_pooler() ? pooled(text) : first_tokens(text);
}

Variable Bert::run(const BertLayer& layer, const Variable& x, const BertInput& text) const {
  return checkpoint_block(checkpointing, layer.scope, x, [layer, text](const Variable& input) {
    return layer(input, text.segments, memory_rows(input, text), memory_segments(text));
  });
}

Variable Bert::run_first(const BertLayer& layer, const Variable& x, const BertInput& text) const {
  return checkpoint_block(checkpointing, layer.scope, x, [layer, text](const Variable& input) {
    return layer(take_rows(input, text.first_tokens), text.first_segments, memory_rows(input, text),
                 memory_segments(text));
  });
}

}  // namespace thaw
