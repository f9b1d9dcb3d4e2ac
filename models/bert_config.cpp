// SPDX-License-Identifier: Apache-2.0
// Reads and writes BERT's config.json.
#include "models/bert_config.h"

#include <limits>

#include "models/class_labels.h"
#include "models/hub/model_directory.h"
#include "nn/activation.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr int64_t max_size = std::numeric_limits<int32_t>::max();
constexpr int64_t max_layers = 10'000;

bool is_off(const Json& value) {
  return value.is_null() || (value.is_bool() && !value.as_bool()) || (value.is_object() && value.empty()) ||
         (value.is_array() && value.empty()) || (value.kind() == Json::Kind::integer && value.as_int() == 0);
}

// Keys that change the computation in a way that is not supported, unless they are null, false, 0 or empty.
void refuse_unsupported(const Json& json) {
  if (const Json* type = json.find("model_type"); type && !type->is_null() && json.get_string("model_type") != "bert")
    fail("{}: this is {}, not \"bert\"", json.where("model_type"), type->describe());
  if (const std::string type = json.get_string_or("position_embedding_type", "absolute"); type != "absolute")
    fail("{}: {} is not supported, only \"absolute\"", json.where("position_embedding_type"), quote(type));
  for (const char* key : {"is_decoder", "add_cross_attention", "is_encoder_decoder", "pruned_heads",
                          "quantization_config", "cross_attention_hidden_size", "auto_map"}) {
    if (const Json* value = json.find(key); value && !is_off(*value))
      fail("{}: {} is not supported", json.where(key), value->describe());
  }
}

double probability(const Json& json, const char* key, double otherwise) {
  const double p = json.get_number_or(key, otherwise, 0, 1);
  if (p == 1) fail("{}: a dropout of 1 leaves nothing", json.where(key));
  return p;
}

}  // namespace

BertConfig BertConfig::from_json(const Json& json) {
  if (!json.is_object()) fail("{}: an object is expected, this is {}", json.where(), json.describe());
  refuse_unsupported(json);
  BertConfig c;
  const auto size = [&](const char* key, int64_t& value, int64_t max = max_size) {
    value = json.get_int_or(key, value, 1, max);
  };
  size("vocab_size", c.vocab_size);
  size("hidden_size", c.hidden_size);
  size("num_hidden_layers", c.num_hidden_layers, max_layers);
  size("num_attention_heads", c.num_attention_heads);
  size("intermediate_size", c.intermediate_size);
  size("max_position_embeddings", c.max_position_embeddings);
  size("type_vocab_size", c.type_vocab_size);
  if (c.hidden_size % c.num_attention_heads != 0)
    fail("{}: {} heads do not divide hidden_size {}", json.where("num_attention_heads"), c.num_attention_heads,
         c.hidden_size);
  c.hidden_act = json.get_string_or("hidden_act", c.hidden_act);
  activation_named(c.hidden_act, json.where("hidden_act"));
  c.hidden_dropout_prob = probability(json, "hidden_dropout_prob", c.hidden_dropout_prob);
  c.attention_probs_dropout_prob = probability(json, "attention_probs_dropout_prob", c.attention_probs_dropout_prob);
  if (const Json* p = json.find("classifier_dropout"); p && !p->is_null())
    c.classifier_dropout = probability(json, "classifier_dropout", 0);
  c.layer_norm_eps = json.get_number_or("layer_norm_eps", c.layer_norm_eps, 0, 1);
  c.initializer_range = json.get_number_or("initializer_range", c.initializer_range, 0, 1000);
  if (const Json* id = json.find("pad_token_id")) {
    c.pad_token_id = id->is_null() ? std::nullopt : std::optional(json.get_int("pad_token_id", -max_size, max_size));
  }
  c.tie_word_embeddings = json.get_bool_or("tie_word_embeddings", c.tie_word_embeddings);
  c.labels = read_class_labels(json, c.notes);
  if (const std::string name = json.get_string_or("problem_type", ""); !name.empty()) {
    c.problem_type = find_problem_type(name);
    if (!c.problem_type) fail("{}: {} is not known", json.where("problem_type"), quote(name));
    if (c.problem_type == ProblemType::single_label && c.num_labels() == 1)
      fail("{}: \"{}\" needs two labels or more, there is one", json.where("problem_type"), name);
  }
  c.json = json;
  return c;
}

BertConfig BertConfig::read(const std::string& directory) {
  check_has_config(directory);
  return from_json(Json::read(directory + "/config.json"));
}

Json BertConfig::to_json(const std::string& architecture) const {
  Json out = json;
  out.set("architectures", Json(std::vector<Json>{architecture}));
  out.set("model_type", "bert");
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
  out.set("tie_word_embeddings", tie_word_embeddings);
  out.erase("torch_dtype");
  out.erase("num_labels");
  // The reference library leaves out what it would make up itself.
  const bool usual = labels == made_up_labels(2) && !json.contains("id2label") && !json.contains("label2id");
  if (!labels.empty() && !usual) {
    Json id2label = Json::object(), label2id = Json::object();
    for (size_t i = 0; i < labels.size(); ++i) {
      id2label.set(std::to_string(i), labels[i]);
      label2id.set(labels[i], i);
    }
    out.set("id2label", id2label);
    out.set("label2id", label2id);
  }
  if (problem_type) {
    out.set("problem_type", name_of(*problem_type));
  } else {
    out.erase("problem_type");
  }
  return out;
}

UnaryOp BertConfig::activation() const { return activation_named(hidden_act, "hidden_act"); }

ProblemType BertConfig::problem() const {
  return problem_type.value_or(num_labels() == 1 ? ProblemType::regression : ProblemType::single_label);
}

}  // namespace thaw
