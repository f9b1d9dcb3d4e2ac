// SPDX-License-Identifier: Apache-2.0
// Finds a parameter's tensor in a checkpoint and brings it to the device.
#include "models/hub/checkpoint_source.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "models/hub/change_directory.h"
#include "models/hub/change_misfit.h"
#include "models/hub/shared_weights.h"
#include "nn/change/applied_change.h"
#include "nn/init.h"
#include "nn/name_pattern.h"
#include "tensor/check.h"
#include "tensor/io/finite_weights.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

bool matches_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) { return matches(pattern, name); });
}

// The name with `ending` replaced by `other`; empty if it does not end so.
std::string with_ending(const std::string& name, const std::string& ending, const std::string& other) {
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) + other : std::string();
}

// Most devices cannot hold f64, some no 16-bit numbers: the reference device, which is host memory, has them all.
Tensor converted_on_host(const SafetensorsEntry& entry, const Shape& shape, DType stored, DType dtype, Device device) {
  const Tensor on_host = Tensor::from_bytes(entry.bytes, shape, stored, Device::open("reference"));
  return Tensor::from_host(on_host.to_host<float>(), shape, device, dtype);
}

bool has_fewer_rows(const SafetensorsEntry& entry, const Shape& shape) {
  return entry.shape.size() == 2 && shape.rank() == 2 && entry.shape[1] == shape[1] && entry.shape[0] < shape[0];
}

Tensor drawn_rows(const DrawnRows& how, const std::string& name, const Shape& shape, DType dtype, Device device) {
  return Tensor::from_host(Init::normal(how.deviation).values(shape, how.seed, name), shape, device, dtype);
}

ModelChange change_for(const std::string& directory, const ParameterStore& store) try {
  return read_change_of(directory, store);
} catch (const std::runtime_error& error) {
  throw ChangeMisfit(error.what());
}

}  // namespace

bool same_numbers(const SafetensorsEntry& a, const SafetensorsEntry& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.bytes.size() == b.bytes.size() &&
         (a.bytes.empty() || std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0);
}

std::string parameter_name(const CheckpointNames& names, const std::string& tensor) {
  if (matches_any(names.ignored, tensor)) return tensor;
  std::string name = tensor;
  for (const auto& [ending, old] : names.old_endings) {
    if (const std::string renamed = with_ending(name, old, ending); !renamed.empty()) name = renamed;
  }
  if (matches_any(names.bare, name)) return names.prefix + name;
  // A prefix before something else than the body is one too many.
  const std::string rest = name.starts_with(names.prefix) ? name.substr(names.prefix.size()) : std::string();
  return rest.empty() || names.prefix.empty() || matches_any(names.bare, rest) ? name : parameter_name(names, rest);
}

CheckpointSource::CheckpointSource(const std::string& directory, CheckpointNames names, FirstWeights first)
    : directory_(directory),
      names_(std::move(names)),
      first_(first),
      weights_(first == FirstWeights::random ? ModelWeights() : ModelWeights(weights_directory(directory))) {
  if (first == FirstWeights::random || !holds_change(directory)) return;
  of_change_ = replaced_by_change(directory);
  touched_ = touched_by_change(directory);
  sharing_ = SharedWeights::current();
}

void CheckpointSource::put_change_on(ParameterStore& store) const {
  if (first_ == FirstWeights::random || !holds_change(directory_)) return;
  ModelChange change = change_for(directory_, store);
  std::erase_if(change.tensors, [&](const auto& changed) { return matches_any(replaced_, changed.first); });
  std::erase_if(change.rows, [&](const auto& changed) { return matches_any(replaced_, changed.first); });
  for (const auto& [name, rows] : rows_of_base_) {
    const int64_t all = store.find(name).value().size(0);
    const auto changed = change.rows.find(name);
    const RowRanges given = changed == change.rows.end() ? RowRanges() : RowRanges::of(changed->second.numbers);
    if (!change.tensors.contains(name) && given.common({rows, all}).count() < all - rows)
      fail("{}: of the rows {} to {} of {}, which its base has not, some are nowhere", directory_, rows, all - 1, name);
  }
  try {
    const AppliedChange applied(store, change);  // stays
  } catch (const std::invalid_argument& error) {
    throw ChangeMisfit(fmt::format("{}: {}", directory_, error.what()));
  }
  for (const auto& [name, tensor] : change.tensors) store.mark_loaded(name);
  // What was trained beside adapters goes on being trained beside them.
  if (change.products.empty() && change.prompts.empty() && change.prefixes.empty()) return;
  for (const auto& [name, tensor] : change.tensors) store.name_head(name);
  for (const auto& [name, rows] : change.rows) store.name_head(name);
}

