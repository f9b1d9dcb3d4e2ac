// SPDX-License-Identifier: Apache-2.0
// The bytes of a file as they are meant: what is gzip'd is unpacked on the way, block by block.
#pragma once

#include <cstddef>
#include <filesystem>
#include <istream>
#include <memory>
#include <string>

namespace thaw {

// The first bytes decide, not the name: gzip'd files are read whatever they are called, plain ones named .gz too.
class UnpackedBytes {
 public:
  // Throws std::runtime_error if there is no such file to read.
  explicit UnpackedBytes(const std::filesystem::path& path);
  // Of an open stream, which must outlive this; `name` stands for the path in messages.
  UnpackedBytes(std::istream& stream, std::string name);
  ~UnpackedBytes();
  UnpackedBytes(UnpackedBytes&&) noexcept;

  const std::string& name() const { return name_; }
  // Writes what is there to bytes[0] and on: from 1 to `size` bytes, without waiting for more; returns how many, 0 at
  // the end. Gzip members are read one after the other, zero bytes behind the last are passed over. Throws
  // std::runtime_error "NAME: ..." where gzip'd data are cut off, damaged (their checksums are compared) or followed by
  // bytes that are none.
  size_t read(char* bytes, size_t size);
  // Whether reading has failed, where 0 is not the end.
  bool bad() const { return stream_->bad(); }

 private:
  struct Inflater;

  size_t read_packed(char* bytes, size_t size);
  size_t inflate_some(char* bytes, size_t size);
  bool begin_member();
  bool fill();

  std::unique_ptr<std::istream> owned_;
  std::istream* stream_;
  std::string name_;
  bool begun_ = false;
  std::unique_ptr<Inflater> inflater_;  // if the bytes are gzip's
};

}  // namespace thaw
