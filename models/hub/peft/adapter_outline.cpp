// SPDX-License-Identifier: Apache-2.0
// Sorts names.
#include "models/hub/peft/adapter_outline.h"

#include <algorithm>
#include <string_view>

#include "models/hub/peft/adapter_config.h"
#include "models/hub/peft/adapter_file.h"
#include "models/hub/peft/module_matching.h"

namespace thaw {
namespace {

constexpr std::string_view token_rows = token_rows_ending;

bool is_part_of_adapter(const std::string& name) {
  return name == prompt_name || name.find(".lora_") != std::string::npos || name.ends_with(".ia3_l");
}

// The parameter that a tensor is about: "X.weight" of "X.token_adapter.base_layer.weight".
std::string parameter_of(std::string name) {
  if (name.ends_with(token_rows)) return name.substr(0, name.size() - token_rows.size()) + ".weight";
  for (const std::string_view wrapper : {".token_adapter", ".base_layer", ".modules_to_save", ".original_module"})
    if (const size_t at = name.find(std::string(wrapper) + "."); at != std::string::npos)
      name.erase(at, wrapper.size());
  return name;
}

// The highest row of those that the configuration names for a module's table.
int64_t last_row(const AdapterConfig& config, const std::string& module) {
  std::vector<int64_t> rows = config.token_rows;
  for (const auto& [ending, of_module] : config.rows_of_modules)
    if (ModuleMatching::ends_with(module, ending)) rows.insert(rows.end(), of_module.begin(), of_module.end());
  return rows.empty() ? -1 : *std::ranges::max_element(rows);
}

}  // namespace

AdapterOutline::AdapterOutline(const std::string& directory) {
  const AdapterConfig config = read_adapter_config(directory);
  task_type = config.task_type;
  const AdapterFile file(directory, config.kind);
  const std::vector<std::string> heads = heads_of_task(task_type);
  for (const std::string& name : file.names()) {
    if (is_part_of_adapter(name)) continue;
    const std::string parameter = parameter_of(name);
    if (std::ranges::find(touched, parameter) == touched.end()) touched.push_back(parameter);
    const Shape shape = file.shape(name);
    if (name.ends_with(token_rows)) {
      Rows& rows = tables[parameter];
      if (!rows.is_whole) rows.count = last_row(config, name.substr(0, name.size() - token_rows.size())) + 1;
      continue;
    }
    if (shape.rank() == 2) tables[parameter] = {shape[0], true};
    if (name == parameter) whole.push_back(name);
    for (const std::string& head : heads)
      if (task_type != "QUESTION_ANS" && (name == head + ".weight" || name == head + ".out_proj.weight"))
        classes = shape[0];
  }
}

}  // namespace thaw