// A table of which the change has more rows than the base: those of the base, and nothing yet in the others.
bool CheckpointSource::is_grown(const SafetensorsEntry& entry, const std::string& name, const Shape& shape) const {
  return has_fewer_rows(entry, shape) && std::ranges::find(touched_, name) != touched_.end();
}

// One of which rows are to be drawn.
bool CheckpointSource::misses_rows(const SafetensorsEntry& entry, const std::string& name, const Shape& shape) const {
  return drawn_rows_ && has_fewer_rows(entry, shape) && matches(drawn_rows_->tables, name);
}

// Do other models of this base have the same numbers?
bool CheckpointSource::is_shared(const std::string& name) const {
  if (!sharing_) return false;
  const auto is_touched = [&](const std::string& one) { return std::ranges::find(touched_, one) != touched_.end(); };
  return !is_touched(name) && std::ranges::none_of(names_.tied, [&](const auto& tie) {
    return (tie.first == name && is_touched(tie.second)) || (tie.second == name && is_touched(tie.first));
  });
}

// Every tensor of the checkpoint that is this parameter under one of its names.
std::vector<const SafetensorsEntry*> CheckpointSource::all_named(const std::string& name) const {
  std::vector<std::string> candidates = {name};
  if (!names_.prefix.empty()) {
    if (name.starts_with(names_.prefix)) candidates.push_back(name.substr(names_.prefix.size()));
    candidates.push_back(names_.prefix + name);
  }
  std::vector<const SafetensorsEntry*> found;
  for (const std::string& candidate : candidates) {
    if (const SafetensorsEntry* entry = weights_.find(candidate)) found.push_back(entry);
    for (const auto& [ending, old] : names_.old_endings) {
      const std::string old_name = with_ending(candidate, ending, old);
      if (old_name.empty()) continue;
      if (const SafetensorsEntry* entry = weights_.find(old_name)) found.push_back(entry);
    }
  }
  return found;
}

