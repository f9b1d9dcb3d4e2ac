// SPDX-License-Identifier: Apache-2.0
// Splitting by merges: a scan over the few pairs of a short word, a queue for a long one. Both take the pair of least
// rank, the leftmost of several.
#include "models/text/bpe_model.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr size_t few = 48;  // symbols up to which scanning is faster than a queue

uint64_t pair_key(int32_t left, int32_t right) {
  return static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
}

size_t hash_of(uint64_t key) { return static_cast<size_t>((key * 0x9E3779B97F4A7C15ULL) >> 24); }

// The only code point of a text, if it has one alone.
std::optional<char32_t> only_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  size_t at = 0;
  const char32_t code = next_code_point(text, at);
  return at == text.size() ? std::optional(code) : std::nullopt;
}

}  // namespace

BpeModel::BpeModel(const Vocabulary& vocabulary, std::vector<BpeMerge> merges, BpeOptions options)
    : options_(std::move(options)), merges_(std::move(merges)) {
  for (int place = 0; place < 4; ++place) {
    near_[place].assign(near_codes, -1);
    const std::string& prefix = place & 1 ? std::string() : options_.prefix;
    const std::string& suffix = place & 2 ? options_.suffix : std::string();
    for (int32_t id = 0; id < static_cast<int32_t>(vocabulary.size()); ++id) {
      const std::string* token = vocabulary.find_token(id);
      if (!token || token->size() < prefix.size() + suffix.size() || !token->starts_with(prefix) ||
          !token->ends_with(suffix))
        continue;
      const std::string_view inner(token->data() + prefix.size(), token->size() - prefix.size() - suffix.size());
      const auto code = only_code_point(inner);
      if (!code) continue;
      if (*code < near_codes) {
        near_[place][*code] = id;
      } else {
        far_[place].emplace(*code, id);
      }
    }
  }
  if (options_.unknown) {
    const auto id = vocabulary.find_id(*options_.unknown);
    check(id.has_value(), "the unknown token \"{}\" is not in the vocabulary", *options_.unknown);
    unknown_id_ = *id;
  }
  if (options_.byte_fallback)
    for (int byte = 0; byte < 256; ++byte)
      bytes_.push_back(vocabulary.find_id(fmt::format("<0x{:02X}>", byte)).value_or(-1));
  if (options_.ignore_merges) whole_ = vocabulary;

  size_t size = 16;
  while (size < 2 * merges_.size()) size *= 2;
  keys_.resize(size);
  slots_.resize(size);
  for (size_t i = 0; i < merges_.size(); ++i) {
    const uint64_t key = pair_key(merges_[i].left, merges_[i].right);
    size_t slot = hash_of(key) & (size - 1);
    while (slots_[slot] != 0 && keys_[slot] != key) slot = (slot + 1) & (size - 1);
    keys_[slot] = key;
    slots_[slot] = static_cast<uint32_t>(i) + 1;
  }
}

BpeModel::Ranked BpeModel::ranked(int32_t left, int32_t right) const {
  const uint64_t key = pair_key(left, right);
  for (size_t slot = hash_of(key) & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
    if (slots_[slot] == 0) return {no_rank, -1};
    if (keys_[slot] == key) return {slots_[slot] - 1, merges_[slots_[slot] - 1].result};
  }
}

std::optional<int32_t> BpeModel::character(char32_t code, bool is_first, bool is_last) const {
  const int place = (is_first ? 1 : 0) + (is_last ? 2 : 0);
  if (code < near_codes) {
    const int32_t id = near_[place][code];
    return id < 0 ? std::nullopt : std::optional(id);
  }
  const auto found = far_[place].find(code);
  return found == far_[place].end() ? std::nullopt : std::optional(found->second);
}

void BpeModel::put_symbols(std::string_view word, std::vector<Symbol>& symbols) const {
  uint32_t unknown = 0;  // bytes of unknown characters that are not yet a symbol
  const auto flush = [&] {
    if (unknown > 0) symbols.push_back({unknown_id_, unknown});
    unknown = 0;
  };
  for (size_t at = 0; at < word.size();) {
    const size_t begin = at;
    const char32_t code = next_code_point(word, at);
    const bool is_last = at == word.size();
    const auto size = static_cast<uint32_t>(at - begin);
    if (const auto id = character(code, begin == 0, is_last)) {
      flush();
      symbols.push_back({*id, size});
      continue;
    }
    if (options_.byte_fallback) {  // the bytes of the prefix and the suffix too, as in the reference
      const std::string text =
          (begin > 0 ? options_.prefix : "") + std::string(word.substr(begin, size)) + (is_last ? options_.suffix : "");
      const auto token = [&](char byte) { return bytes_[static_cast<unsigned char>(byte)]; };
      if (std::ranges::all_of(text, [&](char byte) { return token(byte) >= 0; })) {
        for (const char byte : text) symbols.push_back({token(byte), 1});
        continue;
      }
    }
    if (unknown_id_ < 0) continue;
    if (!options_.fuse_unknown) flush();
    unknown += size;
  }
  flush();
}

