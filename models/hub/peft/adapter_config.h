// SPDX-License-Identifier: Apache-2.0
// adapter_config.json of peft (as version 0.21 writes it): read strictly, whatever model it is of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tensor/io/json.h"

namespace thaw {

inline constexpr const char* adapter_config_name = "adapter_config.json";
inline constexpr const char* adapter_weights_name = "adapter_model.safetensors";
inline constexpr const char* prompt_name = "prompt_embeddings";
inline constexpr const char* token_rows_ending = ".token_adapter.trainable_tokens_delta";  // of rows of a table
// Of the metadata of adapter_model.safetensors, which peft passes over: thaw's hash of the base
// (models/hub/base_model.h).
inline constexpr const char* base_hash_key = "thaw_base_hash";

// Modules by a list of names, which are theirs or stand behind a dot at their names' ends; or by a regular expression
// for whole names.
struct ModuleNames {
  std::vector<std::string> names;
  std::optional<std::string> expression;
  bool empty() const { return names.empty() && !expression; }
};

// Heads that peft stores whole with an adapter for a task, whatever its configuration says.
std::vector<std::string> heads_of_task(const std::string& task_type);

struct AdapterConfig {
  enum class Kind { lora, ia3, prompt, prefix };
  enum class Biases { none, all, adapted };                     // which are trained, too
  using Numbers = std::vector<std::pair<std::string, double>>;  // by expressions for the end of a module's name

  Kind kind = Kind::lora;
  std::string task_type;  // "SEQ_CLS", ...; or empty
  ModuleNames targets, excluded;
  std::vector<std::string> saved;  // modules_to_save, with those that the task has anyway
  // LoRA
  int64_t rank = 8;
  double alpha = 8, dropout = 0;
  Numbers ranks, alphas;  // in the file's order: the first that matches counts
  bool rank_stabilised = false, magnitudes = false;
  Biases biases = Biases::none;
  std::vector<int64_t> layers;  // none: all
  std::vector<std::string> layer_names;
  std::vector<int64_t> token_rows;                                            // of the table of words
  std::vector<std::pair<std::string, std::vector<int64_t>>> rows_of_modules;  // of tables by the ends of their names
  // IA3
  ModuleNames scaled_inputs;
  // Prompt tuning, prefix tuning
  int64_t prompt_rows = 0;  // num_virtual_tokens
  int64_t submodules = 1;   // 2 of encoder-decoders
  static constexpr bool is_prompt_learning(Kind kind) { return kind == Kind::prompt || kind == Kind::prefix; }
  // Prefix tuning
  std::optional<int64_t> prefix_layers = {};  // num_layers

  // std::runtime_error "FILE: KEY: what is wrong"; keys that ask for what thaw has not are such an error, unless they
  // are null, false or empty.
  static AdapterConfig from_json(const Json& file);
};

// Of a directory. std::runtime_error if it has none, or a page of the web in its place.
AdapterConfig read_adapter_config(const std::string& directory);

}  // namespace thaw
