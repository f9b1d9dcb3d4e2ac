// SPDX-License-Identifier: Apache-2.0
// Words compared, and the table of edits row by row.
#include "models/metrics/text_matches.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <tuple>

#include "models/metrics/ngrams.h"
#include "models/metrics/python_text.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
  check_utf8(text, "a text to score");
  return split_at_blanks(text);
}

double ratio(int64_t part, int64_t all) {
  return static_cast<double>(part) / static_cast<double>(std::max<int64_t>(all, 1));
}

}  // namespace

bool is_exact_match(std::string_view predicted, const std::vector<std::string>& references) {
  const std::vector<std::string_view> words = words_of(predicted);
  return std::ranges::any_of(references, [&](const std::string& reference) { return words_of(reference) == words; });
}

LabelWordCounts& LabelWordCounts::operator+=(const LabelWordCounts& other) {
  texts += other.texts;
  right += other.right;
  no_label += other.no_label;
  return *this;
}

double LabelWordCounts::accuracy() const { return ratio(right, texts); }
double LabelWordCounts::no_label_rate() const { return ratio(no_label, texts); }

LabelWordCounts label_word_counts(std::string_view predicted, std::string_view truth,
                                  std::span<const std::string> words) {
  const std::vector<std::string_view> said = words_of(predicted);
  const bool is_label = std::ranges::any_of(words, [&](const std::string& word) { return words_of(word) == said; });
  return {1, is_label && said == words_of(truth), !is_label};
}

int64_t edit_distance(std::u32string_view a, std::u32string_view b) {
  std::vector<int64_t> distances(b.size() + 1);  // of a's prefix to each prefix of b
  std::iota(distances.begin(), distances.end(), int64_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    int64_t diagonal = distances[0]++;
    for (size_t j = 0; j < b.size(); ++j) {
      const int64_t above = distances[j + 1];
      distances[j + 1] = std::min({above + 1, distances[j] + 1, diagonal + (a[i] != b[j])});
      diagonal = above;
    }
  }
  return distances.back();
}

ErrorCounts& ErrorCounts::operator+=(const ErrorCounts& other) {
  errors += other.errors;
  tokens += other.tokens;
  texts += other.texts;
  wrong += other.wrong;
  return *this;
}

double ErrorCounts::token_rate() const { return ratio(errors, tokens); }
double ErrorCounts::text_rate() const { return ratio(wrong, texts); }

ErrorCounts error_counts(std::string_view predicted, const std::vector<std::string>& references) {
  check(!references.empty(), "error rate: a text without references");
  WordNumbers numbers;
  const std::u32string said = numbers(words_of(predicted));
  ErrorCounts best;
  for (size_t i = 0; i < references.size(); ++i) {
    const std::u32string truth = numbers(words_of(references[i]));
    const int64_t errors = edit_distance(said, truth);
    const ErrorCounts counts{errors, static_cast<int64_t>(truth.size()), 1, errors > 0};
    if (i == 0 || std::tuple(errors, -counts.tokens) < std::tuple(best.errors, -best.tokens)) best = counts;
  }
  return best;
}

TokenLosses& TokenLosses::operator+=(const TokenLosses& other) {
  sum += other.sum;
  tokens += other.tokens;
  return *this;
}

double TokenLosses::mean() const { return sum / static_cast<double>(std::max<int64_t>(tokens, 1)); }
double TokenLosses::perplexity() const { return std::exp(mean()); }

}  // namespace thaw
