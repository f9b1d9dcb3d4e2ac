// SPDX-License-Identifier: Apache-2.0
// Gzip (RFC 1952) by zlib.
#include "models/data/unpacked_bytes.h"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "tensor/check.h"
#include "tensor/io/file_presence.h"

namespace thaw {
namespace {

constexpr std::string_view gzip_magic = "\x1F\x8B";
constexpr size_t block_bytes = size_t{64} << 10;

std::unique_ptr<std::istream> open(const std::filesystem::path& path) {
  if (!is_there(path.string())) fail("{}: no such file", path.string());
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) fail("{}: is a directory, not a file", path.string());
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*file) fail("{}: cannot be read", path.string());
  return file;
}

}  // namespace

struct UnpackedBytes::Inflater {
  Inflater() : packed(block_bytes) {
    constexpr int gzip_only = 16;  // beside the size of the window: see zlib.h
    if (inflateInit2(&state, MAX_WBITS + gzip_only) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&state); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream state{};
  std::vector<char> packed;
  bool in_member = false, any_member = false;
};

UnpackedBytes::UnpackedBytes(const std::filesystem::path& path)
    : owned_(open(path)), stream_(owned_.get()), name_(path.string()) {}
UnpackedBytes::UnpackedBytes(std::istream& stream, std::string name) : stream_(&stream), name_(std::move(name)) {}
UnpackedBytes::~UnpackedBytes() = default;
UnpackedBytes::UnpackedBytes(UnpackedBytes&&) noexcept = default;

size_t UnpackedBytes::read_packed(char* bytes, size_t size) {
  if (stream_->peek() == std::istream::traits_type::eof()) return 0;
  const std::streamsize got = stream_->readsome(bytes, static_cast<std::streamsize>(size));
  if (got > 0) return static_cast<size_t>(got);
  return stream_->get(*bytes) ? 1 : 0;
}

size_t UnpackedBytes::read(char* bytes, size_t size) {
  if (inflater_) return inflate_some(bytes, size);
  size_t got = read_packed(bytes, size);
  if (std::exchange(begun_, true)) return got;
  if (got == 1 && size > 1 && bytes[0] == gzip_magic[0]) got += read_packed(bytes + 1, size - 1);
  if (!std::string_view(bytes, got).starts_with(gzip_magic)) return got;
  inflater_ = std::make_unique<Inflater>();
  std::vector<char>& packed = inflater_->packed;
  if (packed.size() < got) packed.resize(got);
  std::copy(bytes, bytes + got, packed.begin());
  inflater_->state.next_in = reinterpret_cast<Bytef*>(packed.data());
  inflater_->state.avail_in = static_cast<uInt>(got);
  return inflate_some(bytes, size);
}

// Something to unpack; false at the end.
bool UnpackedBytes::fill() {
  z_stream& state = inflater_->state;
  if (state.avail_in > 0) return true;
  state.next_in = reinterpret_cast<Bytef*>(inflater_->packed.data());
  state.avail_in = static_cast<uInt>(read_packed(inflater_->packed.data(), inflater_->packed.size()));
  return state.avail_in > 0;
}

// False if there is no other member.
bool UnpackedBytes::begin_member() {
  z_stream& state = inflater_->state;
  if (inflater_->any_member)
    for (; fill() && *state.next_in == 0; ++state.next_in) --state.avail_in;
  if (!fill()) return false;
  if (*state.next_in != static_cast<unsigned char>(gzip_magic[0]))
    fail("{}: is a gzip file that is followed by bytes that are none", name_);
  inflateReset(&state);
  inflater_->in_member = inflater_->any_member = true;
  return true;
}

size_t UnpackedBytes::inflate_some(char* bytes, size_t size) {
  z_stream& state = inflater_->state;
  state.next_out = reinterpret_cast<Bytef*>(bytes);
  state.avail_out = static_cast<uInt>(size);
  while (state.avail_out == size) {
    if (!inflater_->in_member && !begin_member()) return 0;
    if (!fill() && !bad()) fail("{}: is a gzip file that is cut off: get it again", name_);
    if (bad()) return 0;
    const int status = inflate(&state, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_STREAM_END) {
      inflater_->in_member = false;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail("{}: is a gzip file that is damaged ({}): get it again", name_, state.msg ? state.msg : "bad data");
    }
  }
  return size - state.avail_out;
}

}  // namespace thaw
