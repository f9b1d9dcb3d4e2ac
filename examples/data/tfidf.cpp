// SPDX-License-Identifier: Apache-2.0
// Words, pairs of words, and their weights.
#include "examples/data/tfidf.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "tensor/utf8.h"

namespace thaw {
namespace {

bool in_word(utf8proc_int32_t code) {
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return code == '_';
  }
}

// How often each word and each pair of neighbours is in a text.
std::map<std::string, int> term_counts(std::string_view text) {
  std::map<std::string, int> counts;
  const auto words = words_of(text);
  for (size_t i = 0; i < words.size(); ++i) {
    ++counts[words[i]];
    if (i > 0) ++counts[words[i - 1] + ' ' + words[i]];
  }
  return counts;
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  int characters = 0;
  const auto finish = [&] {
    if (characters >= 2) words.push_back(word);
    word.clear();
    characters = 0;
  };
  for (size_t at = 0; at < text.size();) {
    const bool is_utf8 = utf8_length(text, at) > 0;  // a byte that is none ends a word
    const auto code = is_utf8 ? static_cast<utf8proc_int32_t>(next_code_point(text, at)) : -1;
    if (!is_utf8) ++at;
    if (!is_utf8 || !in_word(code)) {
      finish();
      continue;
    }
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(utf8proc_tolower(code), bytes.data());
    word.append(bytes.begin(), bytes.begin() + size);
    ++characters;
  }
  finish();
  return words;
}

Tfidf::Tfidf(const std::vector<std::string>& texts) {
  std::vector<int> frequency;
  for (const auto& text : texts) {
    for (const auto& [term, count] : term_counts(text)) {
      const auto [entry, is_new] = columns_.emplace(term, static_cast<int>(frequency.size()));
      if (is_new) frequency.push_back(0);
      ++frequency[static_cast<size_t>(entry->second)];
    }
  }
  const double n = static_cast<double>(texts.size());
  for (const int df : frequency) idf_.push_back(1 + std::log((1 + n) / (1 + df)));
}

int Tfidf::column(const std::string& term) const {
  const auto found = columns_.find(term);
  return found == columns_.end() ? -1 : found->second;
}

SparseMatrix Tfidf::transform(const std::vector<std::string>& texts) const {
  SparseMatrix matrix{static_cast<int>(idf_.size()), {}};
  for (const auto& text : texts) {
    auto& row = matrix.rows.emplace_back();
    double squares = 0;
    for (const auto& [term, count] : term_counts(text)) {
      const int column_of_term = column(term);
      if (column_of_term < 0) continue;
      const double value = (1 + std::log(count)) * idf_[static_cast<size_t>(column_of_term)];
      row.push_back({column_of_term, value});
      squares += value * value;
    }
    for (auto& entry : row) entry.value /= std::sqrt(squares);
    std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) { return a.column < b.column; });
  }
  return matrix;
}

}  // namespace thaw