const SafetensorsEntry* CheckpointSource::find_own(const std::string& name) const {
  const std::vector<const SafetensorsEntry*> found = all_named(name);
  for (const SafetensorsEntry* entry : found) {
    if (!same_numbers(*entry, *found[0]))
      fail("{}: tensors {} and {} are both {}, but their numbers differ: one of them must go", file_of(*entry),
           found[0]->name, entry->name, name);
  }
  return found.empty() ? nullptr : found[0];
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

bool CheckpointSource::is_replaced(const std::string& name) const {
  return matches_any(replaced_, name) || std::ranges::find(of_change_, name) != of_change_.end();
}

std::optional<Tensor> CheckpointSource::load(const std::string& name, const Shape& shape, DType dtype, Device device) {
  const SafetensorsEntry* entry = find(name);
  if (!entry) {
    if (first_ == FirstWeights::checkpoint && matches_any(names_.required, name)) fail_missing(name);
    return {};
  }
  used_.insert(entry);
  for (const SafetensorsEntry* same : all_named(name)) used_.insert(same);
  const bool grown = is_grown(*entry, name, shape), drawn = !grown && misses_rows(*entry, name, shape);
  if (matches_any(replaced_, name) || (is_replaced(name) && !grown)) return {};
  const std::string where = fmt::format("{}: tensor {}", file_of(*entry), entry->name);
  if (!std::ranges::equal(entry->shape, shape) && !grown && !drawn)
    fail("{}: its shape is {}, {} needs {}", where, shape_text(entry->shape), name, shape);
  const std::optional<DType> stored = entry->thaw_dtype();
  if (!stored || !is_floating(*stored)) fail("{}: {} numbers are no weights", where, entry->dtype);
  if (const int64_t bad = count_not_finite(*entry); bad > 0)
    fail("{}: holds NaN or infinity{} ({} of {} numbers are not finite)", where,
         stored == DType::f64 ? ", or numbers beyond f32" : "", bad, entry->count());
  const auto read = [&] {
    const Shape there(entry->shape);
    if (!device.backend().supports(*stored)) return converted_on_host(*entry, there, *stored, dtype, device);
    return Tensor::from_bytes(entry->bytes, there, *stored, device).to(dtype);
  };
  if (grown || drawn) {
    const int64_t rows = entry->shape[0];
    const Tensor table = Tensor::zeros(shape, dtype, device);
    table.slice(0, 0, rows).copy_from(read());
    if (grown) rows_of_base_[name] = rows;
    if (drawn)
      table.slice(0, rows, shape[0])
          .copy_from(drawn_rows(*drawn_rows_, name, {shape[0] - rows, shape[1]}, dtype, device));
    return table;
  }
  if (!is_shared(name)) return read();
  return sharing_->of(fmt::format("{} {} {}", where, name_of(dtype), device.name()), read);
}

// The whole body may be there under names that a wrapper made longer: "module.bert.encoder...".
void CheckpointSource::fail_missing(const std::string& name) const {
  const std::string bare = name.starts_with(names_.prefix) ? name.substr(names_.prefix.size()) : name;
  for (const SafetensorsEntry* entry : weights_.entries()) {
    const std::string known = parameter_name(names_, entry->name);
    if (!known.ends_with("." + bare)) continue;
    const std::string prefix = known.substr(0, known.size() - (known.ends_with(name) ? name : bare).size());
    fail(
        "{}: the names of its tensors begin with {}, as a wrapper around the model or another family makes them: {} "
        "instead of {}; save the model without the wrapper",
        file_of(*entry), quote(prefix), quote(entry->name), name);
  }
  const auto& entries = weights_.entries();
  fail("{}: the checkpoint has no tensor {}{}", directory_, name,
       entries.empty() ? "" : fmt::format("; its first is {}", quote(entries[0]->name)));
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

// Of the body, and none that a model of this size must have.
bool CheckpointSource::is_carried(const SafetensorsEntry& entry) const {
  const std::optional<DType> dtype = entry.thaw_dtype();
  if (!carries_body_ || used_.contains(&entry) || !dtype || !is_floating(*dtype)) return false;
  const std::string name = parameter_name(names_, entry.name);
  if (matches_any(names_.required, name) || matches_any(names_.ignored, name)) return false;
  return name.starts_with(names_.prefix) && matches_any(names_.bare, name.substr(names_.prefix.size()));
}

std::vector<CarriedTensor> CheckpointSource::carried(const ParameterStore& store) const {
  const bool with_prefix = std::ranges::any_of(
      store.all(), [&](const Parameter& parameter) { return parameter.name().starts_with(names_.prefix); });
  std::vector<CarriedTensor> tensors;
  for (const SafetensorsEntry* entry : weights_.entries()) {
    if (!is_carried(*entry)) continue;
    const std::string name = parameter_name(names_, entry->name);
    tensors.push_back(
        {with_prefix ? name : name.substr(names_.prefix.size()),
         Tensor::from_bytes(entry->bytes, Shape(entry->shape), *entry->thaw_dtype(), Device::open("reference"))});
  }
  return tensors;
}

LoadReport CheckpointSource::report(const ParameterStore& store) const {
  LoadReport report;
  report.from_scratch = first_ == FirstWeights::random;
  report.initialised = store.initialised();
  for (const Parameter& parameter : store.all()) {
    if (std::ranges::find(report.initialised, parameter.name()) == report.initialised.end())
      report.loaded.push_back(parameter.name());
  }
  for (const SafetensorsEntry* entry : weights_.entries()) {
    if (!used_.contains(entry) && !matches_any(names_.ignored, entry->name) && !is_carried(*entry) &&
        !is_duplicate(*entry))
      report.unexpected.push_back(entry->name);
  }
  report.notes = notes_;
  const auto is_body = [&](const std::string& tensor) {
    return matches_any(names_.required, parameter_name(names_, tensor));
  };
  const auto body = std::ranges::count_if(report.unexpected, is_body);
  if (body > 0)
    report.notes.push_back(
        fmt::format("{}: {} tensors of the model's body are not used ({}, ...): the weights are of a larger model than "
                    "config.json tells of",
                    directory_, body, *std::ranges::find_if(report.unexpected, is_body)));
  return report;
}

std::string LoadReport::to_text() const {
  std::string text = from_scratch ? fmt::format("from scratch: {} tensors, all of them new\n", initialised.size())
                                  : fmt::format("{} tensors loaded\n", loaded.size());
  if (!initialised.empty() && !from_scratch) text += fmt::format("new: {}\n", fmt::join(initialised, ", "));
  if (!unexpected.empty()) text += fmt::format("not used: {}\n", fmt::join(unexpected, ", "));
  for (const std::string& note : notes) text += note + "\n";
  return text;
}

}  // namespace thaw
