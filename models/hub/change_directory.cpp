// SPDX-License-Identifier: Apache-2.0
// Either format of a change.
#include "models/hub/change_directory.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "models/hub/change_file.h"
#include "models/hub/model_directory.h"
#include "models/hub/peft/adapter_config.h"
#include "models/hub/peft/read_adapter.h"
#include "models/hub/shards.h"
#include "tensor/io/json.h"
#include "tensor/io/safetensors.h"

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
  if (has(directory, change_file_name)) return read_change(directory + "/" + change_file_name).base;
  return {Json::read(directory + "/" + adapter_config_name).get_string_or("base_model_name_or_path", ""), ""};
}

BaseModel as_base(const std::string& directory) {
  const std::string weights = weights_directory(directory);
  return {std::filesystem::absolute(weights).lexically_normal().string(), weights_hash(weights)};
}

std::string weights_directory(const std::string& directory) {
  return holds_change(directory) ? find_base(base_of_change(directory), directory) : directory;
}

std::vector<std::string> replaced_by_change(const std::string& directory) {
  std::vector<std::string> names;
  if (has(directory, change_file_name)) {
    const SavedChange saved = read_change(directory + "/" + change_file_name);
    for (const auto& [name, tensor] : saved.change.tensors) names.push_back(name);
    return names;
  }
  constexpr std::string_view prefix = "base_model.model.";
  constexpr std::array of_adapters{".lora_", ".ia3_", ".base_layer.", ".token_adapter."};
  const SafetensorsFile file(directory + "/" + adapter_weights_name);
  for (const SafetensorsEntry& entry : file.entries())
    if (entry.name.starts_with(prefix) &&
        std::ranges::none_of(of_adapters, [&](const char* part) { return entry.name.find(part) != std::string::npos; }))
      names.push_back(entry.name.substr(prefix.size()));
  return names;
}

int64_t saved_weight_bytes(const std::string& directory) {
  if (!holds_change(directory)) {
    int64_t bytes = 0;
    const ModelWeights weights(directory);
    for (const SafetensorsFile& file : weights.files())
      bytes += static_cast<int64_t>(std::filesystem::file_size(file.path()));
    return bytes;
  }
  const char* name = has(directory, change_file_name) ? change_file_name : adapter_weights_name;
  return static_cast<int64_t>(std::filesystem::file_size(std::filesystem::path(directory) / name));
}

ModelChange read_change_of(const std::string& directory, const ParameterStore& store) {
  if (has(directory, change_file_name)) return read_change(directory + "/" + change_file_name).change;
  return read_adapter(directory, store);
}

}  // namespace thaw
