// SPDX-License-Identifier: Apache-2.0
// An encoder or a decoder of T5: embeddings, blocks, a last norm. T tokens, M tokens of the memory, C channels.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/decoder_memory.h"
#include "models/packed_text.h"
#include "models/t5/block.h"
#include "nn/embedding.h"
#include "nn/soft_prompt.h"

namespace thaw {

struct T5Stack {
  Scope scope;
  Embedding words;  // the model's: encoder and decoder have one
  std::vector<T5Block> blocks;
  RMSNorm final_norm;
  DropoutLayer dropout;
  std::shared_ptr<SoftPrompt> prompt;  // an encoder's; null in a decoder
  bool checkpointing = false;          // keep only each block's inputs for the gradient and compute the block again

  // Names below s: "block.0", "final_layer_norm".
  T5Stack(const Scope& s, const T5Config& config, T5Block::Kind kind, const Embedding& shared_words);

  // Packed texts -> [T, C], dropout(norm(last block)), without the rows of a prompt. A decoder reads source b of the
  // memory for text b. If `hidden` is given, it receives the embeddings, every block's output but the last one's, and
  // what is returned.
  Variable operator()(const PackedText& text, const EncoderMemory& memory = {},
                      std::vector<Variable>* hidden = nullptr) const;
  // The same of an encoder, with the prompt's rows. Distances count them as tokens.
  EncoderMemory encode(const PackedText& text, std::vector<Variable>* hidden = nullptr) const;

  // An encoder as a trunk (models/prefix/frozen_prefix.h): words, blocks, the last norm.
  std::vector<std::string> stages() const;
  int64_t lookup_stages() const { return 1; }
  bool gives_a_row_a_text(int64_t /*stages*/) const { return false; }
  Variable states(const PackedText& text, int64_t stages) const;

  // Decoding with kept keys and values. The memory's, by layer: they are the same in all steps.
  std::vector<KeysAndValues> memory_keys(const EncoderMemory& memory) const;
  // The new tokens' hidden states [T, C]. `seen` keeps their keys and values, and gives those of the whole text: what
  // is the same, token by token, as operator() of whole texts. A new token's position is the number of those before it.
  Variable step(const DecoderStep& tokens, const SeenKeysOfLayer& seen, std::span<const KeysAndValues> memory) const;

 private:
  bool is_prompted() const { return prompt && prompt->count() > 0; }
  Variable embed(const Indices& ids, const PromptedRows* prompted = nullptr) const;
  // What blocks [first, last) make of x.
  Variable through(Variable x, int64_t first, int64_t last, const Segments& segments, const EncoderMemory& memory,
                   std::vector<Variable>* hidden) const;
  // What the first `count` blocks give.
  Variable lower_blocks(const PackedText& text, const EncoderMemory& memory, int64_t count,
                        std::vector<Variable>* hidden = nullptr) const;
  Variable prompted_states(const PromptedRows& rows, const PackedText& text, const EncoderMemory& memory,
                           std::vector<Variable>* hidden) const;
  Variable finish(const Variable& x) const;
  Variable run(const T5Block& block, const Variable& x, const Segments& segments, const EncoderMemory& memory) const;
};

}  // namespace thaw
