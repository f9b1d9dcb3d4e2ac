// SPDX-License-Identifier: Apache-2.0
// Checks a whole file against a store, then copies.
#include "nn/store_file.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "autograd/compressed_weight.h"
#include "tensor/check.h"
#include "tensor/io/safetensors.h"
#include "tensor/io/tensor_file.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

bool has_shape(const SafetensorsEntry& entry, const Shape& shape) {
  return std::equal(entry.shape.begin(), entry.shape.end(), shape.begin(), shape.end());
}

constexpr size_t most_told = 10;  // tensors with one fault

void add_fault(std::string& faults, const char* what, const std::vector<std::string>& tensors) {
  if (tensors.empty()) return;
  const size_t told = std::min(tensors.size(), most_told);
  faults += fmt::format("{}{} {}", faults.empty() ? "" : "; ", what,
                        fmt::join(tensors.begin(), tensors.begin() + static_cast<ptrdiff_t>(told), ", "));
  if (told < tensors.size()) faults += fmt::format(" and {} more", tensors.size() - told);
}

void check_fits(const SafetensorsFile& file, const ParameterStore& store) {
  std::vector<std::string> missing, unknown, misshapen, untyped;
  for (const Parameter& p : store.all()) {
    const SafetensorsEntry* entry = file.find(p.name());
    if (!entry) {
      missing.push_back(quote_if_odd(p.name()));
    } else if (!has_shape(*entry, p.value().shape())) {
      misshapen.push_back(
          fmt::format("{} {} (not {})", quote_if_odd(p.name()), shape_text(entry->shape), p.value().shape()));
    } else if (const auto dtype = entry->thaw_dtype(); !dtype || !is_floating(*dtype)) {
      untyped.push_back(fmt::format("{} {}", quote_if_odd(p.name()), entry->dtype));
    }
  }
  for (const SafetensorsEntry& entry : file.entries())
    if (!store.find(entry.name).defined()) unknown.push_back(quote_if_odd(entry.name));
  std::string faults;
  add_fault(faults, "missing:", missing);
  add_fault(faults, "no parameters:", unknown);
  add_fault(faults, "of another shape:", misshapen);
  add_fault(faults, "of another type:", untyped);
  if (!faults.empty()) fail("{}: not the parameters of this store; {}", quote_if_odd(file.path()), faults);
}

// Another type is read on the reference device, which has them all.
Tensor tensor_of(const SafetensorsEntry& entry, const Parameter& p) {
  const Tensor& value = p.value();
  const DType stored = *entry.thaw_dtype();
  if (stored == value.dtype()) return Tensor::from_bytes(entry.bytes, value.shape(), stored, value.device());
  const Tensor on_host = Tensor::from_bytes(entry.bytes, value.shape(), stored, Device::open("reference"));
  return Tensor::from_host(on_host.to_host<double>(), value.shape(), value.device(), value.dtype());
}

}  // namespace

void save(const ParameterStore& store, const std::filesystem::path& path) {
  std::map<std::string, Tensor> tensors;
  for (const Parameter& p : store.all()) {
    check(!p.compressed(), "{}: {} is kept as {}: its own numbers are in the base alone", path.string(), p.name(),
          kept_as(p.compressed()));
    tensors.emplace(p.name(), p.value());
  }
  write_tensors(path, tensors);
}

void load(const ParameterStore& store, const std::filesystem::path& path) {
  for (const Parameter& p : store.all())
    check(!p.compressed(), "{}: {} is kept as {}: it is read before it is compressed", path.string(), p.name(),
          kept_as(p.compressed()));
  const SafetensorsFile file(path.string());
  check_fits(file, store);
  for (const Parameter& p : store.all()) p.value().copy_from(tensor_of(file.at(p.name()), p));
}

}  // namespace thaw
