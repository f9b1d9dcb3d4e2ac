// SPDX-License-Identifier: Apache-2.0
// What a spiece.model says: sentencepiece's ModelProto, read with our own reader of protocol buffers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

struct SentencePiece {
  enum class Type : int32_t { normal = 1, unknown = 2, control = 3, user_defined = 4, unused = 5, byte = 6 };

  std::string text;
  float score = 0;
  Type type = Type::normal;
};

// How a text is rewritten before it is cut into pieces.
struct SentencePieceRules {
  std::string precompiled_map;  // see CharacterMap; empty: none
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool escape_whitespaces = true;  // a blank becomes U+2581
};

struct SentencePieceFile {
  std::vector<SentencePiece> pieces;  // by id
  int32_t unknown = -1;               // id of the one unknown piece
  bool byte_fallback = false;         // what is unknown becomes its bytes' pieces, <0x00> ... <0xFF>
  bool treat_whitespace_as_suffix = false;
  std::string unknown_surface = " \xE2\x81\x87 ";  // what the unknown piece is decoded to
  std::string bos = "<s>", eos = "</s>", pad = "<pad>";
  SentencePieceRules normalizer;
  std::optional<SentencePieceRules> denormalizer;  // of decoded text; absent: none

  // Id of a control piece; absent if there is none of this name.
  std::optional<int32_t> find_control(std::string_view text) const;
};

// The id of a byte's piece is looked up by this name.
std::string byte_piece(unsigned char byte);
// The byte of "<0x41>"; -1 for other texts.
int byte_of_piece(std::string_view piece);

// `content` is that of the file at `path`. std::runtime_error of one line that names the file and the place in it if
// the bytes are damaged, a piece is empty, overlong or there twice, no or several pieces are unknown, the pieces of
// bytes do not fit byte_fallback, or the model is none of Unigram's.
SentencePieceFile parse_sentencepiece(std::string_view content, const std::string& path);

}  // namespace thaw
