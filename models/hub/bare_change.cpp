// SPDX-License-Identifier: Apache-2.0
// Reads an adapter's outline and a base's configuration.
#include "models/hub/bare_change.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include "models/hub/change_directory.h"
#include "models/hub/class_labels.h"
#include "models/hub/model_directory.h"
#include "models/hub/peft/adapter_config.h"
#include "models/hub/peft/adapter_outline.h"
#include "models/hub/peft/task_types.h"
#include "models/hub/shards.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

bool has(const std::string& directory, const std::string& name) {
  std::error_code error;
  return fs::exists(fs::path(directory) / name, error);
}

void take_architecture(Json& config, const std::string& task_type) {
  const std::string ending = architecture_ending(task_type);
  if (ending.empty()) return;
  std::string stem;
  if (const Json* names = config.find("architectures"); names && names->is_array() && !names->empty()) {
    const std::string& name = names->at(0).as_string();
    if (name.ends_with(ending)) return;
    for (const char* part : {"For", "LMHead", "Model"})
      if (const size_t at = name.find(part); at != std::string::npos && stem.empty()) stem = name.substr(0, at);
  }
  config.set("architectures", std::vector<std::string>{stem + ending});
}

void take_classes(Json& config, int64_t count) {
  std::vector<std::string> notes;
  const std::vector<std::string> labels = read_class_labels(config, notes);
  if (count == (labels.empty() ? 2 : std::ssize(labels))) return;
  Json id2label = Json::object(), label2id = Json::object();
  const std::vector<std::string> made_up = made_up_labels(count);
  for (size_t i = 0; i < made_up.size(); ++i) {
    id2label.set(std::to_string(i), made_up[i]);
    label2id.set(made_up[i], i);
  }
  config.set("id2label", id2label);
  config.set("label2id", label2id);
  config.erase("num_labels");
  config.erase("problem_type");
}

// The tensor of the base that has this one's name, with or without what the architecture puts before it.
const SafetensorsEntry* of_base(const ModelWeights& base, const std::string& name) {
  for (const SafetensorsEntry* entry : base.entries())
    if (entry->name == name || name.ends_with("." + entry->name) || entry->name.ends_with("." + name)) return entry;
  return nullptr;
}

// The rows of tables of which the base has another number, one for each of its words.
std::optional<int64_t> words_of(const AdapterOutline& adapter, const ModelWeights& base, int64_t words) {
  for (const auto& [name, rows] : adapter.tables) {
    const SafetensorsEntry* entry = of_base(base, name);
    if (entry && entry->shape.size() == 2 && entry->shape[0] == words && rows.differ_from(words)) return rows.count;
  }
  return {};
}

}  // namespace

bool is_bare_change(const std::string& directory) { return !has(directory, "config.json") && holds_change(directory); }

std::string base_beside(const std::string& directory) {
  if (!holds_change(directory)) return "";
  // A chosen base needs nothing of what the change says of it.
  if (std::string chosen = place_of_base({}, directory); !chosen.empty()) return chosen;
  return place_of_base(base_of_change(directory), directory);
}

std::string path_of_file(const std::string& directory, const std::string& name) {
  const std::string own = directory + "/" + name;
  if (has(directory, name) || !is_bare_change(directory)) return own;
  const std::string base = base_beside(directory);
  return base.empty() ? own : base + "/" + name;
}

std::string tokenizer_directory(const std::string& directory) {
  if (!is_bare_change(directory)) return directory;
  for (const char* name :
       {"tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "spiece.model", "tokenizer.model"})
    if (has(directory, name)) return directory;
  const std::string base = base_beside(directory);
  return base.empty() ? directory : base;
}

Json config_of_bare_change(const std::string& directory) {
  const std::string base = base_beside(directory);
  Json config = Json::read(base + "/config.json");
  if (!has(directory, adapter_config_name)) return config;
  const AdapterOutline adapter(directory);
  take_architecture(config, adapter.task_type);
  if (adapter.classes) take_classes(config, *adapter.classes);
  const int64_t words = config.get_int_or("vocab_size", 0, 0, INT32_MAX);
  if (const auto other = words_of(adapter, ModelWeights(base), words)) config.set("vocab_size", *other);
  return config;
}

}  // namespace thaw
