// SPDX-License-Identifier: Apache-2.0
// Where special tokens go around one text and around a pair, and what type ids everything gets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/text/encoding.h"
#include "models/text/vocabulary.h"

namespace thaw {

struct TemplatePart {
  int sequence = -1;         // 0: the first text, 1: the second, -1: special tokens
  std::vector<int32_t> ids;  // of the special tokens
  int32_t type_id = 0;
  bool operator==(const TemplatePart&) const = default;
};

// Special tokens around a text.
struct TokensAround {
  std::vector<int32_t> before, after;
};

struct SequenceTemplate {
  // Without special tokens: the texts one after the other, types 0 and 1.
  std::vector<TemplatePart> single = {{0, {}, 0}};
  std::vector<TemplatePart> pair = {{0, {}, 0}, {1, {}, 1}};
  // Offsets of byte-level tokens do not cover whitespace. The value: one space at the beginning of a text stays, as it
  // may be one that the pre-tokenizer put there. Absent: offsets stay as they are.
  std::optional<bool> trims_offsets;
  bool operator==(const SequenceTemplate&) const = default;

  // [CLS] A [SEP] and [CLS] A [SEP] B [SEP]; B and the last [SEP] have type 1.
  static SequenceTemplate bert(int32_t cls, int32_t sep);

  // <s> A </s> and <s> A </s> </s> B </s>; all types are 0.
  static SequenceTemplate roberta(int32_t cls, int32_t sep);

  // Number of special tokens that are added.
  size_t added(bool is_pair) const;
  TokensAround around() const;  // one text

  // Puts cut texts together. `second` may be null: the single template. Offsets are trimmed by the texts' blanks.
  Encoding apply(const Encoding& first, const Encoding* second, bool add_special_tokens, const Vocabulary& tokens,
                 bool keep_tokens) const;
};

// Of a token as it stands in a text, or in a byte-level vocabulary.
TokenBlanks blanks_of(std::string_view token);

// How many tokens of texts of `first` and `second` tokens stay so that both together have at most `limit`.
// std::invalid_argument if only_first or only_second would leave nothing of that text (as in the reference).
struct KeptTokens {
  size_t first, second;
};
KeptTokens truncated_sizes(size_t first, size_t second, bool is_pair, size_t limit, Truncation truncation);

// Keeps the first (or, from the left, the last) `size` tokens.
void truncate(Encoding& encoding, size_t size, bool from_left);

// Tokens [begin, end).
struct TokenRange {
  size_t begin, end;
};
// The parts of `room` tokens that together are a text of `size`; neighbours share `overlap`, which is half of `room` if
// it is not less than that. The last part (from the left, the one that begins the text) may be shorter. room is not 0,
// unless size is.
std::vector<TokenRange> overlapping_ranges(size_t size, size_t room, size_t overlap, bool from_left);
// ids, tokens, offsets and blanks of a part.
Encoding part_of(const Encoding& encoding, TokenRange range);

}  // namespace thaw
