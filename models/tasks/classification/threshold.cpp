// SPDX-License-Identifier: Apache-2.0
// Tries every threshold that makes a difference, from the highest probability to the least.
#include "models/tasks/classification/threshold.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <system_error>
#include <vector>

#include "models/metrics/precision_recall.h"
#include "models/metrics/probabilities.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Cell {
  float logit;
  bool is_true;
};

// As MultiLabelScores::micro_f1.
double f1(const MatchCounts& counts) {
  const int64_t all = counts.predicted + counts.truth;
  return all == 0 ? 0 : 2 * static_cast<double>(counts.matched) / static_cast<double>(all);
}

double distance(double threshold) { return std::abs(threshold - even_threshold); }

// In the middle between two neighbouring logits' probabilities; nothing if they are so near to each other, to 0 or to 1
// that no threshold stands between them.
std::optional<double> threshold_between(double lower, double upper) {
  const double middle = (sigmoid(lower) + sigmoid(upper)) / 2;
  if (!(middle > 0 && middle < 1)) return {};
  const double cut = logit_of(middle);
  return lower <= cut && cut < upper ? std::optional(middle) : std::nullopt;
}

}  // namespace

std::optional<double> parse_threshold(const std::string& text) {
  double number = 0;
  const char* begin = text.data() + (text.starts_with('+') && !text.starts_with("+-") ? 1 : 0);
  const auto [stop, error] = std::from_chars(begin, text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || !(number > 0 && number < 1)) return {};
  return number;
}

double logit_of(double probability) { return std::log(probability / (1 - probability)); }

ThresholdSearch search_threshold(std::span<const float> logits, std::span<const double> truth) {
  check(logits.size() == truth.size(), "threshold: {} logits for {} truths", logits.size(), truth.size());
  std::vector<Cell> cells;
  cells.reserve(logits.size());
  MatchCounts even, counts;  // counts: of the cells so far, as if no other were predicted
  for (size_t i = 0; i < logits.size(); ++i) {
    if (!std::isfinite(logits[i]))
      return {even_threshold, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    const bool is_true = truth[i] > 0.5, said = logits[i] > 0;
    cells.push_back({logits[i], is_true});
    even += {said && is_true, said, is_true};
    counts.truth += is_true;
  }
  std::ranges::sort(cells, std::greater(), &Cell::logit);
  ThresholdSearch best{even_threshold, f1(even), f1(even)};
  for (size_t i = 0; i < cells.size(); ++i) {
    ++counts.predicted;
    counts.matched += cells[i].is_true;
    const bool is_last = i + 1 == cells.size();
    if (!is_last && cells[i + 1].logit == cells[i].logit) continue;
    const double score = f1(counts);
    if (score < best.micro_f1) continue;
    const double lower = is_last ? -infinity : static_cast<double>(cells[i + 1].logit);
    const auto threshold = threshold_between(lower, static_cast<double>(cells[i].logit));
    if (threshold && (score > best.micro_f1 || distance(*threshold) < distance(best.threshold)))
      best = {*threshold, score, best.even_micro_f1};
  }
  return best;
}

}  // namespace thaw
