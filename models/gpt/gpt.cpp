// SPDX-License-Identifier: Apache-2.0
// GPT's forward pass.
#include "models/gpt/gpt.h"

#include <algorithm>
#include <span>

#include "models/read_rows.h"
#include "nn/checkpoint_block.h"
#include "nn/frozen_block.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// The texts' rows of an output that has those of a prompt.
Variable rows_of_texts(const Variable& x, const GptInput& text) {
  return text.prompted_texts.size() > 0 ? take_rows(x, text.prompted_texts) : x;
}

}  // namespace

Gpt::Gpt(const Scope& s, const GptConfig& config, Reads what)
    : scope(s),
      words(s / (config.is_gpt1() ? "tokens_embed" : "wte"), config.vocab_size, config.n_embd,
            Init::normal(config.initializer_range)),
      positions(s / (config.is_gpt1() ? "positions_embed" : "wpe"), config.n_positions, config.n_embd,
                Init::normal(config.initializer_range)),
      dropout(s, config.embd_pdrop),
      reads_(what),
      padding_(config.padding_of_classifier()) {
  for (int i = 0; i < config.n_layer; ++i) blocks.emplace_back(s / "h" / i, config, i);
  if (!config.is_gpt1()) final_norm = LayerNorm(s / "ln_f", config.n_embd, config.layer_norm_epsilon);
  prompt = std::make_shared<SoftPrompt>(SoftPrompt{s.path(), words.weight, config.n_positions, {}});
  s.store().add_soft_prompt(prompt);
}

// A layer without a prefix has its rows at the places of the others.
int64_t Gpt::prefix_rows() const {
  int64_t most = 0;
  for (const GptBlock& block : blocks) most = std::max(most, block.attention.prefix_rows());
  return most;
}

GptInput Gpt::prompted(const GptInput& text) const {
  GptInput input = prompt->count() ? text.behind_prompt(prompt->count()) : text;
  if (const int64_t before = prefix_rows(); before > 0) input.positions = input.positions_behind(before);
  return input;
}

// Words and positions that are not trained are looked up without dropout, as a frozen block computes
// (nn/frozen_block.h).
Variable Gpt::embed(const GptInput& text) const {
  const int64_t count = positions.weight.value().size(0);
  const std::span<const int32_t> at = text.positions.host();
  if (const auto farthest = std::ranges::max_element(at); farthest != at.end())
    check(*farthest < count, "{}: a text of {} tokens: there are positions for {}", positions.weight.name(),
          *farthest + 1, count);
  Variable rows = text.rows.defined() ? text.rows : words(text.ids);
  if (text.prompted_order.size() > 0) rows = take_rows(concat({prompt->rows, rows}, 0), text.prompted_order);
  const Variable x = add(rows, positions(text.positions));
  const EvaluationMode evaluation(scope.mode(), !x.tracked());
  return dropout(x);
}

Variable Gpt::lower_blocks(const GptInput& text, int64_t count, std::vector<Variable>* hidden) const {
  const int64_t before = std::max<int64_t>(text.below.stages - 1, 0);
  Variable x = text.below.stages > 0 ? text.below.states : embed(text);
  if (hidden) *hidden = {x};
  for (const GptBlock& block :
       std::span(blocks).subspan(static_cast<size_t>(before), static_cast<size_t>(count - before))) {
    x = checkpoint_block(checkpointing, block.scope, x,
                         [block, of_x = text.segments](const Variable& input) { return block(input, of_x); });
    if (hidden) hidden->push_back(x);
  }
  return x;
}

Variable Gpt::last_block(const Variable& x, const GptInput& text) const {
  const ReadRows read(text.segments, text.read_rows(padding_));
  const GptBlock& block = blocks.back();
  return checkpoint_block(checkpointing, block.scope, x, [block, read](const Variable& all) {
    const Variable seen = read.seen.size() > 0 ? take_rows(all, read.seen) : all;
    return block.last_rows(seen, read.segments, read.last, read.one_each);
  });
}

Variable Gpt::operator()(const GptInput& text, std::vector<Variable>* hidden) const {
  check(!gives_a_row_a_text(text.below.stages), "{}: of texts' last tokens alone there are no others", scope.path());
  const GptInput input = prompted(text);
  if (input.below.stages == std::ssize(blocks) + 2) return input.below.states;
  const Variable x = finish(lower_blocks(input, std::ssize(blocks), hidden));
  if (hidden) hidden->back() = x;
  return rows_of_texts(x, input);
}

Variable Gpt::last_tokens(const GptInput& text) const {
  if (text.below.stages == std::ssize(blocks) + 2) return text.below.states;
  const GptInput input = prompted(text);
  if (gives_a_row_a_text(input.below.stages)) return finish(input.below.states);
  return finish(last_block(lower_blocks(input, std::ssize(blocks) - 1), input));
}

Gpt::States Gpt::states(const GptInput& text) const {
  check(!gives_a_row_a_text(text.below.stages), "{}: of texts' last tokens alone there are no others", scope.path());
  const GptInput input = prompted(text);
  const Variable x = finish(lower_blocks(input, std::ssize(blocks)));
  return {rows_of_texts(x, input), take_rows(x, Indices(input.read_rows(padding_), input.ids.device().device()))};
}

// Rows of a prompt are trained, and go through all of it.
std::vector<std::vector<std::string>> Gpt::stages() const {
  if (prompt->count()) return {};
  std::vector<std::vector<std::string>> stages{{words.weight.name(), positions.weight.name()}};
  for (const GptBlock& block : blocks) stages.push_back({block.scope.path()});
  if (final_norm.weight.defined()) stages.push_back({(scope / "ln_f").path()});
  return stages;
}

Variable Gpt::states(const GptInput& text, int64_t stages) const {
  const int64_t all = std::ssize(blocks);
  if (stages == all + 2) return reads_ == Reads::last ? last_tokens(text) : (*this)(text);
  const GptInput input = prompted(text);
  return gives_a_row_a_text(stages) ? last_block(lower_blocks(input, all - 1), input) : lower_blocks(input, stages - 1);
}

Variable Gpt::step(const GptInput& tokens, const SeenKeysOfLayer& seen) const {
  Variable x = embed(tokens);
  for (size_t i = 0; i < blocks.size(); ++i)
    x = blocks[i].step(x, tokens.segments, [&](const KeysAndValues& fresh) { return seen(i, fresh); });
  return finish(x);
}

}  // namespace thaw
