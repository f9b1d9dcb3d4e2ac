// SPDX-License-Identifier: Apache-2.0
// Reads and writes BERT's config.json.
#include "models/bert/config.h"

#include "nn/activation.h"
#include "tensor/check.h"

namespace thaw {

BertConfig BertConfig::from_json(const Json& json) {
  BertConfig c;
  c.read_shared(json, "bert");
  c.read_layers(json);
  expect_word(json, "position_embedding_type", "absolute");
  c.type_vocab_size = read_size(json, "type_vocab_size", c.type_vocab_size);
  if (const Json* p = json.find("classifier_dropout"); p && !p->is_null())
    c.classifier_dropout = read_probability(json, "classifier_dropout", 0);
  return c;
}

Json BertConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("bert", architecture);
  write_layers(out);
  out.set("type_vocab_size", type_vocab_size);
  out.set("classifier_dropout", classifier_dropout ? Json(*classifier_dropout) : Json());
  return out;
}

void BertConfig::read_layers(const Json& file) {
  refuse_unless_off(
      file, {"is_decoder", "add_cross_attention", "is_encoder_decoder", "pruned_heads", "cross_attention_hidden_size"});
  vocab_size = read_size(file, "vocab_size", vocab_size);
  hidden_size = read_size(file, "hidden_size", hidden_size);
  num_hidden_layers = read_size(file, "num_hidden_layers", num_hidden_layers, max_layers);
  num_attention_heads = read_size(file, "num_attention_heads", num_attention_heads);
  intermediate_size = read_size(file, "intermediate_size", intermediate_size);
  max_position_embeddings = read_size(file, "max_position_embeddings", max_position_embeddings);
  if (hidden_size % num_attention_heads != 0)
    fail("{}: {} heads do not divide hidden_size {}", file.where("num_attention_heads"), num_attention_heads,
         hidden_size);
  hidden_act = file.get_string_or("hidden_act", hidden_act);
  activation_named(hidden_act, file.where("hidden_act"));
  hidden_dropout_prob = read_probability(file, "hidden_dropout_prob", hidden_dropout_prob);
  attention_probs_dropout_prob = read_probability(file, "attention_probs_dropout_prob", attention_probs_dropout_prob);
  layer_norm_eps = file.get_number_or("layer_norm_eps", layer_norm_eps, 0, 1);
  initializer_range = file.get_number_or("initializer_range", initializer_range, 0, 1000);
  pad_token_id = read_token_id(file, "pad_token_id", pad_token_id);
}

void BertConfig::write_layers(Json& out) const {
  out.set("vocab_size", vocab_size);
  out.set("hidden_size", hidden_size);
  out.set("num_hidden_layers", num_hidden_layers);
  out.set("num_attention_heads", num_attention_heads);
  out.set("intermediate_size", intermediate_size);
  out.set("max_position_embeddings", max_position_embeddings);
  out.set("hidden_act", hidden_act);
  out.set("hidden_dropout_prob", hidden_dropout_prob);
  out.set("attention_probs_dropout_prob", attention_probs_dropout_prob);
  out.set("layer_norm_eps", layer_norm_eps);
  out.set("initializer_range", initializer_range);
  out.set("pad_token_id", pad_token_id ? Json(*pad_token_id) : Json());
}

UnaryOp BertConfig::activation() const { return activation_named(hidden_act, "hidden_act"); }

}  // namespace thaw
