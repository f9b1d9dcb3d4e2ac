// SPDX-License-Identifier: Apache-2.0
// Reads adapter_model.safetensors.
#include "models/hub/peft/adapter_file.h"

#include <algorithm>
#include <filesystem>

#include "models/hub/peft/adapter_config.h"
#include "tensor/check.h"
#include "tensor/io/finite_weights.h"
#include "tensor/io/foreign_file.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// Prompts and prefixes are no part of a module.
std::string prefix_of(AdapterConfig::Kind kind) {
  return AdapterConfig::is_prompt_learning(kind) ? "base_model." : "base_model.model.";
}

std::string weights_path(const std::string& directory) {
  const std::string path = directory + "/" + adapter_weights_name;
  if (!std::filesystem::exists(path)) {
    if (std::filesystem::exists(directory + "/adapter_model.bin"))
      fail("{}/adapter_model.bin: is a pickle, which is not read: save the adapter as safetensors", directory);
    fail("{}: there is no {}", directory, adapter_weights_name);
  }
  check_not_foreign(path);
  return path;
}

}  // namespace

std::string name_in_file(AdapterConfig::Kind kind, const std::string& name) {
  return AdapterConfig::is_prompt_learning(kind) && name == prompt_name ? name : prefix_of(kind) + name;
}

AdapterFile::AdapterFile(const std::string& directory, AdapterConfig::Kind kind)
    : kind_(kind), file_(weights_path(directory)) {
  const std::string prefix = prefix_of(kind);
  for (const SafetensorsEntry& entry : file_.entries())
    if (!entry.name.starts_with(prefix) && (!AdapterConfig::is_prompt_learning(kind) || entry.name != prompt_name))
      fail("{}: tensor {}: its name does not begin with {}", path(), quote(entry.name), quote(prefix));
}

bool AdapterFile::has(const std::string& name) const { return file_.find(name_in_file(kind_, name)) != nullptr; }

std::vector<std::string> AdapterFile::names() const {
  std::vector<std::string> all;
  const std::string prefix = prefix_of(kind_);
  for (const SafetensorsEntry& entry : file_.entries())
    all.push_back(entry.name.starts_with(prefix) ? entry.name.substr(prefix.size()) : entry.name);
  return all;
}

Shape AdapterFile::shape(const std::string& name) const { return Shape(file_.at(name_in_file(kind_, name)).shape); }

Tensor AdapterFile::take(const std::string& name, const Shape& shape) {
  const SafetensorsEntry* entry = file_.find(name_in_file(kind_, name));
  if (!entry) fail("{}: there is no tensor {}", path(), name_in_file(kind_, name));
  const std::string where = fmt::format("{}: tensor {}", path(), entry->name);
  if (!std::ranges::equal(entry->shape, shape))
    fail("{}: its shape is {}, {} is expected", where, shape_text(entry->shape), shape);
  const std::optional<DType> stored = entry->thaw_dtype();
  if (!stored || !is_floating(*stored)) fail("{}: {} numbers are no weights", where, entry->dtype);
  if (const int64_t bad = count_not_finite(*entry); bad > 0)
    fail("{}: {} of {} numbers are not finite", where, bad, entry->count());
  taken_.insert(entry->name);
  return Tensor::from_bytes(entry->bytes, shape, *stored, Device::open("reference"));
}

std::string AdapterFile::first_left() const {
  for (const SafetensorsEntry& entry : file_.entries())
    if (!taken_.contains(entry.name)) return entry.name;
  return "";
}

}  // namespace thaw
