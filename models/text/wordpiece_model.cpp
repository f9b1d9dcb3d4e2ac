// SPDX-License-Identifier: Apache-2.0
// Greedy longest match in a trie. Tokens are valid UTF-8, so a match in valid UTF-8 ends where a code point ends.
#include "models/text/wordpiece_model.h"

#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

WordPieceModel::WordPieceModel(const Vocabulary& vocabulary, const WordPieceOptions& options) : options_(options) {
  std::vector<std::string> keys;
  for (int32_t id = 0; id < static_cast<int32_t>(vocabulary.size()); ++id) {
    const std::string* token = vocabulary.find_token(id);
    if (!token || token->empty()) continue;  // a blank line of vocab.txt: no piece of any word
    keys.push_back(*token);
    ids_.push_back(id);
  }
  trie_ = Trie(keys);
  inside_ = trie_.walk(Trie::root, options.prefix);
  const auto unknown = vocabulary.find_id(options.unknown);
  check(unknown.has_value(), "the unknown token \"{}\" is not in the vocabulary", options.unknown);
  unknown_id_ = *unknown;
}

void WordPieceModel::split(std::string_view word, std::vector<TokenPiece>& pieces) const {
  const size_t before = pieces.size();
  const auto size = static_cast<uint32_t>(word.size());
  bool known = size <= options_.max_characters || count_code_points(word) <= options_.max_characters;
  uint32_t begin = 0;
  while (known && begin < size) {
    uint32_t node = begin == 0 ? Trie::root : inside_;
    TokenPiece longest{-1, begin, begin};
    for (uint32_t at = begin; at < size && node != Trie::none; ++at) {
      node = trie_.step(node, word[at]);
      if (node != Trie::none && trie_.value(node) >= 0) longest = {trie_.value(node), begin, at + 1};
    }
    known = longest.id >= 0;
    begin = longest.end;
    if (!known) break;
    longest.id = ids_[static_cast<size_t>(longest.id)];
    pieces.push_back(longest);
  }
  if (known) return;
  pieces.resize(before);
  pieces.push_back({unknown_id_, 0, size});
}

}  // namespace thaw
