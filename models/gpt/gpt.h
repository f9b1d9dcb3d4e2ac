// SPDX-License-Identifier: Apache-2.0
// GPT-1 and GPT-2 (Radford et al. 2018, 2019): words, positions, a stack of causal layers, in GPT-2 a last norm.
// T tokens, B texts, C channels. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/gpt/block.h"
#include "models/gpt/input.h"
#include "nn/embedding.h"
#include "nn/soft_prompt.h"

namespace thaw {

struct Gpt {
  static constexpr const char* architecture = "GPT2Model";
  using Config = GptConfig;
  Scope scope;
  Embedding words, positions;
  DropoutLayer dropout;
  std::vector<GptBlock> blocks;
  LayerNorm final_norm;  // undefined in GPT-1
  std::shared_ptr<SoftPrompt> prompt;
  bool checkpointing = false;  // keep only each block's input for the gradient and compute the block again

  // What a head reads of it: all rows, or one of each text, its last but for padding.
  enum class Reads { all, last };
  Gpt(const Scope& s, const GptConfig& config, Reads what = Reads::all);

  // The last hidden states [T, C]: of the texts' rows, not of a prompt's. If `hidden` is given, it receives the
  // embeddings, every block's output but the last one's, and the last hidden states, all with the prompt's rows.
  // std::invalid_argument: a text has more tokens than there are positions.
  Variable operator()(const GptInput& text, std::vector<Variable>* hidden = nullptr) const;
  // The same of each text's last token that is not the configuration's padding, alone [B, C] (GptInput::read_rows): the
  // last block computes no other row.
  Variable last_tokens(const GptInput& text) const;
  struct States {
    Variable tokens, last_tokens;
  };
  // What operator() and last_tokens() say, of one pass. Not behind stages that give a row a text.
  States states(const GptInput& text) const;

  // As a trunk (models/prefix/frozen_prefix.h): words with positions, blocks, the last norm, if there is one. Where one
  // row of each text is read, the last block and the norm give those alone.
  std::vector<std::vector<std::string>> stages() const;
  int64_t lookup_stages() const { return 1; }
  bool gives_a_row_a_text(int64_t stages) const { return reads_ == Reads::last && stages > std::ssize(blocks); }
  Variable states(const GptInput& text, int64_t stages) const;

  // Decoding with kept keys and values: texts with the prompt's rows before them, at the positions behind a prefix; and
  // the new tokens' states [T, C], each at its position. `seen` keeps their keys and values, and gives those of the
  // whole text: what is the same, token by token, as operator() of whole texts.
  GptInput prompted(const GptInput& text) const;
  Variable step(const GptInput& tokens, const SeenKeysOfLayer& seen) const;
  // Rows that are before a text's own: of prompt and prefix.
  int64_t rows_before() const { return prompt->count() + prefix_rows(); }

 private:
  Reads reads_;
  std::optional<int64_t> padding_;

  int64_t prefix_rows() const;
  int64_t stage_count() const { return std::ssize(blocks) + (final_norm.weight.defined() ? 2 : 1); }
  Variable embed(const GptInput& text) const;
  Variable finish(const Variable& x) const { return final_norm.weight.defined() ? final_norm(x) : x; }
  // What the first `count` blocks give for rows that have the prompt's among them.
  Variable lower_blocks(const GptInput& prompted, int64_t count, std::vector<Variable>* hidden = nullptr) const;
  // What the last block makes of the rows that are read.
  Variable last_block(const Variable& x, const GptInput& prompted) const;
};

// The body alone: the last hidden states [T, C] are its outputs.
struct GptModel {
  static constexpr const char* architecture = Gpt::architecture;
  static constexpr const char* gpt1_architecture = "OpenAIGPTModel";
  using Config = GptConfig;
  Gpt transformer;

  GptModel(const Scope& s, const GptConfig& config) : transformer(s, config) {}
  Variable operator()(const GptInput& text) const { return transformer(text); }
};

}  // namespace thaw
