// SPDX-License-Identifier: Apache-2.0
// Finds a parameter's tensor in a checkpoint and brings it to the device.
#include "models/hub/checkpoint_source.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "nn/freeze.h"
#include "tensor/check.h"

namespace thaw {

namespace {

bool matches_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) { return matches(pattern, name); });
}

// The name with `ending` replaced by `other`; empty if it does not end so.
std::string with_ending(const std::string& name, const std::string& ending, const std::string& other) {
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) + other : std::string();
}

// Most devices cannot hold f64: it is rounded on the way.
Tensor from_doubles(const SafetensorsEntry& entry, const Shape& shape, DType dtype, Device device) {
  std::vector<double> values(static_cast<size_t>(shape.numel()));
  if (!values.empty()) std::memcpy(values.data(), entry.bytes.data(), entry.bytes.size());
  return Tensor::from_host(values, shape, device, dtype);
}

}  // namespace

bool same_numbers(const SafetensorsEntry& a, const SafetensorsEntry& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.bytes.size() == b.bytes.size() &&
         (a.bytes.empty() || std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0);
}

CheckpointSource::CheckpointSource(const std::string& directory, CheckpointNames names)
    : directory_(directory), names_(std::move(names)), weights_(directory) {}

const SafetensorsEntry* CheckpointSource::find_own(const std::string& name) const {
  const std::string other_prefix = names_.prefix.empty()             ? std::string()
                                   : name.starts_with(names_.prefix) ? name.substr(names_.prefix.size())
                                                                     : names_.prefix + name;
  for (const std::string& candidate : {name, other_prefix}) {
    if (candidate.empty()) continue;
    if (const SafetensorsEntry* entry = weights_.find(candidate)) return entry;
    for (const auto& [ending, old] : names_.old_endings) {
      const std::string old_name = with_ending(candidate, ending, old);
      if (old_name.empty()) continue;
      if (const SafetensorsEntry* entry = weights_.find(old_name)) return entry;
    }
  }
  return nullptr;
}

const SafetensorsEntry* CheckpointSource::find(const std::string& name) const {
  if (const SafetensorsEntry* entry = find_own(name)) return entry;
  for (const auto& [first, second] : names_.tied) {
    const SafetensorsEntry* entry = name == first ? find_own(second) : name == second ? find_own(first) : nullptr;
    if (entry) return entry;
  }
  return nullptr;
}

const std::string& CheckpointSource::file_of(const SafetensorsEntry& entry) const {
  for (const SafetensorsFile& file : weights_.files()) {
    if (file.find(entry.name) == &entry) return file.path();
  }
  return directory_;
}

std::optional<Tensor> CheckpointSource::load(const std::string& name, const Shape& shape, DType dtype, Device device) {
  const SafetensorsEntry* entry = find(name);
  if (!entry) {
    if (matches_any(names_.required, name)) fail("{}: the checkpoint has no tensor {}", directory_, name);
    return {};
  }
  used_.insert(entry);
  if (matches_any(replaced_, name)) return {};
  const std::string where = fmt::format("{}: tensor {}", file_of(*entry), entry->name);
  if (!std::ranges::equal(entry->shape, shape))
    fail("{}: its shape is {}, {} needs {}", where, shape_text(entry->shape), name, shape);
  const std::optional<DType> stored = entry->thaw_dtype();
  if (!stored || !is_floating(*stored)) fail("{}: {} numbers are no weights", where, entry->dtype);
  if (!device.backend().supports(*stored)) {
    if (*stored == DType::f64) return from_doubles(*entry, shape, dtype, device);
    fail("{}: {} is not supported by {}", where, entry->dtype, device.name());
  }
  return Tensor::from_bytes(entry->bytes, shape, *stored, device).to(dtype);
}

// Left over only because its tied name was taken, with the same numbers?
bool CheckpointSource::is_duplicate(const SafetensorsEntry& entry) const {
  for (const auto& [first, second] : names_.tied) {
    const SafetensorsEntry* a = find_own(first);
    const SafetensorsEntry* b = find_own(second);
    if (a && b && (a == &entry || b == &entry) && same_numbers(*a, *b)) return true;
  }
  return false;
}

LoadReport CheckpointSource::report(const ParameterStore& store) const {
  LoadReport report;
  report.initialised = store.initialised();
  for (const Parameter& parameter : store.all()) {
    if (std::ranges::find(report.initialised, parameter.name()) == report.initialised.end())
      report.loaded.push_back(parameter.name());
  }
  for (const SafetensorsEntry* entry : weights_.entries()) {
    if (!used_.contains(entry) && !matches_any(names_.ignored, entry->name) && !is_duplicate(*entry))
      report.unexpected.push_back(entry->name);
  }
  report.notes = notes_;
  return report;
}

std::string LoadReport::to_text() const {
  std::string text = fmt::format("{} tensors loaded\n", loaded.size());
  if (!initialised.empty()) text += fmt::format("new: {}\n", fmt::join(initialised, ", "));
  if (!unexpected.empty()) text += fmt::format("not used: {}\n", fmt::join(unexpected, ", "));
  for (const std::string& note : notes) text += note + "\n";
  return text;
}

}  // namespace thaw
