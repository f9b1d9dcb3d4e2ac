// SPDX-License-Identifier: Apache-2.0
// The safetensors format: reading files from strangers without trusting a byte, writing them as the reference library
// does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/dtype.h"

namespace thaw {

class MappedFile;

// An element type of the format. All are listed and copied; a tensor can be made of those that thaw computes with.
struct SafetensorsDType {
  std::string_view name;  // as in files: "F32"
  int bits;               // of one element
  std::optional<DType> dtype;
};

// Null if the format has no type of that name.
const SafetensorsDType* find_safetensors_dtype(std::string_view name);
// The format's name of a thaw type: "F32" for f32.
std::string_view safetensors_name(DType dtype);

// One tensor of a file, to be read or written.
struct SafetensorsEntry {
  std::string name;
  std::string dtype;                 // the format's name
  std::vector<int64_t> shape;        // empty: a scalar
  std::span<const std::byte> bytes;  // little-endian, row-major; in a file at any alignment: copy before use

  int64_t count() const;                    // number of elements
  std::optional<DType> thaw_dtype() const;  // empty if thaw has no such type
};

using SafetensorsMetadata = std::map<std::string, std::string>;

// A file open for reading. The entries' bytes are a mapping of the file that lives as long as this object.
class SafetensorsFile {
 public:
  // Maps the file and checks all of it before anything is used: header length, strict JSON, known dtypes, shapes that
  // fit their offsets, and offsets that cover the data without overlap, hole or rest. Throws std::runtime_error "PATH:
  // what is wrong, and with which tensor".
  explicit SafetensorsFile(const std::string& path);
  // The same on bytes in memory, which must outlive the object; `origin` stands for the path in errors.
  SafetensorsFile(std::span<const std::byte> bytes, const std::string& origin);

  const std::string& path() const { return path_; }
  const std::vector<SafetensorsEntry>& entries() const { return entries_; }  // in the order of their data
  const SafetensorsMetadata& metadata() const { return metadata_; }
  const SafetensorsEntry* find(std::string_view name) const;  // null if there is none
  const SafetensorsEntry& at(std::string_view name) const;    // error if there is none

  static constexpr uint64_t max_header_bytes = 100'000'000;
  static constexpr size_t max_rank = 64;

 private:
  void read(std::span<const std::byte> bytes);

  std::string path_;
  std::shared_ptr<const MappedFile> mapping_;
  std::vector<SafetensorsEntry> entries_;
  std::vector<uint32_t> by_name_;
  SafetensorsMetadata metadata_;
};

// Bytes of an entry's data as its shape and dtype say. Throws std::invalid_argument if they are no size.
uint64_t data_bytes(const SafetensorsEntry& entry);

// Hands the data of an entry to `write`, in one or several pieces.
using SafetensorsContent =
    std::function<void(const SafetensorsEntry& entry, const std::function<void(std::span<const std::byte>)>& write)>;

// Writes entries as the reference library would, byte by byte: largest alignment first, then by name, header padded
// with spaces to 8 bytes. Durable (tensor/io/atomic_file.h): a former file at PATH stays whole until the new one is.
// Throws std::invalid_argument on entries that are no file (unknown dtype, bytes that do not fit the shape, a name
// twice), std::runtime_error naming PATH when it cannot be written.
void write_safetensors(const std::string& path, std::vector<SafetensorsEntry> entries,
                       const SafetensorsMetadata& metadata = {{"format", "pt"}});
// The same of entries without bytes: those are asked of `content` one entry after the other, each when the one before
// is written, so that they need never be in memory together.
void stream_safetensors(const std::string& path, std::vector<SafetensorsEntry> entries,
                        const SafetensorsContent& content, const SafetensorsMetadata& metadata = {{"format", "pt"}});

}  // namespace thaw
