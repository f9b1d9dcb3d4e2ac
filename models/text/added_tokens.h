// SPDX-License-Identifier: Apache-2.0
// Tokens that are recognised whole in a text before the model sees it: special ones like [MASK], and those that a user
// added.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/text/trie.h"

namespace thaw {

struct AddedToken {
  std::string content;
  int32_t id = 0;
  bool single_word = false;  // only where no word character touches it
  bool lstrip = false;       // takes the whitespace before it
  bool rstrip = false;       // takes the whitespace behind it
  bool normalized = false;   // looked for in the normalized text, itself normalized, instead of the raw text
  bool special = false;      // left out when decoding with skip_special_tokens
  bool operator==(const AddedToken&) const = default;
};

// Bytes [begin, end) of a text: an added token, or text for the model when `token` is -1 (an index into
// AddedTokens::tokens()).
struct TextSegment {
  int32_t token = -1;
  size_t begin = 0, end = 0;
};

class AddedTokens {
 public:
  AddedTokens() = default;
  // `normalize` is applied to the content of the tokens that are looked for in normalized text. splits_special: special
  // tokens are not looked for at all.
  AddedTokens(std::vector<AddedToken> tokens, const std::function<std::string(std::string_view)>& normalize,
              bool splits_special = false);

  const std::vector<AddedToken>& tokens() const { return tokens_; }
  // The normalized content of a token that is looked for in normalized text; null for all other ids.
  const std::string* normalized_content(int32_t id) const;

  // Cuts a text, leftmost and longest tokens first. The segments replace those in `out` and cover the text. As in the
  // reference, a token that begins with a space may overlap the space that the one before it took.
  void split_raw(std::string_view text, std::vector<TextSegment>& out) const { raw_.split(text, tokens_, out); }
  void split_normalized(std::string_view text, std::vector<TextSegment>& out) const {
    normalized_.split(text, tokens_, out);
  }

 private:
  struct Matcher {
    Trie trie;
    std::vector<int32_t> token;  // of each of the trie's keys
    bool starts[256] = {};       // first bytes of the keys

    void fill(const std::vector<std::string>& contents);
    void split(std::string_view text, const std::vector<AddedToken>& tokens, std::vector<TextSegment>& out) const;
  };

  std::vector<AddedToken> tokens_;
  std::unordered_map<int32_t, std::string> normalized_content_;  // by id
  Matcher raw_, normalized_;
};

}  // namespace thaw
