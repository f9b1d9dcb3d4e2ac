// SPDX-License-Identifier: Apache-2.0
// Finds added tokens by walking a trie at every position where one may begin.
#include "models/text/added_tokens.h"

#include <algorithm>

#include "models/text/unicode_properties.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

// The code point that ends at byte `end` of the text, and where it begins.
char32_t code_point_before(std::string_view text, size_t end, size_t& begin) {
  begin = end - 1;
  while ((static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) --begin;
  size_t at = begin;
  return next_code_point(text, at);
}

bool touches_word(std::string_view text, size_t begin, size_t end) {
  size_t ignored = 0;
  if (begin > 0 && is_word_character(code_point_before(text, begin, ignored))) return true;
  size_t at = end;
  return end < text.size() && is_word_character(next_code_point(text, at));
}

size_t without_space_before(std::string_view text, size_t begin, size_t limit) {
  size_t earlier = begin;
  while (earlier > 0) {
    begin = earlier;
    if (!is_whitespace(code_point_before(text, begin, earlier))) return std::max(begin, limit);
  }
  return limit;
}

size_t without_space_behind(std::string_view text, size_t end) {
  while (end < text.size()) {
    size_t later = end;
    if (!is_whitespace(next_code_point(text, later))) break;
    end = later;
  }
  return end;
}

}  // namespace

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, const std::function<std::string(std::string_view)>& normalize,
                         bool splits_special)
    : tokens_(std::move(tokens)) {
  std::vector<std::string> raw, normalized;
  for (size_t i = 0; i < tokens_.size(); ++i) {
    const AddedToken& token = tokens_[i];
    Matcher& matcher = token.normalized ? normalized_ : raw_;
    auto& contents = token.normalized ? normalized : raw;
    std::string content = token.normalized ? normalize(token.content) : token.content;
    if (token.normalized) normalized_content_.emplace(token.id, content);
    if (splits_special && token.special) continue;
    if (content.empty() || std::ranges::find(contents, content) != contents.end()) continue;
    contents.push_back(std::move(content));
    matcher.token.push_back(static_cast<int32_t>(i));
  }
  raw_.fill(raw);
  normalized_.fill(normalized);
}

const std::string* AddedTokens::normalized_content(int32_t id) const {
  const auto found = normalized_content_.find(id);
  return found == normalized_content_.end() ? nullptr : &found->second;
}

void AddedTokens::Matcher::fill(const std::vector<std::string>& contents) {
  trie = Trie(contents);
  for (const std::string& content : contents) starts[static_cast<unsigned char>(content[0])] = true;
}

void AddedTokens::Matcher::split(std::string_view text, const std::vector<AddedToken>& tokens,
                                 std::vector<TextSegment>& out) const {
  out.clear();
  size_t done = 0;
  for (size_t at = 0; at < text.size();) {
    if (!starts[static_cast<unsigned char>(text[at])]) {
      ++at;
      continue;
    }
    int32_t key = -1;
    size_t end = at;
    uint32_t node = Trie::root;
    for (size_t i = at; i < text.size() && (node = trie.step(node, text[i])) != Trie::none; ++i)
      if (trie.value(node) >= 0) {
        key = trie.value(node);
        end = i + 1;
      }
    if (key < 0) {
      ++at;
      continue;
    }
    const int32_t index = token[static_cast<size_t>(key)];
    const AddedToken& found = tokens[static_cast<size_t>(index)];
    size_t begin = at;
    at = end;
    if (found.single_word && touches_word(text, begin, end)) continue;
    if (found.lstrip) begin = without_space_before(text, begin, done);
    if (found.rstrip) end = without_space_behind(text, end);
    if (done < begin) out.push_back({-1, done, begin});
    if (begin < end) out.push_back({index, begin, end});  // of blanks, another may have taken all
    done = end;
  }
  if (done < text.size()) out.push_back({-1, done, text.size()});
}

}  // namespace thaw
