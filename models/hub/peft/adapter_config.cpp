// SPDX-License-Identifier: Apache-2.0
// Reads adapter_config.json key by key.
#include "models/hub/peft/adapter_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string_view>

#include "tensor/check.h"
#include "tensor/io/foreign_file.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int64_t most_rank = 1 << 20, most_row = INT32_MAX;

// What is read below, and what says nothing about what the adapter computes.
constexpr std::array known_of_all = {"peft_type",
                                     "task_type",
                                     "target_modules",
                                     "exclude_modules",
                                     "modules_to_save",
                                     "fan_in_fan_out",
                                     "base_model_name_or_path",
                                     "revision",
                                     "inference_mode",
                                     "auto_mapping",
                                     "peft_version"};
constexpr std::array known_of_lora = {"r",
                                      "lora_alpha",
                                      "lora_dropout",
                                      "rank_pattern",
                                      "alpha_pattern",
                                      "use_rslora",
                                      "use_dora",
                                      "bias",
                                      "layers_to_transform",
                                      "layers_pattern",
                                      "trainable_token_indices",
                                      "init_lora_weights",
                                      "megatron_core",
                                      "qalora_group_size"};
constexpr std::array known_of_ia3 = {"feedforward_modules", "init_ia3_weights"};
constexpr std::array known_of_prompts = {"num_virtual_tokens",
                                         "num_transformer_submodules",
                                         "token_dim",
                                         "num_attention_heads",
                                         "num_layers",
                                         "prompt_tuning_init",
                                         "prompt_tuning_init_text",
                                         "tokenizer_name_or_path",
                                         "tokenizer_kwargs"};

constexpr std::array known_of_prefixes = {"num_virtual_tokens", "num_transformer_submodules", "token_dim",
                                          "num_attention_heads", "num_layers",
                                          // What is in the file has gone through the projection already.
                                          "prefix_projection", "encoder_hidden_size", "init_weights"};

bool is_off(const Json& value) {
  if (value.is_null()) return true;
  if (value.is_bool()) return !value.as_bool();
  if (value.is_string()) return value.as_string().empty();
  return (value.is_object() || value.is_array()) && value.empty();
}

void refuse_others(const Json& file, AdapterConfig::Kind kind) {
  const auto holds = [](const auto& keys, const std::string& key) {
    return std::ranges::find(keys, std::string_view(key)) != keys.end();
  };
  const auto is_of_kind = [&](const std::string& key) {
    switch (kind) {
      case AdapterConfig::Kind::lora: return holds(known_of_lora, key);
      case AdapterConfig::Kind::ia3: return holds(known_of_ia3, key);
      case AdapterConfig::Kind::prompt: return holds(known_of_prompts, key);
      case AdapterConfig::Kind::prefix: return holds(known_of_prefixes, key);
    }
    return false;
  };
  for (const JsonMember& member : file.members()) {
    const bool known = holds(known_of_all, member.key) || is_of_kind(member.key);
    if (!known && !is_off(member.value))
      fail("{}: {} asks for what is not supported", file.where(member.key), member.value.describe());
  }
}

ModuleNames module_names(const Json& file, const char* key) {
  const Json* value = file.find(key);
  ModuleNames modules;
  if (!value || value->is_null()) return modules;
  if (value->is_string()) {
    modules.expression = value->as_string();
  } else {
    modules.names = file.get_strings(key);
  }
  return modules;
}

std::vector<std::string> strings_or_none(const Json& file, const char* key) {
  const Json* value = file.find(key);
  if (!value || value->is_null()) return {};
  if (value->is_string()) return {value->as_string()};
  return file.get_strings(key);
}

AdapterConfig::Numbers pattern_numbers(const Json& file, const char* key, bool whole) {
  AdapterConfig::Numbers numbers;
  const Json* value = file.find(key);
  if (!value || value->is_null()) return numbers;
  const Json& patterns = file.get_object(key);
  for (const JsonMember& member : patterns.members()) {
    const double number =
        whole ? static_cast<double>(patterns.get_int(member.key, 1, most_rank)) : patterns.get_number(member.key);
    if (number <= 0) fail("{}: {} is not above 0", patterns.where(member.key), number);
    numbers.emplace_back(member.key, number);
  }
  return numbers;
}

AdapterConfig::Biases biases_of(const Json& file) {
  const std::string word = file.get_string_or("bias", "none");
  if (word == "none") return AdapterConfig::Biases::none;
  if (word == "all") return AdapterConfig::Biases::all;
  if (word == "lora_only") return AdapterConfig::Biases::adapted;
  fail("{}: {} is not known: none, all or lora_only", file.where("bias"), quote(word));
}

// Ways to begin that write into the base's weights as well: the adapter is of another base than the one named.
void check_beginning(const Json& file) {
  const Json* value = file.find("init_lora_weights");
  if (!value || value->is_null() || value->is_bool()) return;
  const std::string& word = file.get_string("init_lora_weights");
  if (word != "gaussian" && word != "orthogonal" && word != "eva")
    fail("{}: {} begins by changing the base's weights, which is not supported", file.where("init_lora_weights"),
         quote(word));
}

