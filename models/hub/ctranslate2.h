// SPDX-License-Identifier: Apache-2.0
// CTranslate2's model.bin: named tensors of a model, by names of its own. Read without trusting a byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/io/safetensors.h"

namespace thaw {

class MappedFile;

// Little-endian: u32 version; the kind of model, a string; u32 its revision; u32 how many variables, and of each its
// name, u8 rank, u32 sizes, u8 type, u32 bytes, data; u32 how many aliases, and of each its name and that of a
// variable, where a converter found the same numbers twice. A string is u16 bytes, of which the last one is NUL.
class CTranslate2File {
 public:
  // Maps the file and reads all but the data. Throws std::runtime_error "PATH: what is wrong, and with what": it is cut
  // off or goes on behind its end, is of a version before 4 (whose tensors have no type) or after 6, has an unknown
  // type, sizes that do not fit its bytes, a name twice, or an alias of nothing.
  explicit CTranslate2File(const std::string& path);
  // The same on bytes in memory, which must outlive the object; `origin` stands for the path in errors.
  CTranslate2File(std::span<const std::byte> bytes, const std::string& origin);

  const std::string& path() const { return path_; }
  const std::string& kind() const { return kind_; }  // "WhisperSpec"
  uint32_t revision() const { return revision_; }
  // In the order of the file; types are safetensors'. Options of the model are variables without sizes.
  const std::vector<SafetensorsEntry>& variables() const { return variables_; }
  const SafetensorsEntry* find(std::string_view name) const;  // by its own name or an alias; null if there is none
  const SafetensorsEntry& at(std::string_view name) const;    // error if there is none
  // Of an option that is a whole number; error if it is none.
  int64_t integer(std::string_view name) const;

 private:
  void read(std::span<const std::byte> bytes);
  void add_name(const std::string& name, size_t variable);

  std::string path_, kind_;
  uint32_t revision_ = 0;
  std::shared_ptr<const MappedFile> mapping_;
  std::vector<SafetensorsEntry> variables_;
  std::map<std::string, size_t, std::less<>> by_name_;
};

}  // namespace thaw
