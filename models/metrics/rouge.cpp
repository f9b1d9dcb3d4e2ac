// SPDX-License-Identifier: Apache-2.0
// Words, pairs of words, and common subsequences of texts and of their lines.
#include "models/metrics/rouge.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include "models/metrics/ngrams.h"
#include "models/metrics/porter_stem.h"
#include "models/metrics/python_text.h"
#include "models/metrics/subsequence.h"
#include "tensor/check.h"

namespace thaw {
namespace {

bool is_word_letter(char32_t code) { return (code >= U'a' && code <= U'z') || (code >= U'0' && code <= U'9'); }

std::vector<std::string> words_in(const std::u32string& text, bool stem) {
  std::vector<std::string> words;
  bool in_word = false;
  for (const char32_t code : lower_case_text(text)) {
    const bool is_letter = is_word_letter(code);
    if (is_letter && !in_word) words.emplace_back();
    if (is_letter) words.back() += static_cast<char>(code);
    in_word = is_letter;
  }
  if (stem)
    for (std::string& word : words)
      if (word.size() > 3) word = porter_stem(word);
  return words;
}

// A text's words by number: all, and those of each line.
struct Words {
  std::u32string all;
  std::vector<std::u32string> lines;
};

Words words_of(std::string_view text, const RougeOptions& options, WordNumbers& numbers) {
  const std::u32string codes = code_points(text);
  Words words{numbers(words_in(codes, options.stem)), {}};
  for (size_t begin = 0; begin < codes.size();) {
    const size_t end = std::min(codes.find(U'\n', begin), codes.size());
    if (end > begin) words.lines.push_back(numbers(words_in(codes.substr(begin, end - begin), options.stem)));
    begin = end + 1;
  }
  return words;
}

PrecisionRecall score_ngrams(const Words& predicted, const Words& truth, int64_t n) {
  return PrecisionRecall(match_ngrams(count_ngrams(predicted.all, n), count_ngrams(truth.all, n)));
}

PrecisionRecall score_subsequence(const Words& predicted, const Words& truth) {
  const auto size = [](const Words& words) { return static_cast<int64_t>(words.all.size()); };
  return PrecisionRecall(MatchCounts{common_length(truth.all, predicted.all), size(predicted), size(truth)});
}

// Lin 2004, 3.2, as ROUGE-1.5.5 counts: a word is found at most as often as it is in either text.
PrecisionRecall score_lines(const Words& predicted, const Words& truth) {
  MatchCounts counts;
  std::unordered_map<char32_t, int64_t> left_predicted, left_truth;
  for (const std::u32string& line : predicted.lines)
    for (const char32_t word : line) {
      ++left_predicted[word];
      ++counts.predicted;
    }
  for (const std::u32string& line : truth.lines)
    for (const char32_t word : line) {
      ++left_truth[word];
      ++counts.truth;
    }
  for (const std::u32string& line : truth.lines) {
    std::vector<bool> found(line.size());
    for (const std::u32string& other : predicted.lines)
      for (const size_t place : common_places(line, other)) found[place] = true;
    for (size_t i = 0; i < line.size(); ++i) {
      if (!found[i] || left_predicted[line[i]] == 0 || left_truth[line[i]] == 0) continue;
      ++counts.matched;
      --left_predicted[line[i]];
      --left_truth[line[i]];
    }
  }
  return PrecisionRecall(counts);
}

constexpr PrecisionRecall RougeScores::*kinds[] = {&RougeScores::rouge1, &RougeScores::rouge2, &RougeScores::rougeL,
                                                   &RougeScores::rougeLsum};
constexpr double PrecisionRecall::*numbers[] = {&PrecisionRecall::precision, &PrecisionRecall::recall,
                                                &PrecisionRecall::f1};

}  // namespace

std::vector<std::string> rouge_words(std::string_view text, const RougeOptions& options) {
  return words_in(code_points(text), options.stem);
}

RougeScores rouge(std::string_view predicted, const std::vector<std::string>& references, const RougeOptions& options) {
  check(!references.empty(), "rouge: a text without references");
  WordNumbers word_numbers;
  const Words said = words_of(predicted, options, word_numbers);
  RougeScores best;
  for (size_t i = 0; i < references.size(); ++i) {
    const Words truth = words_of(references[i], options, word_numbers);
    const RougeScores scores{score_ngrams(said, truth, 1), score_ngrams(said, truth, 2), score_subsequence(said, truth),
                             score_lines(said, truth)};
    for (const auto kind : kinds)
      if (i == 0 || (scores.*kind).f1 > (best.*kind).f1) best.*kind = scores.*kind;
  }
  return best;
}

void RougeTotals::add(const RougeScores& scores) {
  for (const auto kind : kinds) {
    for (const auto number : numbers) sums_.*kind.*number += scores.*kind.*number;
    (sums_.*kind).support += (scores.*kind).support;
    (sums_.*kind).predicted += (scores.*kind).predicted;
  }
  ++texts_;
}

RougeTotals& RougeTotals::operator+=(const RougeTotals& other) {
  const int64_t texts = texts_ + other.texts_;
  add(other.sums_);
  texts_ = texts;
  return *this;
}

RougeScores RougeTotals::means() const {
  RougeScores means = sums_;
  for (const auto kind : kinds)
    for (const auto number : numbers) means.*kind.*number /= static_cast<double>(std::max<int64_t>(texts_, 1));
  return means;
}

}  // namespace thaw
