// SPDX-License-Identifier: Apache-2.0
// Field numbers are those of sentencepiece_model.proto; fields that encoding and decoding do not need are passed over.
#include "models/text/sentencepiece_file.h"

#include <algorithm>
#include <unordered_map>

#include "models/text/protobuf.h"
#include "models/text/tokenizer_files.h"
#include "models/text/vocabulary.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

using Type = SentencePiece::Type;

SentencePiece read_piece(const ProtobufReader& field, const std::string& path, size_t id) {
  SentencePiece piece;
  const auto name = [&](const char* key) { return fmt::format("piece {}: {}", id, key); };
  ProtobufReader reader = field.message(name("message"));
  while (reader.next()) {
    if (reader.field() == 1) {
      piece.text = reader.utf8(name("piece"));
    } else if (reader.field() == 2) {
      piece.score = reader.float32(name("score"));
    } else if (reader.field() == 3) {
      const int32_t type = reader.int32(name("type"));
      if (type < 1 || type > 6) reader.fail_here(fmt::format("piece {}: unknown type {}", id, type));
      piece.type = static_cast<Type>(type);
    }
  }
  check_token(piece.text, fmt::format("{}: piece {}", path, id));
  return piece;
}

void read_trainer(ProtobufReader reader, SentencePieceFile& out) {
  constexpr std::string_view model_types[] = {"", "Unigram", "BPE", "word", "character"};
  while (reader.next()) {
    switch (reader.field()) {
      case 3:
        if (const int32_t type = reader.int32("trainer_spec.model_type"); type != 1) {
          const bool is_known = type > 0 && type < static_cast<int32_t>(std::size(model_types));
          const std::string name =
              is_known ? std::string(model_types[static_cast<size_t>(type)]) : std::to_string(type);
          reader.fail_here(fmt::format("trainer_spec.model_type: {} is not supported (supported: Unigram)", name));
        }
        break;
      case 24: out.treat_whitespace_as_suffix = reader.boolean("trainer_spec.treat_whitespace_as_suffix"); break;
      case 35: out.byte_fallback = reader.boolean("trainer_spec.byte_fallback"); break;
      case 44: out.unknown_surface = reader.utf8("trainer_spec.unk_surface"); break;
      case 46: out.bos = reader.utf8("trainer_spec.bos_piece"); break;
      case 47: out.eos = reader.utf8("trainer_spec.eos_piece"); break;
      case 48: out.pad = reader.utf8("trainer_spec.pad_piece"); break;
      default: break;
    }
  }
}

void read_rules(ProtobufReader reader, SentencePieceRules& out) {
  while (reader.next()) {
    if (reader.field() == 2) out.precompiled_map = reader.bytes("precompiled_charsmap");
    if (reader.field() == 3) out.add_dummy_prefix = reader.boolean("add_dummy_prefix");
    if (reader.field() == 4) out.remove_extra_whitespaces = reader.boolean("remove_extra_whitespaces");
    if (reader.field() == 5) out.escape_whitespaces = reader.boolean("escape_whitespaces");
  }
}

void check_pieces(SentencePieceFile& file, const std::string& path) {
  if (file.pieces.empty()) fail("{}: no pieces", path);
  std::unordered_map<std::string_view, size_t> ids;
  size_t bytes = 0;
  bool has_normal = false;
  for (size_t id = 0; id < file.pieces.size(); ++id) {
    const SentencePiece& piece = file.pieces[id];
    if (const auto [known, is_new] = ids.emplace(piece.text, id); !is_new)
      fail("{}: piece {} is {}, as is piece {}", path, id, quote(piece.text), known->second);
    has_normal = has_normal || piece.type == Type::normal;
    if (piece.type == Type::unknown) {
      if (file.unknown >= 0) fail("{}: piece {} is unknown, as is piece {}", path, id, file.unknown);
      file.unknown = static_cast<int32_t>(id);
    }
    if (piece.type != Type::byte) continue;
    if (byte_of_piece(piece.text) < 0) fail("{}: piece {} is a byte, but its text is {}", path, id, quote(piece.text));
    if (!file.byte_fallback) fail("{}: piece {} is a byte, but trainer_spec.byte_fallback is not set", path, id);
    ++bytes;
  }
  if (file.unknown < 0) fail("{}: no piece is of the type unknown", path);
  if (!has_normal) fail("{}: no piece is of the type normal", path);
  if (file.byte_fallback && bytes != 256)
    fail("{}: trainer_spec.byte_fallback is set, but {} of 256 bytes have a piece", path, bytes);
}

}  // namespace

std::optional<int32_t> SentencePieceFile::find_control(std::string_view text) const {
  const auto found = std::ranges::find_if(
      pieces, [&](const SentencePiece& piece) { return piece.type == Type::control && piece.text == text; });
  return found == pieces.end() ? std::nullopt : std::optional(static_cast<int32_t>(found - pieces.begin()));
}

std::string byte_piece(unsigned char byte) { return fmt::format("<0x{:02X}>", byte); }

int byte_of_piece(std::string_view piece) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return -1;
  const size_t high = digits.find(piece[3]), low = digits.find(piece[4]);
  if (high == std::string_view::npos || low == std::string_view::npos) return -1;
  return static_cast<int>(high * 16 + low);
}

SentencePieceFile parse_sentencepiece(std::string_view content, const std::string& path) {
  if (content.empty()) fail("{}: empty, expected the pieces of a model", path);
  SentencePieceFile file;
  ProtobufReader reader(content, path);
  while (reader.next()) {
    if (reader.field() == 1) {
      if (file.pieces.size() > static_cast<size_t>(Vocabulary::max_id)) reader.fail_here("too many pieces");
      file.pieces.push_back(read_piece(reader, path, file.pieces.size()));
    } else if (reader.field() == 2) {
      read_trainer(reader.message("trainer_spec"), file);
    } else if (reader.field() == 3) {
      read_rules(reader.message("normalizer_spec"), file.normalizer);
    } else if (reader.field() == 5) {
      if (!file.denormalizer) file.denormalizer.emplace();
      read_rules(reader.message("denormalizer_spec"), *file.denormalizer);
    }
  }
  check_pieces(file, path);
  if (file.denormalizer && file.denormalizer->precompiled_map.empty()) file.denormalizer.reset();
  return file;
}

}  // namespace thaw
