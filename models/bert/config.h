// SPDX-License-Identifier: Apache-2.0
// BertConfig: the sizes and switches of a BERT model, read from config.json and written back.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "tensor/pointwise_ops.h"

namespace thaw {

// Names and defaults are those of config.json.
struct BertConfig : PretrainedConfig {
  int64_t vocab_size = 30522;
  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  int64_t intermediate_size = 3072;
  int64_t max_position_embeddings = 512;
  int64_t type_vocab_size = 2;
  std::string hidden_act = "gelu";
  double hidden_dropout_prob = 0.1;
  double attention_probs_dropout_prob = 0.1;
  std::optional<double> classifier_dropout;  // absent: hidden_dropout_prob
  double layer_norm_eps = 1e-12;
  double initializer_range = 0.02;
  std::optional<int64_t> pad_token_id = 0;

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's BERT does not do (decoder, cross-attention, relative positions, pruned heads, quantised
  // weights, ...).
  static BertConfig from_json(const Json& json);

  // `architecture`: "BertForSequenceClassification".
  Json to_json(const std::string& architecture) const;

  int64_t head_size() const { return hidden_size / num_attention_heads; }
  double head_dropout() const { return classifier_dropout.value_or(hidden_dropout_prob); }
  UnaryOp activation() const;

  CheckpointNames checkpoint_names() const;
  // A file whose masked-LM decoder holds other numbers than the word embeddings it should be tied to makes the
  // configuration untied, as the reference does; the source's report says so.
  void settle(CheckpointSource& source);

 protected:
  // What a model that is built of BERT's layers reads and writes in the same way: sizes, activation, dropouts.
  void read_layers(const Json& file);
  void write_layers(Json& out) const;
  // settle() for such pairs of names, in files, of a tied tensor.
  void settle_ties(CheckpointSource& source, std::initializer_list<std::pair<const char*, const char*>> ties);
};

}  // namespace thaw
