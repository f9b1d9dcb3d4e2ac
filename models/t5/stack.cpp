// SPDX-License-Identifier: Apache-2.0
// A stack of blocks, over whole texts or some tokens at a time.
#include "models/t5/stack.h"

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
    blocks.emplace_back(s / "block" / i, config, kind, own_bias ? T5RelativeBias() : blocks[0].self.bias);
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

Variable T5Stack::run(const T5Block& block, const Variable& x, const Segments& segments, const T5Memory& memory) const {
  return checkpoint_block(checkpointing, block.scope, {x, memory.states},
                          [block, of_x = segments, of_memory = memory.segments](const std::vector<Variable>& in) {
                            return block(in[0], of_x, in[1], of_memory);
                          });
}

Variable T5Stack::operator()(const PackedText& text, const T5Memory& memory, std::vector<Variable>* hidden) const {
  check(blocks[0].reads_memory() == memory.states.defined(), "{}: {}", scope.path(),
        memory.states.defined() ? "an encoder reads no memory" : "a decoder without the memory that it reads");
  if (!prompt || prompt->count() == 0) return through_blocks(embed(text.ids), text.segments, memory, hidden);
  const PromptedRows prompted(text.segments, prompt->count());
  return take_rows(through_blocks(embed(text.ids, &prompted), prompted.segments, memory, hidden), prompted.texts);
}

T5Memory T5Stack::encode(const PackedText& text, std::vector<Variable>* hidden) const {
  if (!prompt || prompt->count() == 0) return {(*this)(text, {}, hidden), text.segments};
  const PromptedRows prompted(text.segments, prompt->count());
  return {through_blocks(embed(text.ids, &prompted), prompted.segments, {}, hidden), prompted.segments};
}

Variable T5Stack::through_blocks(Variable x, const Segments& segments, const T5Memory& memory,
                                 std::vector<Variable>* hidden) const {
  if (hidden) *hidden = {x};
  for (const T5Block& block : blocks) {
    x = run(block, x, segments, memory);
    if (hidden) hidden->push_back(x);
  }
  x = finish(x);
  if (hidden) hidden->back() = x;
  return x;
}

std::vector<KeysAndValues> T5Stack::memory_keys(const T5Memory& memory) const {
  std::vector<KeysAndValues> keys;
  for (const T5Block& block : blocks) {
    keys.push_back(block.cross.keys_and_values(memory.states, memory.segments));
    keys.back().kept = true;
  }
  return keys;
}

Variable T5Stack::step(const T5Step& tokens, const SeenKeysOfLayer& seen, std::span<const KeysAndValues> memory) const {
  check(memory.size() == blocks.size(), "{}: keys of {} layers for {}", scope.path(), memory.size(), blocks.size());
  Variable x = embed(tokens.ids);
  for (size_t i = 0; i < blocks.size(); ++i) {
    const SeenKeys of_layer = [&](const KeysAndValues& fresh) { return seen(i, fresh); };
    x = blocks[i].step(x, tokens.segments, of_layer, memory[i], tokens.sharers);
  }
  return finish(x);
}

}  // namespace thaw
