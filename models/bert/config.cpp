// SPDX-License-Identifier: Apache-2.0
// Reads and writes BERT's config.json.
#include "models/bert/config.h"

#include "nn/activation.h"
#include "tensor/check.h"

namespace thaw {

BertConfig BertConfig::from_json(const Json& json) {
  BertConfig c;
  c.read_shared(json, "bert");
  expect_word(json, "position_embedding_type", "absolute");
  refuse_unless_off(
      json, {"is_decoder", "add_cross_attention", "is_encoder_decoder", "pruned_heads", "cross_attention_hidden_size"});
  c.vocab_size = read_size(json, "vocab_size", c.vocab_size);
  c.hidden_size = read_size(json, "hidden_size", c.hidden_size);
  c.num_hidden_layers = read_size(json, "num_hidden_layers", c.num_hidden_layers, max_layers);
  c.num_attention_heads = read_size(json, "num_attention_heads", c.num_attention_heads);
  c.intermediate_size = read_size(json, "intermediate_size", c.intermediate_size);
  c.max_position_embeddings = read_size(json, "max_position_embeddings", c.max_position_embeddings);
  c.type_vocab_size = read_size(json, "type_vocab_size", c.type_vocab_size);
  if (c.hidden_size % c.num_attention_heads != 0)
    fail("{}: {} heads do not divide hidden_size {}", json.where("num_attention_heads"), c.num_attention_heads,
         c.hidden_size);
  c.hidden_act = json.get_string_or("hidden_act", c.hidden_act);
  activation_named(c.hidden_act, json.where("hidden_act"));
  c.hidden_dropout_prob = read_probability(json, "hidden_dropout_prob", c.hidden_dropout_prob);
  c.attention_probs_dropout_prob =
      read_probability(json, "attention_probs_dropout_prob", c.attention_probs_dropout_prob);
  if (const Json* p = json.find("classifier_dropout"); p && !p->is_null())
    c.classifier_dropout = read_probability(json, "classifier_dropout", 0);
  c.layer_norm_eps = json.get_number_or("layer_norm_eps", c.layer_norm_eps, 0, 1);
  c.initializer_range = json.get_number_or("initializer_range", c.initializer_range, 0, 1000);
  c.pad_token_id = read_token_id(json, "pad_token_id", c.pad_token_id);
  return c;
}

Json BertConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("bert", architecture);
  out.set("vocab_size", vocab_size);
  out.set("hidden_size", hidden_size);
  out.set("num_hidden_layers", num_hidden_layers);
  out.set("num_attention_heads", num_attention_heads);
  out.set("intermediate_size", intermediate_size);
  out.set("max_position_embeddings", max_position_embeddings);
  out.set("type_vocab_size", type_vocab_size);
  out.set("hidden_act", hidden_act);
  out.set("hidden_dropout_prob", hidden_dropout_prob);
  out.set("attention_probs_dropout_prob", attention_probs_dropout_prob);
  out.set("classifier_dropout", classifier_dropout ? Json(*classifier_dropout) : Json());
  out.set("layer_norm_eps", layer_norm_eps);
  out.set("initializer_range", initializer_range);
  out.set("pad_token_id", pad_token_id ? Json(*pad_token_id) : Json());
  return out;
}

UnaryOp BertConfig::activation() const { return activation_named(hidden_act, "hidden_act"); }

}  // namespace thaw
