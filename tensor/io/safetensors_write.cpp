// SPDX-License-Identifier: Apache-2.0
// Writing safetensors: header, padding and order as the reference library has them.
#include <algorithm>
#include <array>

#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"
#include "tensor/io/json_place.h"
#include "tensor/io/safetensors.h"
#include "tensor/io/safetensors_dtype.h"

namespace thaw {

namespace {

void check_entry(const SafetensorsEntry& entry) {
  const SafetensorsDType* type = find_safetensors_dtype(entry.dtype);
  check(type != nullptr, "tensor {}: safetensors has no dtype {}", quote(entry.name), quote(entry.dtype));
  check(entry.name != "__metadata__", "tensor \"__metadata__\": the name is reserved by safetensors");
  check(entry.name.find('\0') == std::string::npos, "tensor {}: the name holds a NUL character", quote(entry.name));
  check(entry.shape.size() <= SafetensorsFile::max_rank, "tensor {}: {} dimensions, at most {} are written",
        quote(entry.name), entry.shape.size(), SafetensorsFile::max_rank);
}

void check_bytes(const SafetensorsEntry& entry, uint64_t bytes) {
  check(bytes == data_bytes(entry), "tensor {}: {} bytes do not fit its shape and dtype {}", quote(entry.name), bytes,
        entry.dtype);
}

bool comes_first(const SafetensorsEntry& a, const SafetensorsEntry& b) {
  // Both pointers are into one table, in which the types that come first in files stand last.
  const auto* type_a = find_safetensors_dtype(a.dtype);
  const auto* type_b = find_safetensors_dtype(b.dtype);
  return type_a != type_b ? type_a > type_b : a.name < b.name;
}

std::string header_of(const std::vector<SafetensorsEntry>& entries, const SafetensorsMetadata& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) {
    Json values = Json::object();
    for (const auto& [key, value] : metadata) values.set(key, value);
    header.set("__metadata__", std::move(values));
  }
  uint64_t offset = 0;
  for (const SafetensorsEntry& entry : entries) {
    const uint64_t end = offset + data_bytes(entry);
    Json fields = Json::object();
    fields.set("dtype", entry.dtype).set("shape", entry.shape).set("data_offsets", std::vector<uint64_t>{offset, end});
    header.set(entry.name, std::move(fields));
    offset = end;
  }
  std::string text = header.dump({.compact = true});
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

}  // namespace

uint64_t data_bytes(const SafetensorsEntry& entry) {
  const SafetensorsDType* type = find_safetensors_dtype(entry.dtype);
  const auto bytes = type ? byte_count(*type, entry.shape) : std::nullopt;
  check(bytes.has_value(), "tensor {}: {} bytes do not fit its shape and dtype {}", quote(entry.name),
        entry.bytes.size(), entry.dtype);
  return *bytes;
}

void write_safetensors(const std::string& path, std::vector<SafetensorsEntry> entries,
                       const SafetensorsMetadata& metadata) {
  for (const SafetensorsEntry& entry : entries) {
    check_entry(entry);
    check_bytes(entry, entry.bytes.size());
  }
  stream_safetensors(
      path, std::move(entries), [](const SafetensorsEntry& entry, const auto& write) { write(entry.bytes); }, metadata);
}

void stream_safetensors(const std::string& path, std::vector<SafetensorsEntry> entries,
                        const SafetensorsContent& content, const SafetensorsMetadata& metadata) {
  for (const SafetensorsEntry& entry : entries) check_entry(entry);
  std::ranges::sort(entries, comes_first);
  std::vector<std::string_view> names;
  for (const SafetensorsEntry& entry : entries) names.push_back(entry.name);
  std::ranges::sort(names);
  const auto twice = std::ranges::adjacent_find(names);
  check(twice == names.end(), "{}: tensor {} is to be written twice", path, twice == names.end() ? "" : quote(*twice));

  const std::string header = header_of(entries, metadata);
  check(header.size() <= SafetensorsFile::max_header_bytes,
        "{}: a header of {} bytes is above the format's limit of {}", path, header.size(),
        SafetensorsFile::max_header_bytes);
  std::array<std::byte, 8> length{};
  for (size_t i = 0; i < length.size(); ++i) length[i] = static_cast<std::byte>(header.size() >> (8 * i) & 0xFF);
  uint64_t total = length.size() + header.size();
  for (const SafetensorsEntry& entry : entries) total += data_bytes(entry);

  AtomicFile file(path, total);
  file.write(length);
  file.write(header);
  for (const SafetensorsEntry& entry : entries) {
    uint64_t written = 0;
    content(entry, [&](std::span<const std::byte> bytes) {
      file.write(bytes);
      written += bytes.size();
    });
    check_bytes(entry, written);
  }
  file.commit();
}

}  // namespace thaw
