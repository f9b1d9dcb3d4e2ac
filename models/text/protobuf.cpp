// SPDX-License-Identifier: Apache-2.0
// The wire format: https://protobuf.dev/programming-guides/encoding
#include "models/text/protobuf.h"

#include <bit>
#include <cmath>
#include <limits>

#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

std::string_view name_of(WireType type) {
  switch (type) {
    case WireType::varint: return "a number";
    case WireType::fixed64: return "8 bytes";
    case WireType::bytes: return "bytes with a length";
    case WireType::fixed32: return "4 bytes";
  }
  return "";
}

}  // namespace

void ProtobufReader::fail_here(std::string_view what) const {
  fail("{}: byte {}: {}", path_, begin_ + field_at_, what);
}

uint64_t ProtobufReader::read_varint(const char* what) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (at_ == message_.size()) fail_here(fmt::format("{} is cut off", what));
    const auto byte = static_cast<unsigned char>(message_[at_++]);
    if (shift == 63 && byte > 1) break;
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  fail_here(fmt::format("{} has more than 64 bits", what));
}

bool ProtobufReader::next() {
  field_at_ = at_;
  if (at_ == message_.size()) return false;
  constexpr uint64_t max_field = (1 << 29) - 1;
  const uint64_t tag = read_varint("the tag of a field");
  const uint64_t type = tag & 7;
  if (tag >> 3 == 0 || tag >> 3 > max_field) fail_here(fmt::format("a field with the number {}", tag >> 3));
  field_ = static_cast<uint32_t>(tag >> 3);
  if (type == 3 || type == 4 || type > 5) fail_here(fmt::format("field {} has the unknown wire type {}", field_, type));
  type_ = static_cast<WireType>(type);

  const auto take = [&](size_t count) {
    content_at_ = at_;
    if (count > message_.size() - at_)
      fail_here(fmt::format("field {} has {} bytes, but only {} are left", field_, count, message_.size() - at_));
    at_ += count;
  };
  if (type_ == WireType::varint) {
    number_ = read_varint("a number");
  } else if (type_ == WireType::bytes) {
    number_ = read_varint("a length");
    take(number_);
  } else {
    take(type_ == WireType::fixed64 ? 8 : 4);
    number_ = 0;
    for (size_t i = at_; i-- > content_at_;) number_ = number_ << 8 | static_cast<unsigned char>(message_[i]);
  }
  return true;
}

void ProtobufReader::require(WireType type, std::string_view name) const {
  if (type_ != type) fail_here(fmt::format("{}: expected {}, found {}", name, name_of(type), name_of(type_)));
}

std::string_view ProtobufReader::bytes(std::string_view name) const {
  require(WireType::bytes, name);
  return message_.substr(content_at_, number_);
}

std::string_view ProtobufReader::utf8(std::string_view name) const {
  const std::string_view text = bytes(name);
  if (const size_t bad = utf8_error_offset(text); bad < text.size())
    fail_here(fmt::format("{}: byte {} is not valid UTF-8", name, bad));
  return text;
}

int32_t ProtobufReader::int32(std::string_view name) const {
  require(WireType::varint, name);
  const auto value = static_cast<int64_t>(number_);  // negative numbers are written as 64 bits
  if (value < std::numeric_limits<int32_t>::min() || value > std::numeric_limits<int32_t>::max())
    fail_here(fmt::format("{}: {} does not fit 32 bits", name, value));
  return static_cast<int32_t>(value);
}

bool ProtobufReader::boolean(std::string_view name) const {
  require(WireType::varint, name);
  if (number_ > 1) fail_here(fmt::format("{}: expected 0 or 1, found {}", name, number_));
  return number_ == 1;
}

float ProtobufReader::float32(std::string_view name) const {
  require(WireType::fixed32, name);
  const auto value = std::bit_cast<float>(static_cast<uint32_t>(number_));
  if (!std::isfinite(value)) fail_here(fmt::format("{}: {} is not a finite number", name, value));
  return value;
}

ProtobufReader ProtobufReader::message(std::string_view name) const {
  return {bytes(name), path_, begin_ + content_at_};
}

}  // namespace thaw
