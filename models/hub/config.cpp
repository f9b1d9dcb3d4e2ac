// SPDX-License-Identifier: Apache-2.0
// Reads and writes the shared keys of config.json.
#include "models/hub/config.h"

#include "models/hub/bare_change.h"
#include "models/hub/class_labels.h"
#include "models/hub/model_directory.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

bool is_off(const Json& value) {
  return value.is_null() || (value.is_bool() && !value.as_bool()) || (value.is_object() && value.empty()) ||
         (value.is_array() && value.empty()) || (value.kind() == Json::Kind::integer && value.as_int() == 0);
}

}  // namespace

ProblemType PretrainedConfig::problem() const {
  return problem_type.value_or(num_labels() == 1 ? ProblemType::regression : ProblemType::single_label);
}

void PretrainedConfig::read_shared(const Json& file, std::string_view model_type) {
  if (!file.is_object()) fail("{}: an object is expected, this is {}", file.where(), file.describe());
  if (const Json* type = file.find("model_type");
      type && !type->is_null() && file.get_string("model_type") != model_type)
    fail("{}: this is {}, not {}", file.where("model_type"), type->describe(), quote(model_type));
  refuse_unless_off(file, {"quantization_config", "auto_map"});
  tie_word_embeddings = file.get_bool_or("tie_word_embeddings", tie_word_embeddings);
  labels = read_class_labels(file, notes);
  if (const std::string name = file.get_string_or("problem_type", ""); !name.empty()) {
    problem_type = find_problem_type(name);
    if (!problem_type) fail("{}: {} is not known", file.where("problem_type"), quote(name));
    if (problem_type == ProblemType::single_label && num_labels() == 1)
      fail("{}: \"{}\" needs two labels or more, there is one", file.where("problem_type"), name);
  }
  json = file;
}

Json PretrainedConfig::shared_json(std::string_view model_type, const std::string& architecture) const {
  Json out = json;
  out.set("architectures", Json(std::vector<Json>{architecture}));
  out.set("model_type", model_type);
  if (out.contains("tie_word_embeddings") || !tie_word_embeddings) out.set("tie_word_embeddings", tie_word_embeddings);
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

int64_t read_size(const Json& json, const char* key, int64_t otherwise, int64_t most) {
  return json.get_int_or(key, otherwise, 1, most);
}

double read_probability(const Json& json, const char* key, double otherwise) {
  const double p = json.get_number_or(key, otherwise, 0, 1);
  if (p == 1) fail("{}: a dropout of 1 leaves nothing", json.where(key));
  return p;
}

std::optional<int64_t> read_token_id(const Json& json, const char* key, std::optional<int64_t> otherwise) {
  const Json* id = json.find(key);
  if (!id) return otherwise;
  if (id->is_null()) return {};
  return json.get_int(key, -INT32_MAX, INT32_MAX);
}

void refuse_unless_off(const Json& json, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    if (const Json* value = json.find(key); value && !is_off(*value))
      fail("{}: {} is not supported", json.where(key), value->describe());
  }
}

void expect_word(const Json& json, const char* key, std::string_view supported) {
  if (const std::string word = json.get_string_or(key, std::string(supported)); word != supported)
    fail("{}: {} is not supported, only {}", json.where(key), quote(word), quote(supported));
}

Json json_of_part(Json written, const Json& read) {
  if (const Json* architectures = read.find("architectures"))
    written.set("architectures", *architectures);
  else
    written.erase("architectures");
  return written;
}

void check_spread(const Json& json, const char* spread) {
  if (json.get_number_or(spread, 1) == 0)
    fail("{}: is 0: all numbers of a model from scratch would be 0, and nothing is learnt from them",
         json.where(spread));
}

void check_can_begin(const Json& json, const char* spread) {
  if (!json.contains("vocab_size"))
    fail("{}: is missing: a model from scratch needs to know how many tokens there are", json.where("vocab_size"));
  check_spread(json, spread);
}

Json read_config_json(const std::string& directory) {
  check_has_config(directory);
  if (is_bare_change(directory)) return config_of_bare_change(directory);
  return Json::read(directory + "/config.json");
}

}  // namespace thaw
