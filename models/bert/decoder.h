// SPDX-License-Identifier: Apache-2.0
// BERT as a decoder (Rothe et al. 2020): a token sees those before it, and each layer reads what an encoder made.
// T tokens, M rows of the memory, C channels. Parameters are named as in checkpoints.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "models/bert/bert.h"
#include "models/decoder_memory.h"

namespace thaw {

// LayerNorm(x + dropout(W attention(x, memory))), of the rows of another model. Parameters are below "self" and
// "output".
struct BertCrossAttention {
  MultiHeadAttention heads;
  Linear output;
  LayerNorm norm;
  DropoutLayer dropout;

  BertCrossAttention(const Scope& s, const BertConfig& config);
  KeysAndValues keys_and_values(const EncoderMemory& memory) const;
  // x [T, C], of which the rows `sharers` read one segment of the memory each.
  Variable operator()(const Variable& x, const Segments& sharers, const KeysAndValues& memory) const;
};

// A layer of BERT with an attention in the middle:
//   a = LayerNorm(x + dropout(attention(x)));  b = LayerNorm(a + dropout(attention(a, memory)));
//   y = LayerNorm(b + dropout(feed_forward(b)))
struct BertDecoderLayer {
  BertLayer layer;
  BertCrossAttention cross;

  // shared: an encoder's layer, whose parameters this one has, too, but for the attention to the memory (a tie); null:
  // its own.
  BertDecoderLayer(const Scope& s, const BertConfig& config, const BertLayer* shared = nullptr);

  // Whole texts [T, C] -> [T, C]. Segment b of the memory is for segment b of x.
  Variable operator()(const Variable& x, const Segments& segments, const EncoderMemory& memory) const;
  // The next tokens x [T, C], of the texts `segments`. The keys and values of the memory are made once
  // (cross.keys_and_values); `sharers` are the segments of rows that read one segment of it.
  Variable step(const Variable& x, const Segments& segments, const SeenKeys& seen, const KeysAndValues& memory,
                const Segments& sharers) const;
};

struct BertDecoder {
  Scope scope;
  BertEmbeddings embeddings;
  std::vector<BertDecoderLayer> layers;
  bool checkpointing = false;  // keep only each layer's inputs for the gradient and compute the layer again

  // words: another module's table (a tie); undefined: one of its own.
  BertDecoder(const Scope& s, const BertConfig& config, const Embedding& words = {});
  // All of it but the attention to the memory is the encoder's, too: its lowest layers.
  BertDecoder(const Scope& s, const BertConfig& config, const Bert& shared);

  // Packed texts -> [T, C], the last layer's output: text b reads source b of the memory. If `hidden` is given, it
  // receives the embeddings and every layer's output.
  Variable operator()(const PackedText& text, const EncoderMemory& memory,
                      std::vector<Variable>* hidden = nullptr) const;

  // Decoding with kept keys and values. The memory's, by layer: they are the same in all steps.
  std::vector<KeysAndValues> memory_keys(const EncoderMemory& memory) const;
  // The new tokens' hidden states [T, C]. `seen` keeps their keys and values, and gives those of the whole text.
  Variable step(const DecoderStep& tokens, const SeenKeysOfLayer& seen, std::span<const KeysAndValues> memory) const;

  int64_t prefix_rows() const;  // of the layer that has most: a text's positions begin behind them

 private:
  Variable embed(const Indices& ids, const Indices& positions) const;
};

}  // namespace thaw
