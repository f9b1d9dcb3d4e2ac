// SPDX-License-Identifier: Apache-2.0
// Lines of a text file from strangers, gzip'd or not: bounded, valid UTF-8, without NUL, and each knows its number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <string>

#include "models/data/unpacked_bytes.h"

namespace thaw {

class LineReader {
 public:
  // A longer line is an error, found without reading more than this into memory.
  static constexpr size_t max_line_bytes = size_t{16} << 20;

  // Throws std::runtime_error if there is no such file to read.
  explicit LineReader(const std::filesystem::path& path);
  // Of an open stream, which must outlive the reader; `name` stands for the path in messages.
  LineReader(std::istream& stream, std::string name);

  // The next line without its end ("\n", "\r\n", or that of the file) and, if it is the first, without a byte order
  // mark; false at the end. Throws std::runtime_error "FILE:LINE: what is wrong", or "FILE: what it is" if that is no
  // text in UTF-8 (models/data/file_kind.h), has no line end but CR, or is a gzip file that is damaged.
  bool next(std::string& line);

  const std::string& name() const { return bytes_.name(); }
  int64_t number() const { return number_; }  // of the last line, from 1
  // "FILE:LINE" of the last line.
  std::string where() const;

 private:
  bool fill();
  bool read_line(std::string& line);

  UnpackedBytes bytes_;
  int64_t number_ = 0;
  std::string buffer_;  // read, and from position_ on not yet handed out
  size_t position_ = 0;
  bool kind_is_known_ = false, any_line_feed_ = false;
};

}  // namespace thaw
