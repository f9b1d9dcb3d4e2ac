// SPDX-License-Identifier: Apache-2.0
// The regular expressions that byte-level tokenizers cut texts by, as matchers written by hand.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace thaw {

enum class WordPattern {
  gpt2,  // 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
  clip,  // <\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+
};

// The pattern whose regular expression this is, if it is one of those above.
std::optional<WordPattern> find_pattern(std::string_view regular_expression);

// The end of the match that begins at byte `at` of a text that ends at byte `end`; `at` itself if none does.
size_t match(WordPattern pattern, std::string_view text, size_t at, size_t end);

}  // namespace thaw
