// SPDX-License-Identifier: Apache-2.0
// Training: pairs wait in a queue by their counts, each with the words that it is in.
#include "models/text/train/bpe_trainer.h"

#include <algorithm>
#include <limits>
#include <map>
#include <queue>
#include <string_view>
#include <unordered_map>

#include "models/text/train/pair_counts.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

// Tokens by id while they are made.
class Tokens {
 public:
  // The id of a token, which is added if it is new.
  uint32_t id_of(const std::string& token) {
    const auto [known, is_new] = ids_.emplace(token, static_cast<uint32_t>(texts_.size()));
    if (is_new) texts_.push_back(token);
    return known->second;
  }
  bool contains(const std::string& token) const { return ids_.contains(token); }
  const std::string& text(uint32_t id) const { return texts_[id]; }
  size_t size() const { return texts_.size(); }

 private:
  std::vector<std::string> texts_;
  std::unordered_map<std::string, uint32_t> ids_;
};

std::vector<std::string> characters_of(std::string_view word) {
  std::vector<std::string> out;
  for (size_t at = 0; at < word.size();) {
    const size_t begin = at;
    next_code_point(word, at);
    out.emplace_back(word.substr(begin, at - begin));
  }
  return out;
}

void add_alphabet(const std::vector<std::pair<std::string, uint64_t>>& words, const BpeTraining& training,
                  Tokens& tokens) {
  std::map<std::string, uint64_t> counts;  // UTF-8 sorts as code points do
  for (const auto& [word, count] : words)
    for (const std::string& character : characters_of(word)) counts[character] += count;
  for (const std::string& character : training.alphabet) counts[character] = std::numeric_limits<uint64_t>::max();
  std::vector<std::pair<std::string, uint64_t>> kept(counts.begin(), counts.end());
  if (training.alphabet_limit && kept.size() > *training.alphabet_limit) {
    std::ranges::stable_sort(kept, std::ranges::greater(), [](const auto& entry) { return entry.second; });
    kept.resize(*training.alphabet_limit);
    std::ranges::sort(kept);
  }
  for (const auto& [character, count] : kept) tokens.id_of(character);
}

// Ids of the characters of a word; those that are no tokens are passed over.
std::vector<uint32_t> symbols_of(std::string_view word, const BpeTraining& training, Tokens& tokens) {
  const std::vector<std::string> characters = characters_of(word);
  std::vector<uint32_t> symbols;
  for (size_t i = 0; i < characters.size(); ++i) {
    if (!tokens.contains(characters[i])) continue;
    symbols.push_back(tokens.id_of((i > 0 ? training.prefix : "") + characters[i] +
                                   (i + 1 == characters.size() ? training.suffix : "")));
  }
  return symbols;
}

// A pair, how often it was there when it was put into the queue, and words that it is in.
struct Candidate {
  uint64_t count;
  TokenPair pair;
  std::vector<uint32_t> words;
};
struct IsLater {
  bool operator()(const Candidate& a, const Candidate& b) const {
    return a.count != b.count ? a.count < b.count : b.pair < a.pair;
  }
};

class Merger {
 public:
  Merger(const std::vector<std::pair<std::string, uint64_t>>& words, const BpeTraining& training, Tokens& tokens)
      : training_(training), tokens_(tokens) {
    for (const auto& [word, count] : words) {
      symbols_.push_back(symbols_of(word, training, tokens));
      counts_.push_back(count);
    }
    for (uint32_t word = 0; word < symbols_.size(); ++word)
      for (size_t i = 0; i + 1 < symbols_[word].size(); ++i)
        pairs_.add({symbols_[word][i], symbols_[word][i + 1]}, static_cast<int64_t>(counts_[word]), word);
    offer();
  }

