// SPDX-License-Identifier: Apache-2.0
// Viterbi over the places of a text: for each, the best sum of a cut that ends there and where its last piece begins.
#include "models/text/unigram_model.h"

#include <algorithm>
#include <limits>
#include <span>

#include "tensor/check.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr double unknown_penalty = 10;

size_t character_size(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

// A user-defined piece of n bytes scores (n - 1) / 10: more than any other cut of its text, as the scores of a trained
// model are below zero.
UnigramModel::UnigramModel(const SentencePieceFile& file)
    : sums_(Sums::f32), unknown_(file.unknown), has_bytes_(file.byte_fallback) {
  using Type = SentencePiece::Type;
  float least = std::numeric_limits<float>::max();
  for (const SentencePiece& piece : file.pieces)
    if (piece.type == Type::normal) least = std::min(least, piece.score);
  unknown_score_ = least - static_cast<float>(unknown_penalty);
  std::vector<std::string> keys;
  for (size_t i = 0; i < file.pieces.size(); ++i) {
    const SentencePiece& piece = file.pieces[i];
    const auto id = static_cast<int32_t>(i);
    if (piece.type == Type::byte) byte_ids_[static_cast<size_t>(byte_of_piece(piece.text))] = id;
    if (piece.type != Type::normal && piece.type != Type::user_defined) continue;
    const double whole = static_cast<double>(piece.text.size() - 1) * .1;
    keys.push_back(piece.text);
    entries_.push_back({piece.type == Type::user_defined ? whole : static_cast<double>(piece.score), id});
  }
  trie_ = Trie(keys);
}

UnigramModel::UnigramModel(const std::vector<ScoredPiece>& pieces, std::optional<int32_t> unknown, bool byte_fallback)
    : sums_(Sums::f64), unknown_(unknown), has_bytes_(byte_fallback) {
  const auto count = static_cast<int32_t>(pieces.size());
  check(!unknown || (*unknown >= 0 && *unknown < count), "the unknown piece {} is not in the vocabulary of {}",
        unknown.value_or(0), count);
  std::vector<std::string> keys;
  double least = std::numeric_limits<double>::infinity();
  for (const ScoredPiece& piece : pieces) {
    least = std::min(least, piece.score);
    entries_.push_back({piece.score, static_cast<int32_t>(keys.size())});
    keys.push_back(piece.text);
  }
  unknown_score_ = least - unknown_penalty;
  trie_ = Trie(keys);
  for (size_t byte = 0; byte < byte_ids_.size() && has_bytes_; ++byte)
    byte_ids_[byte] = trie_.find(byte_piece(static_cast<unsigned char>(byte)));
}

void UnigramModel::split(std::string_view text, std::vector<TokenPiece>& pieces) const {
  check(text.size() < std::numeric_limits<uint32_t>::max(), "a text of {} bytes", text.size());
  if (text.empty()) return;
  if (sums_ == Sums::f32) {
    find_best<float>(text, pieces);
  } else {
    find_best<double>(text, pieces);
  }
}

template <typename Sum>
void UnigramModel::find_best(std::string_view text, std::vector<TokenPiece>& pieces) const {
  constexpr uint32_t nowhere = std::numeric_limits<uint32_t>::max();
  struct End {
    Sum sum;
    int32_t id;
    uint32_t begin;
  };
  constexpr size_t on_stack = 256;
  std::array<End, on_stack> few;
  std::vector<End> many;
  const auto size = static_cast<uint32_t>(text.size());
  if (size >= on_stack) many.resize(size + 1);
  const std::span<End> ends(size < on_stack ? few.data() : many.data(), size + 1);
  std::ranges::fill(ends, End{0, -1, nowhere});

  for (uint32_t begin = 0, next = 0; begin < size; begin = next) {
    next = begin + static_cast<uint32_t>(character_size(text[begin]));
    const Sum before = ends[begin].sum;
    const auto offer = [&](uint32_t end, int32_t id, double score) {
      End& best = ends[end];
      const Sum sum = static_cast<Sum>(score) + before;
      if (best.begin == nowhere || sum > best.sum) best = {sum, id, begin};
    };
    bool has_character = false;
    uint32_t node = Trie::root;
    for (uint32_t at = begin; at < size && (node = trie_.step(node, text[at])) != Trie::none; ++at) {
      const int32_t key = trie_.value(node);
      if (key < 0) continue;
      const Entry& entry = entries_[static_cast<size_t>(key)];
      offer(at + 1, entry.id, entry.score);
      has_character = has_character || at + 1 == next;
    }
    if (!has_character) {
      if (!unknown_)
        fail("the tokenizer has no unknown token, and none for {}", quote(text.substr(begin, next - begin)));
      offer(next, *unknown_, unknown_score_);
    }
  }

  const auto is_unknown = [&](int32_t id) { return unknown_ && id == *unknown_; };
  const size_t first = pieces.size();
  bool has_unknown = false;
  for (uint32_t end = size; end > 0; end = ends[end].begin) {
    pieces.push_back({ends[end].id, ends[end].begin, end});
    has_unknown = has_unknown || is_unknown(ends[end].id);
  }
  std::ranges::reverse(std::span(pieces).subspan(first));
  if (!has_unknown) return;
  const auto found = std::span(pieces).subspan(first);
  const std::vector<TokenPiece> cut(found.begin(), found.end());
  pieces.resize(first);
  const bool merges = sums_ == Sums::f64 || !has_bytes_;
  for (size_t i = 0; i < cut.size(); ++i) {
    if (!is_unknown(cut[i].id)) {
      pieces.push_back(cut[i]);
      continue;
    }
    const uint32_t begin = cut[i].begin;
    while (merges && i + 1 < cut.size() && is_unknown(cut[i + 1].id)) ++i;
    put_unknown(text, begin, cut[i].end, pieces);
  }
}

void UnigramModel::put_unknown(std::string_view text, uint32_t begin, uint32_t end,
                               std::vector<TokenPiece>& pieces) const {
  const std::string_view unknown = text.substr(begin, end - begin);
  if (sums_ == Sums::f64) {
    // A text that the vocabulary has is never unknown, such as that of the unknown piece itself.
    if (const int32_t known = trie_.find(unknown); known >= 0) {
      pieces.push_back({known, begin, end});
      return;
    }
  }
  const auto byte_id = [&](char byte) { return byte_ids_[static_cast<unsigned char>(byte)]; };
  if (!has_bytes_ || std::ranges::any_of(unknown, [&](char byte) { return byte_id(byte) < 0; })) {
    pieces.push_back({*unknown_, begin, end});
    return;
  }
  for (size_t i = 0; i < unknown.size(); ++i) {
    const bool is_whole = sums_ == Sums::f64 || i + 1 == unknown.size();
    pieces.push_back({byte_id(unknown[i]), begin, is_whole ? end : begin});
  }
}

}  // namespace thaw