void BpeModel::merge_few(std::vector<Symbol>& symbols) const {
  Ranked pairs[few];  // pairs[i]: of symbols i and i + 1
  for (size_t i = 0; i + 1 < symbols.size(); ++i) pairs[i] = ranked(symbols[i].id, symbols[i + 1].id);
  for (size_t count = symbols.size(); count > 1; --count) {
    size_t best = 0;
    for (size_t i = 1; i + 1 < count; ++i)
      if (pairs[i].rank < pairs[best].rank) best = i;
    if (pairs[best].rank == no_rank) break;
    symbols[best] = {pairs[best].result, symbols[best].size + symbols[best + 1].size};
    symbols.erase(symbols.begin() + static_cast<ptrdiff_t>(best) + 1);
    std::copy(pairs + best + 1, pairs + count - 1, pairs + best);
    if (best > 0) pairs[best - 1] = ranked(symbols[best - 1].id, symbols[best].id);
    if (best + 1 < symbols.size()) pairs[best] = ranked(symbols[best].id, symbols[best + 1].id);
  }
}

void BpeModel::merge_many(std::vector<Symbol>& symbols) const {
  struct Entry {
    uint32_t rank, at;
    int32_t result;
    bool operator<(const Entry& other) const {  // the greatest is taken first
      return rank != other.rank ? rank > other.rank : at > other.at;
    }
  };
  const auto size = static_cast<uint32_t>(symbols.size());
  std::vector<uint32_t> next(size), before(size);  // `size`, UINT32_MAX: none
  std::vector<Entry> first;
  for (uint32_t i = 0; i < size; ++i) {
    next[i] = i + 1;
    before[i] = i - 1;
    if (i + 1 == size) break;
    if (const Ranked pair = ranked(symbols[i].id, symbols[i + 1].id); pair.rank != no_rank)
      first.push_back({pair.rank, i, pair.result});
  }
  std::priority_queue<Entry> queue({}, std::move(first));
  const auto offer = [&](uint32_t left, uint32_t right) {
    const Ranked pair = ranked(symbols[left].id, symbols[right].id);
    if (pair.rank != no_rank) queue.push({pair.rank, left, pair.result});
  };
  while (!queue.empty()) {
    const Entry top = queue.top();
    queue.pop();
    const uint32_t right = next[top.at];
    if (symbols[top.at].size == 0 || right >= size) continue;
    const Ranked now = ranked(symbols[top.at].id, symbols[right].id);
    if (now.rank == no_rank || now.result != top.result) continue;  // another merge was here before
    symbols[top.at] = {top.result, symbols[top.at].size + symbols[right].size};
    symbols[right].size = 0;
    next[top.at] = next[right];
    if (next[right] < size) {
      before[next[right]] = top.at;
      offer(top.at, next[right]);
    }
    if (before[top.at] < size) offer(before[top.at], top.at);
  }
  std::erase_if(symbols, [](const Symbol& symbol) { return symbol.size == 0; });
}

void BpeModel::split(std::string_view word, std::vector<TokenPiece>& pieces) const {
  if (whole_) {
    if (const auto id = whole_->find_id(word)) {
      pieces.push_back({*id, 0, static_cast<uint32_t>(word.size())});
      return;
    }
  }
  if (cache_.find(word, pieces)) return;
  const size_t first_piece = pieces.size();
  std::vector<Symbol> symbols;
  symbols.reserve(word.size());
  put_symbols(word, symbols);
  if (symbols.size() <= few) {
    merge_few(symbols);
  } else {
    merge_many(symbols);
  }
  uint32_t at = 0;
  const auto end = static_cast<uint32_t>(word.size());  // bytes of a suffix lie beyond it
  for (const Symbol& symbol : symbols) {
    const uint32_t begin = std::min(at, end > 0 ? end - 1 : 0);
    pieces.push_back({symbol.id, begin, std::max(begin + 1, std::min(at + symbol.size, end))});
    at += symbol.size;
  }
  cache_.keep(word, pieces, first_piece);
}

}  // namespace thaw
