// SPDX-License-Identifier: Apache-2.0
// Goes through a model.bin from its first byte to its last: nothing is skipped, and nothing is left.
#include "models/hub/ctranslate2.h"

#include <algorithm>
#include <cstring>

#include "tensor/check.h"
#include "tensor/io/foreign_file.h"
#include "tensor/io/mapped_file.h"
#include "tensor/io/safetensors_dtype.h"
#include "tensor/quote.h"
#include "tensor/shape.h"

namespace thaw {

namespace {

constexpr uint32_t first_version = 4, last_version = 6;
// By the number that stands for them.
constexpr std::string_view types[] = {"F32", "I8", "I16", "I32", "F16", "BF16"};

// A place in the bytes that moves on.
class Cursor {
 public:
  Cursor(std::span<const std::byte> bytes, const std::string& path) : bytes_(bytes), path_(path) {}

  size_t left() const { return bytes_.size() - at_; }

  std::span<const std::byte> take(uint64_t count, const char* what) {
    if (count > left()) fail("{}: byte {}: {} of {} bytes, and the file has {} more", path_, at_, what, count, left());
    const auto taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
  }

  template <typename T>
  T number(const char* what) {
    T value = 0;
    const auto bytes = take(sizeof(T), what);
    for (size_t i = sizeof(T); i-- > 0;) value = static_cast<T>(value << 8 | std::to_integer<T>(bytes[i]));
    return value;
  }

  std::string text(const char* what) {
    const size_t begin = at_;
    const auto bytes = take(number<uint16_t>(what), what);
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.size() < 2 || text.find('\0') != text.size() - 1)
      fail("{}: byte {}: {} is {}, and a text that ends in its one NUL was expected", path_, begin, what, quote(text));
    text.pop_back();
    return text;
  }

 private:
  std::span<const std::byte> bytes_;
  size_t at_ = 0;
  const std::string& path_;
};

SafetensorsEntry read_variable(Cursor& cursor, const std::string& path) {
  SafetensorsEntry variable{.name = cursor.text("a variable's name"), .dtype = {}, .shape = {}, .bytes = {}};
  const std::string where = fmt::format("{}: {}", path, quote(variable.name));
  const size_t rank = cursor.number<uint8_t>("a rank");
  if (rank > SafetensorsFile::max_rank)
    fail("{}: {} dimensions, at most {} are read", where, rank, SafetensorsFile::max_rank);
  for (size_t i = 0; i < rank; ++i) variable.shape.push_back(cursor.number<uint32_t>("a size"));
  const size_t type = cursor.number<uint8_t>("a type");
  if (type >= std::size(types)) fail("{}: type {} is not known", where, type);
  variable.dtype = types[type];
  const auto bytes = byte_count(*find_safetensors_dtype(variable.dtype), variable.shape);
  const uint32_t given = cursor.number<uint32_t>("a number of bytes");
  if (!bytes || *bytes != given)
    fail("{}: {} of shape {}, and {} bytes", where, variable.dtype, shape_text(variable.shape), given);
  variable.bytes = cursor.take(given, "data");
  return variable;
}

}  // namespace

CTranslate2File::CTranslate2File(const std::string& path) : path_(path) {
  check_not_foreign(path);
  mapping_ = std::make_shared<MappedFile>(path);
  read(mapping_->bytes());
}

CTranslate2File::CTranslate2File(std::span<const std::byte> bytes, const std::string& origin) : path_(origin) {
  read(bytes);
}

void CTranslate2File::read(std::span<const std::byte> bytes) {
  Cursor cursor(bytes, path_);
  const auto version = cursor.number<uint32_t>("a version");
  if (version < first_version || version > last_version)
    fail("{}: is no model of CTranslate2, or of another version: {}, and {} to {} are read", path_, version,
         first_version, last_version);
  kind_ = cursor.text("the kind of model");
  revision_ = cursor.number<uint32_t>("a revision");
  const auto variables = cursor.number<uint32_t>("a number of variables");
  for (uint32_t i = 0; i < variables; ++i) {
    variables_.push_back(read_variable(cursor, path_));
    add_name(variables_.back().name, i);
  }
  const auto aliases = cursor.number<uint32_t>("a number of aliases");
  for (uint32_t i = 0; i < aliases; ++i) {
    const std::string alias = cursor.text("an alias"), name = cursor.text("the name of an alias's variable");
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) fail("{}: {} stands for {}, which is not there", path_, quote(alias), quote(name));
    add_name(alias, found->second);
  }
  if (cursor.left() > 0) fail("{}: {} bytes behind the last alias", path_, cursor.left());
}

void CTranslate2File::add_name(const std::string& name, size_t variable) {
  if (!by_name_.emplace(name, variable).second) fail("{}: {} is there twice", path_, quote(name));
}

const SafetensorsEntry* CTranslate2File::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &variables_[found->second];
}

const SafetensorsEntry& CTranslate2File::at(std::string_view name) const {
  if (const SafetensorsEntry* found = find(name)) return *found;
  fail("{}: there is no {}", path_, quote(name));
}

int64_t CTranslate2File::integer(std::string_view name) const {
  const SafetensorsEntry& option = at(name);
  if (!option.shape.empty() || !option.dtype.starts_with('I'))
    fail("{}: {} is {} of shape {}, expected a whole number", path_, quote(name), option.dtype,
         shape_text(option.shape));
  int64_t value = static_cast<int8_t>(std::to_integer<uint8_t>(option.bytes.back()));  // with the sign
  for (size_t i = option.bytes.size() - 1; i-- > 0;) value = value * 256 + std::to_integer<int64_t>(option.bytes[i]);
  return value;
}

}  // namespace thaw
