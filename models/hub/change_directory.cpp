// SPDX-License-Identifier: Apache-2.0
// Either format of a change.
#include "models/hub/change_directory.h"

#include <algorithm>
#include <filesystem>

#include "models/hub/change_file.h"
#include "models/hub/model_directory.h"
#include "models/hub/peft/adapter_config.h"
#include "models/hub/peft/adapter_outline.h"
#include "models/hub/peft/read_adapter.h"
#include "models/hub/shards.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

bool has(const std::string& directory, const char* name) {
  std::error_code error;
  return std::filesystem::exists(std::filesystem::path(directory) / name, error);
}

}  // namespace

bool holds_change(const std::string& directory) {
  return !has_weights(directory) && (has(directory, change_file_name) || has(directory, adapter_config_name));
}

BaseModel base_of_change(const std::string& directory) {
  if (has(directory, change_file_name)) return read_change_outline(directory + "/" + change_file_name).base;
  BaseModel base{Json::read(directory + "/" + adapter_config_name).get_string_or("base_model_name_or_path", ""), ""};
  if (has(directory, adapter_weights_name)) {
    const SafetensorsFile file(directory + "/" + adapter_weights_name);
    if (const auto hash = file.metadata().find(base_hash_key); hash != file.metadata().end()) base.hash = hash->second;
  }
  return base;
}

BaseModel as_base(const std::string& directory) {
  const std::string weights = weights_directory(directory);
  return {std::filesystem::absolute(weights).lexically_normal().string(), weights_hash(weights)};
}

std::string weights_directory(const std::string& directory) {
  return holds_change(directory) ? find_base(base_of_change(directory), directory) : directory;
}

std::vector<std::string> replaced_by_change(const std::string& directory) {
  if (!has(directory, change_file_name)) return AdapterOutline(directory).whole;
  const SavedChange saved = read_change_outline(directory + "/" + change_file_name);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : saved.change.tensors) names.push_back(name);
  return names;
}

std::vector<std::string> touched_by_change(const std::string& directory) {
  if (!has(directory, change_file_name)) return AdapterOutline(directory).touched;
  std::vector<std::string> names = replaced_by_change(directory);
  const SavedChange saved = read_change_outline(directory + "/" + change_file_name);
  for (const auto& [name, rows] : saved.change.rows) names.push_back(name);
  return names;
}

std::string change_weights(const std::string& directory) {
  return directory + "/" + (has(directory, change_file_name) ? change_file_name : adapter_weights_name);
}

int64_t saved_weight_bytes(const std::string& directory) {
  if (!holds_change(directory)) {
    int64_t bytes = 0;
    const ModelWeights weights(directory);
    for (const SafetensorsFile& file : weights.files())
      bytes += static_cast<int64_t>(std::filesystem::file_size(file.path()));
    return bytes;
  }
  return static_cast<int64_t>(std::filesystem::file_size(change_weights(directory)));
}

int64_t rows_before_texts(const std::string& directory) {
  if (!holds_change(directory)) return 0;
  if (!has(directory, change_file_name)) return read_adapter_config(directory).prompt_rows;
  const std::string path = directory + "/" + change_file_name;
  const ModelChange outline = read_change_outline(path).change;
  const SafetensorsFile file(path);
  int64_t prompt = 0, prefix = 0;
  for (const auto& [body, rows] : outline.prompts)
    prompt = std::max(prompt, file.at((body.empty() ? "" : body + ".") + "prompt_embeddings").shape.at(0));
  for (const auto& [attention, rows] : outline.prefixes)
    prefix = std::max(prefix, file.at(attention + ".prefix_keys").shape.at(0));
  return prompt + prefix;
}

ModelChange read_change_of(const std::string& directory, const ParameterStore& store) {
  if (has(directory, change_file_name)) return read_change(directory + "/" + change_file_name).change;
  return read_adapter(directory, store);
}

}  // namespace thaw
