// SPDX-License-Identifier: Apache-2.0
// Words of mteval-v13a, their n-grams, and the mean of the precisions.
#include "models/metrics/bleu.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "models/metrics/ngrams.h"
#include "models/metrics/python_text.h"
#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_point(char c) { return c == '.' || c == ','; }
bool is_symbol(char c) {
  return (c >= '{' && c <= '~') || (c >= '[' && c <= '`') || (c >= ' ' && c <= '&') || (c >= '(' && c <= '+') ||
         (c >= ':' && c <= '@') || c == '/';
}

std::string with_symbols_apart(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (is_symbol(c)) {
      out.append({' ', c, ' '});
    } else {
      out += c;
    }
  return out;
}

// A pattern of two bytes, from left to right, without overlap: `write` appends what stands for it.
template <typename Matches, typename Write>
std::string with_pairs(std::string_view text, Matches&& matches, Write&& write) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i)
    if (i + 1 < text.size() && matches(text[i], text[i + 1])) {
      write(out, text[i], text[i + 1]);
      ++i;
    } else {
      out += text[i];
    }
  return out;
}

std::string without_trailing_blanks(std::string_view text) {
  const std::vector<std::string_view> words = split_at_blanks(text);
  if (words.empty()) return {};
  return std::string(text.substr(0, static_cast<size_t>(words.back().data() - text.data()) + words.back().size()));
}

double log_of(double precision) { return precision == 0 ? -9999999999.0 : std::log(precision); }

// The n-grams of 1 to max_order units.
using Orders = std::array<NgramCounts, BleuCounts::max_order>;
Orders count_orders(std::u32string_view units) {
  Orders orders;
  for (size_t i = 0; i < orders.size(); ++i) orders[i] = count_ngrams(units, static_cast<int64_t>(i) + 1);
  return orders;
}

}  // namespace

std::string tokenize_13a(std::string_view text) {
  check_utf8(text, "a text to score");
  std::string line = without_trailing_blanks(text);
  replace_all(line, "<skipped>", "");
  replace_all(line, "-\n", "");
  replace_all(line, "\n", " ");
  for (const auto& [entity, symbol] : {std::pair{"&quot;", "\""}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}})
    replace_all(line, entity, symbol);
  line = with_symbols_apart(" " + line + " ");
  const auto is_point_behind_no_digit = [](char a, char b) { return !is_digit(a) && is_point(b); };
  line = with_pairs(line, is_point_behind_no_digit, [](std::string& out, char a, char b) {
    out.append({a, ' ', b, ' '});
  });
  const auto is_point_before_no_digit = [](char a, char b) { return is_point(a) && !is_digit(b); };
  line = with_pairs(line, is_point_before_no_digit, [](std::string& out, char a, char b) {
    out.append({' ', a, ' ', b});
  });
  const auto is_dash_behind_digit = [](char a, char b) { return is_digit(a) && b == '-'; };
  line = with_pairs(line, is_dash_behind_digit, [](std::string& out, char a, char b) { out.append({a, ' ', b, ' '}); });
  return fmt::format("{}", fmt::join(split_at_blanks(line), " "));
}

BleuCounts& BleuCounts::operator+=(const BleuCounts& other) {
  for (size_t i = 0; i < matched.size(); ++i) {
    matched[i] += other.matched[i];
    predicted[i] += other.predicted[i];
  }
  predicted_words += other.predicted_words;
  reference_words += other.reference_words;
  return *this;
}

BleuCounts bleu_counts(std::string_view predicted, const std::vector<std::string>& references) {
  check(!references.empty(), "bleu: a text without references");
  WordNumbers numbers;
  const auto units_of = [&](std::string_view text) { return numbers(split_at_blanks(tokenize_13a(text))); };
  const std::u32string said = units_of(predicted);
  std::vector<std::u32string> truths;
  for (const std::string& reference : references) truths.push_back(units_of(reference));

  BleuCounts counts;
  counts.predicted_words = static_cast<int64_t>(said.size());
  std::vector<std::pair<int64_t, int64_t>> distances;  // and lengths: the shorter of two as near
  for (const std::u32string& truth : truths) {
    const auto length = static_cast<int64_t>(truth.size());
    distances.emplace_back(std::abs(length - counts.predicted_words), length);
  }
  counts.reference_words = std::ranges::min(distances).second;

  Orders most = count_orders(truths.front());
  for (size_t i = 1; i < truths.size(); ++i) {
    const Orders other = count_orders(truths[i]);
    for (size_t n = 0; n < most.size(); ++n)
      for (const auto& [ngram, count] : other[n]) most[n][ngram] = std::max(most[n][ngram], count);
  }
  const Orders own = count_orders(said);
  for (size_t n = 0; n < own.size(); ++n) {
    const MatchCounts matches = match_ngrams(own[n], most[n]);
    counts.matched[n] = matches.matched;
    counts.predicted[n] = matches.predicted;
  }
  return counts;
}

BleuScore bleu(const BleuCounts& counts, bool effective_order) {
  BleuScore result;
  if (counts.predicted_words < counts.reference_words)
    result.brevity_penalty =
        counts.predicted_words > 0
            ? std::exp(1 - static_cast<double>(counts.reference_words) / static_cast<double>(counts.predicted_words))
            : 0;
  if (std::ranges::count(counts.matched, 0) == BleuCounts::max_order) return result;
  size_t order = counts.matched.size();
  double smoothing = 1;  // halves what counts for an order without a match, again with each such order
  for (size_t n = 0; n < counts.matched.size() && counts.predicted[n] > 0; ++n) {
    if (effective_order) order = n + 1;
    const auto all = static_cast<double>(counts.predicted[n]);
    if (counts.matched[n] == 0) smoothing *= 2;
    result.precisions[n] =
        counts.matched[n] == 0 ? 100 / (smoothing * all) : 100 * static_cast<double>(counts.matched[n]) / all;
  }
  double sum = 0;
  for (size_t n = 0; n < order; ++n) sum += log_of(result.precisions[n]);
  result.score = result.brevity_penalty * std::exp(sum / static_cast<double>(order));
  return result;
}

std::string bleu_signature(int64_t references, bool effective_order) {
  return fmt::format("nrefs:{}|case:mixed|eff:{}|tok:13a|smooth:exp|version:2.6.0",
                     references > 0 ? std::to_string(references) : "var", effective_order ? "yes" : "no");
}

}  // namespace thaw
