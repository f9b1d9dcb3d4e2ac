// SPDX-License-Identifier: Apache-2.0
// N-grams of characters and of words without the punctuation at their ends.
#include "models/metrics/chrf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "models/metrics/ngrams.h"
#include "models/metrics/python_text.h"
#include "tensor/check.h"

namespace thaw {
namespace {

bool is_ascii_symbol(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

// Punctuation at a word's end, else at its beginning, is a word of its own: one character of it.
std::vector<std::string_view> chrf_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split_at_blanks(text)) {
    const size_t size = word.size();
    if (size > 1 && is_ascii_symbol(word.back())) {
      words.insert(words.end(), {word.substr(0, size - 1), word.substr(size - 1)});
    } else if (size > 1 && is_ascii_symbol(word.front())) {
      words.insert(words.end(), {word.substr(0, 1), word.substr(1)});
    } else {
      words.push_back(word);
    }
  }
  return words;
}

// A text's characters and the numbers of its words: n-grams point into them.
struct Units {
  std::u32string characters, words;
};

Units units_of(std::string_view text, const ChrfOptions& options, WordNumbers& numbers) {
  Units units{code_points(text), {}};
  if (!options.with_blanks) std::erase_if(units.characters, is_python_blank);
  if (options.word_order > 0) units.words = numbers(chrf_words(text));
  return units;
}

std::vector<NgramCounts> count_orders(const Units& units, const ChrfOptions& options) {
  std::vector<NgramCounts> orders;
  for (int64_t n = 1; n <= options.char_order; ++n) orders.push_back(count_ngrams(units.characters, n));
  for (int64_t n = 1; n <= options.word_order; ++n) orders.push_back(count_ngrams(units.words, n));
  return orders;
}

ChrfCounts match_orders(const std::vector<NgramCounts>& predicted, const std::vector<NgramCounts>& truth) {
  ChrfCounts counts;
  for (size_t i = 0; i < predicted.size(); ++i) {
    counts.orders.push_back(match_ngrams(predicted[i], truth[i]));
    if (truth[i].empty()) counts.orders.back().predicted = 0;  // as sacrebleu has it
  }
  return counts;
}

double share(int64_t part, int64_t all, double of_none) {
  return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : of_none;
}

}  // namespace

ChrfCounts& ChrfCounts::operator+=(const ChrfCounts& other) {
  if (orders.empty()) orders.resize(other.orders.size());
  check(other.orders.empty() || orders.size() == other.orders.size(), "chrf: counts of {} orders and of {}",
        orders.size(), other.orders.size());
  for (size_t i = 0; i < other.orders.size(); ++i) orders[i] += other.orders[i];
  return *this;
}

ChrfCounts chrf_counts(std::string_view predicted, const std::vector<std::string>& references,
                       const ChrfOptions& options) {
  check(!references.empty(), "chrf: a text without references");
  WordNumbers numbers;
  const Units said = units_of(predicted, options, numbers);
  const std::vector<NgramCounts> own = count_orders(said, options);
  ChrfCounts best;
  double best_score = -1;
  for (const std::string& reference : references) {
    const Units truth = units_of(reference, options, numbers);
    ChrfCounts counts = match_orders(own, count_orders(truth, options));
    if (const double score = chrf(counts, options); score > best_score) {
      best_score = score;
      best = std::move(counts);
    }
  }
  return best;
}

double chrf(const ChrfCounts& counts, const ChrfOptions& options) {
  constexpr double eps = 1e-16;
  const auto factor = static_cast<double>(options.beta * options.beta);
  const auto f_score = [factor](double precision, double recall) {
    return (1 + factor) * precision * recall / (factor * precision + recall);
  };
  double sum = 0, precisions = 0, recalls = 0;
  int64_t known = 0;
  for (const MatchCounts& order : counts.orders) {
    const double precision = share(order.matched, order.predicted, eps),
                 recall = share(order.matched, order.truth, eps);
    sum += precision + recall > 0 ? f_score(precision, recall) : eps;
    if (order.predicted == 0 || order.truth == 0) continue;
    precisions += precision;
    recalls += recall;
    ++known;
  }
  if (options.eps_smoothing) return counts.orders.empty() ? 0 : 100 * sum / static_cast<double>(counts.orders.size());
  if (precisions + recalls == 0) return 0;
  return 100 * f_score(precisions / static_cast<double>(known), recalls / static_cast<double>(known));
}

std::string chrf_signature(int64_t references, const ChrfOptions& options) {
  return fmt::format("nrefs:{}|case:mixed|eff:{}|nc:{}|nw:{}|space:{}|version:2.6.0",
                     references > 0 ? std::to_string(references) : "var", options.eps_smoothing ? "no" : "yes",
                     options.char_order, options.word_order, options.with_blanks ? "yes" : "no");
}

}  // namespace thaw