void read_rows(const Json& file, AdapterConfig& config) {
  const char* key = "trainable_token_indices";
  const Json* value = file.find(key);
  if (!value || value->is_null()) return;
  if (value->is_array()) {
    config.token_rows = file.get_ints(key, 0, most_row);
    return;
  }
  const Json& modules = file.get_object(key);
  for (const JsonMember& member : modules.members())
    config.rows_of_modules.emplace_back(member.key, modules.get_ints(member.key, 0, most_row));
}

void read_lora(const Json& file, AdapterConfig& config) {
  config.rank = file.get_int_or("r", config.rank, 1, most_rank);
  config.alpha = file.get_number_or("lora_alpha", config.alpha);
  if (config.alpha <= 0) fail("{}: {} is not above 0", file.where("lora_alpha"), config.alpha);
  config.dropout = file.get_number_or("lora_dropout", 0, 0, 1);
  if (config.dropout == 1) fail("{}: a dropout of 1 leaves nothing", file.where("lora_dropout"));
  config.ranks = pattern_numbers(file, "rank_pattern", true);
  config.alphas = pattern_numbers(file, "alpha_pattern", false);
  config.rank_stabilised = file.get_bool_or("use_rslora", false);
  config.magnitudes = file.get_bool_or("use_dora", false);
  config.biases = biases_of(file);
  check_beginning(file);
  if (const Json* layers = file.find("layers_to_transform"); layers && !layers->is_null()) {
    config.layers = layers->is_array() ? file.get_ints("layers_to_transform", 0, most_row)
                                       : std::vector{file.get_int("layers_to_transform", 0, most_row)};
    if (config.targets.expression && !config.layers.empty())
      fail("{}: goes with a list of target_modules, they are an expression", file.where("layers_to_transform"));
  }
  config.layer_names = strings_or_none(file, "layers_pattern");
  read_rows(file, config);
}

void read_prompt(const Json& file, AdapterConfig& config) {
  config.prompt_rows = file.get_int("num_virtual_tokens", 1, most_row);
  const Json* copies = file.find("num_transformer_submodules");
  const int64_t usual = config.task_type == "SEQ_2_SEQ_LM" ? 2 : 1;
  config.submodules = copies && !copies->is_null() ? file.get_int("num_transformer_submodules", 1, 2) : usual;
}

void read_prefix(const Json& file, AdapterConfig& config) {
  read_prompt(file, config);
  if (const Json* layers = file.find("num_layers"); layers && !layers->is_null())
    config.prefix_layers = file.get_int("num_layers", 1, most_row);
}

AdapterConfig::Kind kind_of(const Json& file) {
  const std::string& type = file.get_string("peft_type");
  if (type == "LORA") return AdapterConfig::Kind::lora;
  if (type == "IA3") return AdapterConfig::Kind::ia3;
  if (type == "PROMPT_TUNING") return AdapterConfig::Kind::prompt;
  if (type == "PREFIX_TUNING") return AdapterConfig::Kind::prefix;
  fail("{}: adapters of the kind {} are not supported: LORA, IA3, PROMPT_TUNING or PREFIX_TUNING",
       file.where("peft_type"), quote(type));
}

}  // namespace

std::vector<std::string> heads_of_task(const std::string& task_type) {
  if (task_type == "SEQ_CLS" || task_type == "TOKEN_CLS") return {"classifier", "score"};
  if (task_type == "QUESTION_ANS") return {"qa_outputs"};
  return {};
}

AdapterConfig AdapterConfig::from_json(const Json& file) {
  if (!file.is_object()) fail("{}: an object is expected, this is {}", file.where(), file.describe());
  AdapterConfig config;
  config.kind = kind_of(file);
  refuse_others(file, config.kind);
  config.task_type = file.get_string_or("task_type", "");
  config.targets = module_names(file, "target_modules");
  if (config.targets.empty() && !AdapterConfig::is_prompt_learning(config.kind))
    fail("{}: no module is named", file.where("target_modules"));
  config.excluded = module_names(file, "exclude_modules");
  config.saved = strings_or_none(file, "modules_to_save");
  file.get_bool_or("fan_in_fan_out", false);  // how the base stores its weights, which the base knows
  for (const std::string& head : heads_of_task(config.task_type))
    if (std::ranges::find(config.saved, head) == config.saved.end()) config.saved.push_back(head);
  if (config.kind == Kind::lora) {
    read_lora(file, config);
  } else if (config.kind == Kind::prompt) {
    read_prompt(file, config);
  } else if (config.kind == Kind::prefix) {
    read_prefix(file, config);
  } else {
    config.scaled_inputs = module_names(file, "feedforward_modules");
  }
  return config;
}

AdapterConfig read_adapter_config(const std::string& directory) {
  const std::string path = directory + "/" + adapter_config_name;
  if (!std::filesystem::exists(path)) fail("{}: there is no {}", directory, adapter_config_name);
  check_not_foreign(path);
  return AdapterConfig::from_json(Json::read(path));
}

}  // namespace thaw
