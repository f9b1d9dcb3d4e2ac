// SPDX-License-Identifier: Apache-2.0
// Masks to and from safetensors, and the model that they are for.
#include "nn/freeze/mask_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "tensor/check.h"
#include "tensor/io/crc32c.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr const char* kind = "thaw element masks";
constexpr std::string_view checksum_key = "crc32c of ";

// Of the values as f32, so that it does not depend on the device.
uint32_t checksum_of(const Parameter& parameter) {
  const std::vector<float> values = parameter.value().to_host<float>();
  return crc32c({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
}

bool came_with_the_model(const ParameterStore& store, const std::string& name) {
  return std::ranges::find(store.initialised(), name) == store.initialised().end();
}

std::optional<uint32_t> parse_checksum(const std::string& text) {
  uint32_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

int64_t MaskFile::Mask::ones() const { return std::ranges::count(elements, 1); }

MaskFile::MaskFile(const ParameterStore& store, std::map<std::string, std::vector<uint8_t>> masks,
                   SafetensorsMetadata made)
    : made_(std::move(made)) {
  for (auto& [name, elements] : masks) {
    const Parameter parameter = store.find(name);
    check(parameter.defined(), "a mask of {}: there is no such parameter", quote_if_odd(name));
    const Shape shape = parameter.value().shape();
    check(std::ssize(elements) == shape.numel(), "a mask of {} numbers for {} {}", elements.size(), name, shape);
    Mask mask{shape, std::move(elements), {}};
    if (came_with_the_model(store, name)) mask.base = checksum_of(parameter);
    masks_.emplace(name, std::move(mask));
  }
}

MaskFile MaskFile::read(const std::filesystem::path& path) {
  const SafetensorsFile file(path.string());
  MaskFile read;
  read.path_ = quote_if_odd(path.string());
  const auto format = file.metadata().find("format");
  if (format == file.metadata().end() || format->second != kind)
    fail("{}: no file of element masks: its metadata lacks \"format\": \"{}\"", read.path_, kind);
  for (const SafetensorsEntry& entry : file.entries()) {
    const std::string name = quote_if_odd(entry.name);
    if (entry.dtype != "U8") fail("{}: {} is {}, expected U8", read.path_, name, entry.dtype);
    if (entry.shape.size() > Shape::max_rank)
      fail("{}: {} has {} axes: no parameter has more than {}", read.path_, name, entry.shape.size(), Shape::max_rank);
    Mask mask{Shape(std::span(entry.shape)), {}, {}};
    mask.elements.reserve(entry.bytes.size());
    for (const std::byte byte : entry.bytes) {
      const auto element = static_cast<uint8_t>(byte);
      if (element > 1)
        fail("{}: {} holds {} at place {}: expected 0 or 1", read.path_, name, element, mask.elements.size());
      mask.elements.push_back(element);
    }
    read.masks_.emplace(entry.name, std::move(mask));
  }
  for (const auto& [key, value] : file.metadata()) {
    if (key == "format") continue;
    if (!key.starts_with(checksum_key)) {
      read.made_.emplace(key, value);
      continue;
    }
    const auto mask = read.masks_.find(key.substr(checksum_key.size()));
    const std::optional<uint32_t> checksum = parse_checksum(value);
    if (mask == read.masks_.end() || !checksum)
      fail("{}: metadata {}: {}: expected the checksum of a tensor of the file", read.path_, quote(key), quote(value));
    mask->second.base = checksum;
  }
  if (read.masks_.empty()) fail("{}: it has no masks", read.path_);
  return read;
}

void MaskFile::write(const std::filesystem::path& path) const {
  std::vector<SafetensorsEntry> entries;
  SafetensorsMetadata metadata = made_;
  metadata["format"] = kind;
  for (const auto& [name, mask] : masks_) {
    entries.push_back({name, "U8", {mask.shape.begin(), mask.shape.end()}, std::as_bytes(std::span(mask.elements))});
    if (mask.base) metadata[std::string(checksum_key) + name] = fmt::format("{:08x}", *mask.base);
  }
  write_safetensors(path.string(), std::move(entries), metadata);
}

const MaskFile::Mask* MaskFile::find(const std::string& parameter) const {
  const auto found = masks_.find(parameter);
  return found == masks_.end() ? nullptr : &found->second;
}

int64_t MaskFile::ones() const {
  int64_t ones = 0;
  for (const auto& [name, mask] : masks_) ones += mask.ones();
  return ones;
}

void MaskFile::check_shapes(const ParameterStore& store) const {
  for (const auto& [name, mask] : masks_) {
    const Parameter parameter = store.find(name);
    check(parameter.defined(), "{}: the model has no parameter {}", path_, quote_if_odd(name));
    check(parameter.value().shape() == mask.shape, "{}: the mask of {} is {}, the parameter {}", path_, name,
          mask.shape, parameter.value().shape());
  }
}

void MaskFile::check_fits(const ParameterStore& store) const {
  check_shapes(store);
  for (const auto& [name, mask] : masks_) {
    const Parameter parameter = store.find(name);
    const bool masked_already = parameter.trained_elements() == mask.elements;
    if (!mask.base || masked_already || store.device().name() == "dry") continue;
    check(*mask.base == checksum_of(parameter), "{}: made for another model: {} has other values there", path_, name);
  }
}

}  // namespace thaw
