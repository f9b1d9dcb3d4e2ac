// SPDX-License-Identifier: Apache-2.0
// Goes from frame to frame of a FLAC file (RFC 9639): one ends where its check sum is right and another header begins.
#include "models/audio/flac_frames.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "tensor/check.h"

namespace thaw {
namespace {

// The remainder of a division by a polynomial, the highest bit first; it is 0 behind bytes with their own check sum.
template <typename Sum, Sum polynomial>
class CheckSum {
 public:
  void add(std::string_view bytes) {
    for (const char byte : bytes) add(static_cast<uint8_t>(byte));
  }
  void add(uint8_t byte) {
    sum_ = static_cast<Sum>(sum_ << 8 ^ table[static_cast<uint8_t>(sum_ >> (8 * sizeof(Sum) - 8) ^ byte)]);
  }
  bool is_right() const { return sum_ == 0; }

 private:
  static constexpr std::array<Sum, 256> table = [] {
    constexpr Sum top = 1 << (8 * sizeof(Sum) - 1);
    std::array<Sum, 256> sums{};
    for (size_t byte = 0; byte < sums.size(); ++byte) {
      auto sum = static_cast<Sum>(byte << (8 * sizeof(Sum) - 8));
      for (int bit = 0; bit < 8; ++bit) sum = static_cast<Sum>(sum & top ? sum << 1 ^ polynomial : sum << 1);
      sums[byte] = sum;
    }
    return sums;
  }();

  Sum sum_ = 0;
};
using HeaderSum = CheckSum<uint8_t, 0x07>;
using FrameSum = CheckSum<uint16_t, 0x8005>;

// A number of so many bytes, the highest first, from the front of `rest`.
std::optional<uint64_t> take(std::string_view& rest, size_t bytes) {
  if (rest.size() < bytes) return {};
  uint64_t number = 0;
  for (const char byte : rest.substr(0, bytes)) number = number << 8 | static_cast<uint8_t>(byte);
  rest.remove_prefix(bytes);
  return number;
}

// One coded as UTF-8 codes characters, in up to seven bytes.
std::optional<uint64_t> take_coded(std::string_view& rest) {
  const auto first = take(rest, 1);
  if (!first) return {};
  const int bytes = std::countl_one(static_cast<uint8_t>(*first));
  if (bytes == 0) return first;
  if (bytes == 1 || bytes == 8) return {};
  uint64_t number = *first & (0x7FU >> bytes);
  for (int i = 1; i < bytes; ++i) {
    const auto next = take(rest, 1);
    if (!next || *next >> 6 != 2) return {};
    number = number << 6 | (*next & 0x3F);
  }
  return number;
}

struct FrameHeader {
  uint64_t number = 0;  // of the frame; of blocks of several sizes, that of its first sample
  uint64_t samples = 0;
};

std::optional<uint64_t> block_size(uint64_t code, std::string_view& rest) {
  if (code == 0) return {};
  if (code == 1) return 192;
  if (code < 6) return uint64_t{576} << (code - 2);
  if (code > 7) return uint64_t{256} << (code - 8);
  const auto less_by_one = take(rest, code - 5);
  return less_by_one ? std::optional(*less_by_one + 1) : std::nullopt;
}

// What begins here, if it is a frame.
std::optional<FrameHeader> header_at(std::string_view bytes) {
  constexpr uint64_t begin = 0xFFF8, blocking = 1, no_rate = 15;
  std::string_view rest = bytes;
  const auto sync = take(rest, 2), sizes = take(rest, 1), channels = take(rest, 1);
  if (!channels || (*sync & ~blocking) != begin) return {};
  const auto number = take_coded(rest);
  const auto samples = block_size(*sizes >> 4, rest);
  const uint64_t rate = *sizes & 0xF;
  if (!number || !samples || rate == no_rate) return {};
  if (rate >= 12 && !take(rest, rate == 12 ? 1 : 2)) return {};
  if (!take(rest, 1)) return {};
  HeaderSum sum;
  sum.add(bytes.substr(0, bytes.size() - rest.size()));
  if (!sum.is_right()) return {};
  return FrameHeader{*number, *samples};
}

// Where the frame ends that begins here and another follows; nothing if none does.
std::optional<size_t> end_of_frame(std::string_view bytes) {
  FrameSum sum;
  for (size_t at = 0; at < bytes.size(); ++at) {
    if (at > 0 && sum.is_right() && header_at(bytes.substr(at))) return at;
    sum.add(static_cast<uint8_t>(bytes[at]));
  }
  return {};
}

// Behind the blocks of metadata; the end of the file if they have none.
size_t first_frame(std::string_view bytes) {
  std::string_view rest = bytes.substr(4);  // "fLaC"
  for (bool is_last = false; !is_last;) {
    const auto kind = take(rest, 1), size = take(rest, 3);
    if (!size || *size > rest.size()) return bytes.size();
    rest.remove_prefix(static_cast<size_t>(*size));
    is_last = *kind >> 7 == 1;
  }
  return bytes.size() - rest.size();
}

}  // namespace

void check_flac_frames(std::string_view bytes, const std::string& path) {
  uint64_t frames = 0, samples = 0;
  size_t at = first_frame(bytes);
  for (auto header = header_at(bytes.substr(at)); header; header = header_at(bytes.substr(at))) {
    if (header->number != frames && header->number != samples)
      fail("{}: is damaged: a frame is missing before byte {}", path, at);
    ++frames;
    samples += header->samples;
    const auto size = end_of_frame(bytes.substr(at));
    if (!size) return;
    at += *size;
  }
}

}  // namespace thaw
