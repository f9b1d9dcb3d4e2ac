// SPDX-License-Identifier: Apache-2.0
// Writes protocol buffers; field numbers are those of sentencepiece_model.proto.
#include "models/text/train/sentencepiece_bytes.h"

#include <bit>
#include <cstdint>
#include <string_view>

namespace thaw {

namespace {

std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}

// Negative numbers have ten bytes.
std::string number_field(uint32_t field, int64_t value) {
  return varint(field << 3) + varint(static_cast<uint64_t>(value));
}

std::string bytes_field(uint32_t field, std::string_view bytes) {
  return varint(field << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}

std::string float_field(uint32_t field, float value) {
  std::string bytes = varint(field << 3 | 5);
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(std::bit_cast<uint32_t>(value) >> (8 * i) & 0xFF);
  return bytes;
}

std::string trainer_bytes(const SentencePieceFile& file) {
  constexpr int64_t unigram = 1;
  const auto id = [&](const std::string& piece) -> int64_t { return file.find_control(piece).value_or(-1); };
  return number_field(3, unigram) + number_field(4, static_cast<int64_t>(file.pieces.size())) +
         number_field(24, file.treat_whitespace_as_suffix) + number_field(35, file.byte_fallback) +
         number_field(40, file.unknown) + number_field(41, id(file.bos)) + number_field(42, id(file.eos)) +
         number_field(43, id(file.pad)) + bytes_field(44, file.unknown_surface) +
         bytes_field(45, file.pieces[static_cast<size_t>(file.unknown)].text) + bytes_field(46, file.bos) +
         bytes_field(47, file.eos) + bytes_field(48, file.pad);
}

std::string rules_bytes(const SentencePieceRules& rules, const std::string& name) {
  return bytes_field(1, name) + bytes_field(2, rules.precompiled_map) + number_field(3, rules.add_dummy_prefix) +
         number_field(4, rules.remove_extra_whitespaces) + number_field(5, rules.escape_whitespaces);
}

}  // namespace

std::string sentencepiece_bytes(const SentencePieceFile& file, const std::string& normalization) {
  std::string out;
  for (const SentencePiece& piece : file.pieces)
    out += bytes_field(1, bytes_field(1, piece.text) + float_field(2, piece.score) +
                              number_field(3, static_cast<int64_t>(piece.type)));
  return out + bytes_field(2, trainer_bytes(file)) + bytes_field(3, rules_bytes(file.normalizer, normalization));
}

}  // namespace thaw