  // Merges the most frequent pair; false if there is none that is frequent enough.
  bool step(std::vector<BpeMerge>& merges) {
    while (!queue_.empty()) {
      Candidate top = queue_.top();
      queue_.pop();
      const int64_t now = pairs_.count(top.pair);
      if (top.count != static_cast<uint64_t>(now)) {
        if (now <= 0) continue;
        top.count = static_cast<uint64_t>(now);
        queue_.push(std::move(top));
        continue;
      }
      if (top.count < training_.least_frequency) return false;
      std::string_view right = tokens_.text(top.pair.right);
      if (right.starts_with(training_.prefix)) right.remove_prefix(training_.prefix.size());
      const uint32_t result = tokens_.id_of(tokens_.text(top.pair.left) + std::string(right));
      merges.push_back(
          {static_cast<int32_t>(top.pair.left), static_cast<int32_t>(top.pair.right), static_cast<int32_t>(result)});
      for (const uint32_t word : top.words) merge(top.pair, result, word);
      offer();
      return true;
    }
    return false;
  }

 private:
  void merge(TokenPair pair, uint32_t result, uint32_t word) {
    std::vector<uint32_t>& symbols = symbols_[word];
    const auto count = static_cast<int64_t>(counts_[word]);
    size_t size = 0;  // of what is written
    for (size_t i = 0; i < symbols.size(); ++i, ++size) {
      if (i + 1 == symbols.size() || symbols[i] != pair.left || symbols[i + 1] != pair.right) {
        symbols[size] = symbols[i];
        continue;
      }
      if (size > 0) {
        pairs_.add({symbols[size - 1], pair.left}, -count);
        pairs_.add({symbols[size - 1], result}, count, word);
      }
      ++i;
      if (i + 1 < symbols.size()) {
        pairs_.add({pair.right, symbols[i + 1]}, -count);
        pairs_.add({result, symbols[i + 1]}, count, word);
      }
      symbols[size] = result;
    }
    symbols.resize(size);
  }

  // Puts the pairs that words were noted for into the queue.
  void offer() {
    pairs_.take_noted([&](TokenPair pair, int64_t count, std::vector<uint32_t> words) {
      if (count > 0) queue_.push({static_cast<uint64_t>(count), pair, std::move(words)});
    });
  }

  const BpeTraining& training_;
  Tokens& tokens_;
  std::vector<std::vector<uint32_t>> symbols_;  // of each word
  std::vector<uint64_t> counts_;
  PairCounts pairs_;
  std::priority_queue<Candidate, std::vector<Candidate>, IsLater> queue_;
};

// A pair that was merged twice has the rank of the last time.
std::vector<BpeMerge> without_repeats(std::vector<BpeMerge> merges) {
  std::unordered_map<uint64_t, size_t> last;
  const auto key = [](const BpeMerge& merge) {
    return static_cast<uint64_t>(merge.left) << 32 | static_cast<uint64_t>(merge.right);
  };
  for (size_t i = 0; i < merges.size(); ++i) last[key(merges[i])] = i;
  if (last.size() == merges.size()) return merges;
  std::vector<BpeMerge> out;
  for (size_t i = 0; i < merges.size(); ++i)
    if (last[key(merges[i])] == i) out.push_back(merges[i]);
  return out;
}

}  // namespace

TrainedBpe train_bpe(const std::vector<std::pair<std::string, uint64_t>>& words, const BpeTraining& training) {
  check(training.vocabulary_size <= static_cast<size_t>(Vocabulary::max_id), "a vocabulary of {} is too large",
        training.vocabulary_size);
  Tokens tokens;
  for (const std::string& token : training.special_tokens) tokens.id_of(token);
  add_alphabet(words, training, tokens);
  Merger merger(words, training, tokens);
  TrainedBpe out;
  while (tokens.size() < training.vocabulary_size && merger.step(out.merges)) {
  }
  out.merges = without_repeats(std::move(out.merges));
  for (uint32_t id = 0; id < tokens.size(); ++id) out.vocabulary.add(tokens.text(id), static_cast<int32_t>(id));
  return out;
}

}  // namespace thaw
