// SPDX-License-Identifier: Apache-2.0
// Reading safetensors: everything a file claims is checked against its size before a tensor is shown.
#include <algorithm>
#include <numeric>

#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/io/json_place.h"
#include "tensor/io/mapped_file.h"
#include "tensor/io/safetensors.h"
#include "tensor/io/safetensors_dtype.h"
#include "tensor/shape.h"

namespace thaw {

namespace {

constexpr uint64_t length_bytes = 8;

struct Claim {
  SafetensorsEntry entry;
  uint64_t begin;
  uint64_t end;
};

// What other file begins so: a text shows its first line.
std::string looks_like(std::span<const std::byte> bytes) {
  constexpr size_t shown = 40;
  std::string start(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), shown));
  const auto is_text = [](char c) {
    return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\r' || c == '\t';
  };
  if (!std::ranges::all_of(start, is_text)) return "nor a text";
  start.resize(std::min(start.size(), start.find_first_of("\r\n")));
  return fmt::format("but looks like a text that begins with {}", quote(start));
}

uint64_t header_length(std::span<const std::byte> bytes, const std::string& path) {
  if (bytes.size() < length_bytes)
    fail("{}: {} bytes, too short for a safetensors file (its first 8 bytes are the header's length)", path,
         bytes.size());
  uint64_t length = 0;
  for (size_t i = length_bytes; i-- > 0;) length = length << 8 | std::to_integer<uint64_t>(bytes[i]);
  if (length > SafetensorsFile::max_header_bytes)
    fail("{}: header length {} is above the format's limit of {}: it is no safetensors file, {}", path, length,
         SafetensorsFile::max_header_bytes, looks_like(bytes));
  if (length > bytes.size() - length_bytes)
    fail("{}: header length {} is beyond the end of the file ({} bytes)", path, length, bytes.size());
  return length;
}

Claim read_claim(const JsonMember& member, const std::string& path, uint64_t data_bytes) {
  const std::string name = fmt::format("{}: tensor {}", path, quote(member.key));
  if (member.key.find('\0') != std::string::npos) fail("{}: the name holds a NUL character", name);
  const Json& json = member.value;
  if (!json.is_object()) fail("{}: expected an object, found {}", name, json.describe());
  for (const JsonMember& field : json.members())
    if (field.key != "dtype" && field.key != "shape" && field.key != "data_offsets")
      fail("{}: unknown key {}", name, quote(field.key));

  Claim claim{{member.key, json.get_string("dtype"), {}, {}}, 0, 0};
  const SafetensorsDType* type = find_safetensors_dtype(claim.entry.dtype);
  if (!type) fail("{}: unknown dtype {}", name, quote(claim.entry.dtype));
  const Json& shape = json.get_array("shape");
  if (shape.size() > SafetensorsFile::max_rank)
    fail("{}: {} dimensions, at most {} are read", name, shape.size(), SafetensorsFile::max_rank);
  claim.entry.shape = json.get_ints("shape", 0);
  const Json& offsets = json.get_array("data_offsets");
  if (offsets.size() != 2) fail("{}: data_offsets: expected 2 integers, found {}", name, offsets.size());
  claim.begin = offsets.get_uint(0);
  claim.end = offsets.get_uint(1);
  if (claim.begin > claim.end) fail("{}: data_offsets: begin {} is after end {}", name, claim.begin, claim.end);
  if (claim.end > data_bytes)
    fail("{}: data_offsets: end {} is beyond the file's {} bytes of data", name, claim.end, data_bytes);
  const auto bytes = byte_count(*type, claim.entry.shape);
  if (!bytes) fail("{}: {} elements of shape {} are no size in bytes", name, type->name, shape_text(claim.entry.shape));
  if (*bytes != claim.end - claim.begin)
    fail("{}: {} of shape {} takes {} bytes, data_offsets give it {}", name, type->name, shape_text(claim.entry.shape),
         *bytes, claim.end - claim.begin);
  return claim;
}

SafetensorsMetadata read_metadata(const Json& json) {
  SafetensorsMetadata metadata;
  for (const JsonMember& member : json.members()) metadata[member.key] = json.get_string(member.key);
  return metadata;
}

void check_coverage(const std::vector<Claim>& claims, const std::string& path, uint64_t data_bytes) {
  uint64_t end = 0;
  for (const Claim& claim : claims) {
    if (claim.begin < end)
      fail("{}: tensor {}: its data begin at {}, inside another tensor's, which end at {}", path,
           quote(claim.entry.name), claim.begin, end);
    if (claim.begin > end)
      fail("{}: tensor {}: its data begin at {}, after a hole that begins at {}", path, quote(claim.entry.name),
           claim.begin, end);
    end = claim.end;
  }
  if (end < data_bytes) fail("{}: {} bytes after the last tensor's data", path, data_bytes - end);
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::string& path) : path_(path), mapping_(std::make_shared<MappedFile>(path)) {
  read(mapping_->bytes());
}

SafetensorsFile::SafetensorsFile(std::span<const std::byte> bytes, const std::string& origin) : path_(origin) {
  read(bytes);
}

void SafetensorsFile::read(std::span<const std::byte> bytes) {
  const uint64_t length = header_length(bytes, path_);
  const auto header = bytes.subspan(length_bytes, length);
  const auto data = bytes.subspan(length_bytes + length);
  const Json json = Json::parse({reinterpret_cast<const char*>(header.data()), header.size()}, path_ + ": header");
  std::vector<Claim> claims;
  for (const JsonMember& member : json.members()) {
    if (member.key == "__metadata__") {
      metadata_ = read_metadata(json.get_object(member.key));
    } else {
      claims.push_back(read_claim(member, path_, data.size()));
    }
  }
  std::ranges::stable_sort(claims, {}, [](const Claim& claim) { return std::pair(claim.begin, claim.end); });
  check_coverage(claims, path_, data.size());
  entries_.reserve(claims.size());
  for (Claim& claim : claims) {
    claim.entry.bytes = data.subspan(claim.begin, claim.end - claim.begin);
    entries_.push_back(std::move(claim.entry));
  }
  by_name_.resize(entries_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0u);
  std::ranges::sort(by_name_, {}, [&](uint32_t i) -> std::string_view { return entries_[i].name; });
}

const SafetensorsEntry* SafetensorsFile::find(std::string_view name) const {
  const auto name_of_entry = [&](uint32_t i) -> std::string_view { return entries_[i].name; };
  const auto at = std::ranges::lower_bound(by_name_, name, {}, name_of_entry);
  return at != by_name_.end() && entries_[*at].name == name ? &entries_[*at] : nullptr;
}

const SafetensorsEntry& SafetensorsFile::at(std::string_view name) const {
  if (const SafetensorsEntry* entry = find(name)) return *entry;
  fail("{}: there is no tensor {}", path_, quote(name));
}

}  // namespace thaw
