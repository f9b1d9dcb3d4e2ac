// SPDX-License-Identifier: Apache-2.0
// spiece.model files that must be refused, each with what its error must say.
#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "models/text/sentencepiece_tokenizer.h"
#include "tests/error_of.h"
#include "tests/models/text/spiece_bytes.h"

using namespace thaw;

namespace {

const std::string unknown = piece_field("<unk>", 0, 2), letter = piece_field("a", -1);

std::string with_map(const std::string& map) { return unknown + letter + bytes_field(3, bytes_field(2, map)); }

std::string with_trainer(const std::string& trainer) { return unknown + letter + bytes_field(2, trainer); }

std::string all_bytes() {
  std::string pieces = unknown + letter;
  for (int i = 0; i < 256; ++i) pieces += piece_field(byte_piece(static_cast<unsigned char>(i)), 0, 6);
  return pieces;
}

struct Damage {
  std::string bytes, error;
};

std::vector<Damage> damaged() {
  const std::string nul("\0", 1), map = letter_map('c', "b");
  const float none = std::numeric_limits<float>::quiet_NaN(), infinite = std::numeric_limits<float>::infinity();
  const auto with = [&](const std::string& piece) { return unknown + letter + piece; };
  return {
      // the wire
      {"", "empty, expected the pieces"},
      {"{\"model\": {}}", "byte 0: field 15 has the unknown wire type 3"},
      {unknown.substr(0, unknown.size() - 1), "byte 0: field 1 has 14 bytes, but only 13 are left"},
      {good_spiece().substr(0, 41), "are left"},
      {unknown.substr(0, 1), "byte 0: a length is cut off"},
      {with("\x80"), "byte 28: the tag of a field is cut off"},
      {with("\x08\xFF"), "byte 28: a number is cut off"},
      {with("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"), "byte 28: a number has more than 64 bits"},
      {with("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), "byte 28: a number has more than 64 bits"},
      {with("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), "field 1 has 18446744073709551615 bytes"},
      {with("\x02"), "byte 28: a field with the number 0"},
      {with("\x80\x80\x80\x80\x10"), "byte 28: a field with the number 536870912"},
      {with("\x0B"), "byte 28: field 1 has the unknown wire type 3"},
      {with("\x0F"), "byte 28: field 1 has the unknown wire type 7"},
      {with("\x7D\x01\x02"), "byte 28: field 15 has 4 bytes, but only 2 are left"},
      {with("\x79\x01\x02\x03\x04"), "byte 28: field 15 has 8 bytes, but only 4 are left"},
      {with(number_field(1, 5)), "byte 28: piece 2: message: expected bytes with a length, found a number"},
      {with(number_field(3, 5)), "byte 28: normalizer_spec: expected bytes with a length, found a number"},
      // pieces
      {bytes_field(2, number_field(3, 1)), "no pieces"},
      {with(bytes_field(1, number_field(1, 7))), "byte 30: piece 2: piece: expected bytes with a length"},
      {with(bytes_field(1, bytes_field(1, "b") + number_field(2, 7))), "byte 33: piece 2: score: expected 4 bytes"},
      {with(bytes_field(1, bytes_field(1, "b") + float_field(3, 7))), "byte 33: piece 2: type: expected a number"},
      {with(piece_field("b", none)), "byte 33: piece 2: score: nan is not a finite number"},
      {with(piece_field("b", infinite)), "byte 33: piece 2: score: inf is not a finite number"},
      {with(piece_field("b", 0, 0)), "byte 38: piece 2: unknown type 0"},
      {with(piece_field("b", 0, 7)), "byte 38: piece 2: unknown type 7"},
      {with(piece_field("b", 0, 1ULL << 32 | 1)), "piece 2: type: 4294967297 does not fit 32 bits"},
      {with(piece_field("")), "piece 2: an empty token"},
      {with(piece_field("b" + nul)), "piece 2: a token with a NUL"},
      {with(piece_field(std::string(4097, 'b'))), "piece 2: a token of 4097 bytes, the limit is 4096"},
      {with(piece_field("b\xFF")), "byte 30: piece 2: piece: byte 1 is not valid UTF-8"},
      {with(piece_field("a", -2)), "piece 2 is \"a\", as is piece 1"},
      {letter, "no piece is of the type unknown"},
      {with(piece_field("<unk2>", 0, 2)), "piece 2 is unknown, as is piece 0"},
      {unknown + piece_field("</s>", 0, 3), "no piece is of the type normal"},
      {with(piece_field("<0x41>", 0, 6)), "piece 2 is a byte, but trainer_spec.byte_fallback is not set"},
      {with(piece_field("<0x4G>", 0, 6)), "piece 2 is a byte, but its text is \"<0x4G>\""},
      {with_trainer(number_field(35, 1)), "byte_fallback is set, but 0 of 256 bytes have a piece"},
      // the rules
      {with_trainer(number_field(3, 2)), "byte 30: trainer_spec.model_type: BPE is not supported (supported: Unigram)"},
      {with_trainer(number_field(3, 9)), "trainer_spec.model_type: 9 is not supported"},
      {with_trainer(number_field(35, 2)), "trainer_spec.byte_fallback: expected 0 or 1, found 2"},
      {with_trainer(bytes_field(44, "\xFF")), "trainer_spec.unk_surface: byte 0 is not valid UTF-8"},
      {unknown + letter + bytes_field(3, number_field(2, 1)), "precompiled_charsmap: expected bytes with a length"},
      // the character map
      {with_map("abc"), "normalizer_spec.precompiled_charsmap: 3 bytes, too few for the size of a trie"},
      {with_map(little_endian32(8) + "abcd"), "a trie of 8 bytes, but only 4 are left"},
      {with_map(little_endian32(0xFFFFFFFF) + "abcd"), "a trie of 4294967295 bytes, but only 4 are left"},
      {with_map(little_endian32(0) + "abcd"), "a trie of 0 bytes, which are no units of 4"},
      {with_map(little_endian32(3) + "abcd"), "a trie of 3 bytes, which are no units of 4"},
      {with_map(little_endian32(4) + little_endian32(1U << 20)), "unit 0 of the trie points beyond its 1 units"},
      {with_map(letter_map('c', "b", 2)), "points to byte 2 of 2 bytes of replacements"},
      {with_map(letter_map('c', "b", 0x7FFFFFFF)), "points to byte 2147483647 of 2 bytes of replacements"},
      {with_map(letter_map('c', "\xC3\xA9", 1)), "points into a character at byte 1 of the replacements"},
      {with_map(letter_map('c', "b\xFF")), "byte 1 of the replacements is not valid UTF-8"},
      {with_map(letter_map('c', "b", 0, 4096)), "unit 355 of the trie points beyond its 1024 units"},
      {with_map(letter_map('c', "b", 0, 99)), "of the trie lies below itself"},
      {with_map(letter_map('c', std::string(4097, 'b'))), "the replacement at byte 0 is longer than 4096 bytes"},
      {unknown + letter + bytes_field(5, bytes_field(2, "abc")), "denormalizer_spec.precompiled_charsmap: 3 bytes"},
  };
}

std::string error_of_file(const std::string& bytes) {
  return error_of<std::runtime_error>([&] { SentencePieceTokenizer(bytes, "dir/spiece.model", {}); });
}

}  // namespace

TEST_CASE("spiece.model: a damaged file is refused in one line that names the file and the place") {
  const std::vector<Damage> files = damaged();
  CHECK(files.size() >= 50);
  for (const Damage& damage : files) {
    const std::string error = error_of_file(damage.bytes);
    CAPTURE(error);
    CAPTURE(damage.error);
    CHECK(error.starts_with("dir/spiece.model: "));
    CHECK(error.find(damage.error) != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
    CHECK(error.size() < 300);
  }
}

TEST_CASE("spiece.model: whatever is cut off, the file is refused or holds what is left") {
  const std::string whole = good_spiece();
  CHECK(error_of_file(whole) == "no error");
  CHECK(error_of_file(with_map(letter_map('c', "b"))) == "no error");
  CHECK(error_of_file(all_bytes() + bytes_field(2, number_field(35, 1))) == "no error");
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string error = error_of_file(whole.substr(0, size));
    CHECK((error == "no error" || error.starts_with("dir/spiece.model: ")));
  }
}
