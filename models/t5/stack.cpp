// SPDX-License-Identifier: Apache-2.0
// A stack of blocks, over whole texts or some tokens at a time.
#include "models/t5/stack.h"

#include <algorithm>

#include "nn/checkpoint_block.h"
#include "nn/frozen_block.h"
#include "tensor/check.h"

namespace thaw {

T5Stack::T5Stack(const Scope& s, const T5Config& config, T5Block::Kind kind, const Embedding& shared_words)
    : scope(s), words(shared_words), dropout(s, config.dropout_rate) {
  words.weight.also_call((s / "embed_tokens.weight").path());
  const int64_t count = kind == T5Block::Kind::decoder ? config.num_decoder_layers : config.num_layers;
  for (int i = 0; i < count; ++i) {
    const bool own_bias = i == 0 || config.has_bias_in_every_layer();
    blocks.emplace_back(s / "block" / i, config, kind, own_bias ? RelativePositionBias() : blocks[0].self.bias);
  }
  final_norm.weight =
      (s / "final_layer_norm").parameter("weight", {config.d_model}, Init::constant(config.initializer_factor));
  final_norm.eps = config.layer_norm_epsilon;
  if (kind == T5Block::Kind::decoder) return;
  prompt = std::make_shared<SoftPrompt>();
  prompt->path = s.path();
  prompt->words = words.weight;
  s.store().add_soft_prompt(prompt);
}

// Words that are not trained are looked up without dropout, as a frozen block computes (nn/frozen_block.h).
Variable T5Stack::embed(const Indices& ids, const PromptedRows* prompted) const {
  Variable x = words(ids);
  if (prompted) x = take_rows(concat({prompt->rows, x}, 0), prompted->order);
  const EvaluationMode evaluation(scope.mode(), !x.tracked());
  return dropout(x);
}

Variable T5Stack::finish(const Variable& x) const {
  const FrozenBlock evaluation(scope / "final_layer_norm", {x});
  return dropout(final_norm(x));
}

Variable T5Stack::run(const T5Block& block, const Variable& x, const Segments& segments,
                      const EncoderMemory& memory) const {
  return checkpoint_block(checkpointing, block.scope, {x, memory.states},
                          [block, of_x = segments, of_memory = memory.segments](const std::vector<Variable>& in) {
                            return block(in[0], of_x, in[1], of_memory);
                          });
}

Variable T5Stack::through(Variable x, int64_t first, int64_t last, const Segments& segments,
                          const EncoderMemory& memory, std::vector<Variable>* hidden) const {
  if (hidden) *hidden = {x};
  const auto here = std::span(blocks).subspan(static_cast<size_t>(first), static_cast<size_t>(last - first));
  for (const T5Block& block : here) {
    x = run(block, x, segments, memory);
    if (hidden) hidden->push_back(x);
  }
  return x;
}

Variable T5Stack::lower_blocks(const PackedText& text, const EncoderMemory& memory, int64_t count,
                               std::vector<Variable>* hidden) const {
  const int64_t before = std::max<int64_t>(text.below.stages - 1, 0);
  const Variable x = text.below.stages > 0 ? text.below.states : embed(text.ids);
  return through(x, before, count, text.segments, memory, hidden);
}

Variable T5Stack::prompted_states(const PromptedRows& rows, const PackedText& text, const EncoderMemory& memory,
                                  std::vector<Variable>* hidden) const {
  const Variable x = finish(through(embed(text.ids, &rows), 0, std::ssize(blocks), rows.segments, memory, hidden));
  if (hidden) hidden->back() = x;
  return x;
}

Variable T5Stack::operator()(const PackedText& text, const EncoderMemory& memory, std::vector<Variable>* hidden) const {
  check(blocks[0].reads_memory() == memory.states.defined(), "{}: {}", scope.path(),
        memory.states.defined() ? "an encoder reads no memory" : "a decoder without the memory that it reads");
  if (is_prompted()) {
    const PromptedRows rows(text.segments, prompt->count());
    return take_rows(prompted_states(rows, text, memory, hidden), rows.texts);
  }
  const int64_t all = std::ssize(blocks);
  if (text.below.stages == all + 2) return text.below.states;
  const Variable x = finish(lower_blocks(text, memory, all, hidden));
  if (hidden) hidden->back() = x;
  return x;
}

EncoderMemory T5Stack::encode(const PackedText& text, std::vector<Variable>* hidden) const {
  if (!is_prompted()) return {(*this)(text, {}, hidden), text.segments};
  const PromptedRows rows(text.segments, prompt->count());
  return {prompted_states(rows, text, {}, hidden), rows.segments};
}

// Rows of a prompt are trained, and go through all of it.
std::vector<std::string> T5Stack::stages() const {
  if (is_prompted()) return {};
  std::vector<std::string> paths{words.weight.name()};
  for (const T5Block& block : blocks) paths.push_back(block.scope.path());
  paths.push_back((scope / "final_layer_norm").path());
  return paths;
}

Variable T5Stack::states(const PackedText& text, int64_t stages) const {
  return stages > std::ssize(blocks) + 1 ? (*this)(text) : lower_blocks(text, {}, stages - 1);
}

std::vector<KeysAndValues> T5Stack::memory_keys(const EncoderMemory& memory) const {
  std::vector<KeysAndValues> keys;
  for (const T5Block& block : blocks) keys.push_back(block.cross.keys_and_values(memory.states, memory.segments));
  return keys;
}

Variable T5Stack::step(const DecoderStep& tokens, const SeenKeysOfLayer& seen,
                       std::span<const KeysAndValues> memory) const {
  check(memory.size() == blocks.size(), "{}: keys of {} layers for {}", scope.path(), memory.size(), blocks.size());
  Variable x = embed(tokens.ids);
  for (size_t i = 0; i < blocks.size(); ++i) {
    const SeenKeys of_layer = [&](const KeysAndValues& fresh) { return seen(i, fresh); };
    x = blocks[i].step(x, tokens.segments, of_layer, memory[i], tokens.sharers);
  }
  return finish(x);
}

}  // namespace thaw
