// SPDX-License-Identifier: Apache-2.0
// BERT (Devlin et al. 2019): embeddings, a stack of post-norm transformer layers, a pooler.
// T tokens, B texts, C channels. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/bert/config.h"
#include "models/bert/input.h"
#include "models/decoder_memory.h"
#include "nn/attention.h"
#include "nn/embedding.h"
#include "nn/feed_forward.h"
#include "nn/norm.h"
#include "nn/relative_position_bias.h"
#include "nn/soft_prompt.h"

namespace thaw {

// x = dropout(LayerNorm(word + position + type))
struct BertEmbeddings {
  Scope scope;
  Embedding words, positions, types;  // types: undefined in a model that reads none
  LayerNorm norm;
  DropoutLayer dropout;
  // Their vectors are looked up but never trained from here, as in the reference. A position: MPNet's alone.
  std::optional<int64_t> padding_id, padding_position;

  // shared_words: another module's table (a tie); undefined: one of its own.
  BertEmbeddings(const Scope& s, const BertConfig& config, const Embedding& shared_words = {});
  // [T, C]; of texts behind a prompt [n, C] its rows too, which get positions and types like words.
  Variable operator()(const BertInput& text, const Variable& prompt = {}) const;
  // [T, C] of tokens of type 0: a decoder's.
  Variable operator()(const Indices& ids, const Indices& at) const;

 private:
  static Variable look_up(const Embedding& table, const Indices& ids, std::optional<int64_t> padding);
};

// What a layer calls its parts.
struct BertLayerNames {
  std::string attention = "attention.self", query = "query", key = "key", value = "value";
  std::string attention_output = "attention.output.dense", attention_norm = "attention.output.LayerNorm";
};

// a = LayerNorm(x + dropout(attention(x)));  y = LayerNorm(a + dropout(feed_forward(a)))
struct BertLayer {
  Scope scope;
  MultiHeadAttention attention;
  Linear attention_output;
  LayerNorm attention_norm;
  FeedForward feed_forward;
  LayerNorm output_norm;
  DropoutLayer dropout;
  RelativePositionBias bias;  // of scores, the model's own; undefined in BERT

  BertLayer(const Scope& s, const BertConfig& config, const BertLayerNames& names = {},
            const RelativePositionBias& bias = {});

  // Rows x, of the texts `segments`, attend to `memory`: to themselves, or to more rows than they are.
  Variable operator()(const Variable& x, const Segments& segments, const Variable& memory,
                      const Segments& memory_segments) const;

  // a, of what the attention gave; y.
  Variable attended(const Variable& x, const Variable& context) const {
    return attention_norm(attention_output(context), x, dropout.next());
  }
  Variable fed(const Variable& a) const { return output_norm(feed_forward(a), a, dropout.next()); }
};

// tanh(W h + b) of each text's first token
struct BertPooler {
  std::string path;  // what its parameters' names begin with; empty: there is none
  Linear dense;

  BertPooler() = default;
  BertPooler(const Scope& s, const BertConfig& config);
  Variable operator()(const Variable& first_tokens) const { return dense(first_tokens, UnaryOp::tanh); }  // [B, C]
};

struct Bert {
  static constexpr const char* architecture = "BertModel";
  using Config = BertConfig;
  BertEmbeddings embeddings;
  std::vector<BertLayer> layers;
  BertPooler pooler;
  RelativePositionBias bias;  // of all layers' scores; undefined in BERT
  std::shared_ptr<SoftPrompt> prompt;
  bool checkpointing =
      false;  // keep only each layer's input for the gradient and compute the layer again (Chen et al. 2016)
  bool for_first_tokens = false;  // what is above reads the last layer's first tokens alone, as a pooler does

  enum class Pooler { without, with };
  Bert(const Scope& s, const BertConfig& config, Pooler with_pooler = Pooler::with);

  // The last layer's output [T, C]: of the texts' rows, not of a prompt's. If `hidden` is given, it receives the
  // embeddings and every layer's output, with the prompt's rows.
  Variable operator()(const BertInput& text, std::vector<Variable>* hidden = nullptr) const;

  // The last layer's output for each text's first token alone [B, C]: the last layer computes no other row. Behind a
  // prompt the first row is the prompt's first, as in the reference library, whose heads of texts read that one.
  Variable first_tokens(const BertInput& text) const;

  // The same for any rows [R, C], numbered through all texts: of each as many as `of_texts` says.
  Variable at_rows(const BertInput& text, const Indices& rows, const Segments& of_texts) const;

  // What it made of sources, for a decoder: of a prompt's rows too.
  EncoderMemory memory(const BertInput& sources, std::vector<Variable>* hidden = nullptr) const;

  // [B, C], for classifiers of whole texts.
  Variable pooled(const BertInput& text) const;

  // As a trunk (models/prefix/frozen_prefix.h): embeddings, the bias that all layers read, if there is one (what it
  // gives is what the embeddings gave), layers, and the pooler, if there is one.
  std::vector<std::string> stages() const;
  int64_t lookup_stages() const { return stages_below_layers(); }
  bool gives_a_row_a_text(int64_t stages) const { return for_first_tokens && stages >= stages_below_pooler(); }
  Variable states(const BertInput& text, int64_t stages) const;

  struct States {
    Variable tokens, first_tokens;
  };
  // What operator() and first_tokens() say, of one pass.
  States states(const BertInput& text) const;

 protected:
  // The embeddings of a model that is built of such layers; the rest is its own constructor's.
  explicit Bert(BertEmbeddings own) : embeddings(std::move(own)) {}
  void take_pooler(const Scope& s, const BertConfig& config);
  void take_prompts(const Scope& s, int64_t positions);  // positions: rows that a text may have

 private:
  int64_t stages_below_layers() const { return bias.defined() ? 2 : 1; }
  int64_t stages_below_pooler() const { return stages_below_layers() + std::ssize(layers); }
  // With the prompt's rows, and at the positions behind a prefix.
  BertInput prompted(const BertInput& text) const;
  // What the first `count` layers give for rows that have the prompt's among them.
  Variable lower_layers(const BertInput& prompted, int64_t count, std::vector<Variable>* hidden = nullptr) const;
  Variable run(const BertLayer& layer, const Variable& x, const BertInput& text) const;
  Variable run_first(const BertLayer& layer, const Variable& x, const BertInput& text) const;
};

// The encoder alone: the last hidden states [T, C] are its outputs.
struct BertEncoder {
  static constexpr const char* architecture = Bert::architecture;
  using Config = BertConfig;
  Bert bert;

  BertEncoder(const Scope& s, const BertConfig& config) : bert(s, config, Bert::Pooler::without) {}
  Variable operator()(const BertInput& text) const { return bert(text); }
};

}  // namespace thaw
