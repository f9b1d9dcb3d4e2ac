// SPDX-License-Identifier: Apache-2.0
// Reads a message of protocol buffers field by field, with every length and number checked against the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace thaw {

enum class WireType : uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

class ProtobufReader {
 public:
  // A message that begins at byte `begin` of the file `path`. Both arguments must outlive the reader.
  ProtobufReader(std::string_view message, const std::string& path, size_t begin = 0)
      : message_(message), path_(path), begin_(begin) {}

  // Reads the next field; false at the end of the message. std::runtime_error "PATH: byte N: ..." for a number that
  // does not end, a length beyond the message, an unknown wire type or the field number 0.
  bool next();

  uint32_t field() const { return field_; }  // number of the field that was read

  // The value of the field, whose name is given for messages. std::runtime_error that names it if the field has another
  // wire type, or if the value does not fit.
  std::string_view bytes(std::string_view name) const;
  std::string_view utf8(std::string_view name) const;
  int32_t int32(std::string_view name) const;
  bool boolean(std::string_view name) const;
  float float32(std::string_view name) const;  // finite
  // The message that the field holds; `name` is only read when there is an error.
  ProtobufReader message(std::string_view name) const;

  // std::runtime_error "PATH: byte N: what", where N is where the field begins in the file.
  [[noreturn]] void fail_here(std::string_view what) const;

 private:
  uint64_t read_varint(const char* what);
  void require(WireType type, std::string_view name) const;

  std::string_view message_;
  const std::string& path_;
  size_t begin_;
  size_t at_ = 0;          // behind the field
  size_t field_at_ = 0;    // where it begins
  size_t content_at_ = 0;  // where its bytes begin
  uint32_t field_ = 0;
  WireType type_ = WireType::varint;
  uint64_t number_ = 0;  // of a varint or a fixed width; the length of bytes
};

}  // namespace thaw
