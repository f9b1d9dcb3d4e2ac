// SPDX-License-Identifier: Apache-2.0
// Counts and correlations, in double precision.
#include "nn/train/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "tensor/check.h"

namespace thaw {
namespace {

struct ClassCounts {
  int64_t hits = 0, predicted = 0, actual = 0;
};

// 2 TP / (2 TP + FP + FN) = 2 TP / (predicted + actual)
double f1(const ClassCounts& c) {
  return 2.0 * static_cast<double>(c.hits) / static_cast<double>(c.predicted + c.actual);
}

std::vector<ClassCounts> class_counts(std::span<const int32_t> predicted, std::span<const int32_t> truth,
                                      int32_t classes) {
  check(predicted.size() == truth.size(), "metrics: {} predictions for {} labels", predicted.size(), truth.size());
  std::vector<ClassCounts> counts(static_cast<size_t>(classes));
  for (size_t i = 0; i < truth.size(); ++i) {
    check(predicted[i] >= 0 && predicted[i] < classes && truth[i] >= 0 && truth[i] < classes,
          "metrics: row {}: class {} or {} is not in [0, {})", i, predicted[i], truth[i], classes);
    ++counts[static_cast<size_t>(predicted[i])].predicted;
    ++counts[static_cast<size_t>(truth[i])].actual;
    if (predicted[i] == truth[i]) ++counts[static_cast<size_t>(truth[i])].hits;
  }
  return counts;
}

double mean_f1(const std::vector<ClassCounts>& counts) {
  double sum = 0;
  int used = 0;
  for (const ClassCounts& c : counts) {
    if (c.predicted + c.actual == 0) continue;
    sum += f1(c);
    ++used;
  }
  return used ? sum / used : 0;
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (size_t i = 0; i < order.size();) {
    size_t j = i;
    while (j < order.size() && values[order[j]] == values[order[i]]) ++j;
    for (size_t k = i; k < j; ++k) rank[order[k]] = static_cast<double>(i + j - 1) / 2;
    i = j;
  }
  return rank;
}

}  // namespace

double accuracy(std::span<const int32_t> predicted, std::span<const int32_t> truth) {
  check(predicted.size() == truth.size(), "metrics: {} predictions for {} labels", predicted.size(), truth.size());
  int64_t hits = 0;
  for (size_t i = 0; i < truth.size(); ++i) hits += predicted[i] == truth[i];
  return truth.empty() ? 0 : static_cast<double>(hits) / static_cast<double>(truth.size());
}

double macro_f1(std::span<const int32_t> predicted, std::span<const int32_t> truth, int32_t classes) {
  return mean_f1(class_counts(predicted, truth, classes));
}

double matthews_correlation(std::span<const int32_t> predicted, std::span<const int32_t> truth, int32_t classes) {
  double hits = 0, cross = 0, predicted_squares = 0, actual_squares = 0;
  for (const ClassCounts& c : class_counts(predicted, truth, classes)) {
    const auto p = static_cast<double>(c.predicted), a = static_cast<double>(c.actual);
    hits += static_cast<double>(c.hits);
    cross += p * a;
    predicted_squares += p * p;
    actual_squares += a * a;
  }
  const auto n = static_cast<double>(truth.size());
  const double scale = std::sqrt((n * n - predicted_squares) * (n * n - actual_squares));
  return scale > 0 ? (hits * n - cross) / scale : 0;
}

double pearson(std::span<const double> a, std::span<const double> b) {
  check(a.size() == b.size(), "metrics: {} predictions for {} labels", a.size(), b.size());
  if (a.empty()) return 0;
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n,
               mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double spearman(std::span<const double> a, std::span<const double> b) { return pearson(ranks(a), ranks(b)); }

MultiLabelScores multi_label_scores(std::span<const uint8_t> predicted, std::span<const uint8_t> truth,
                                    int32_t labels) {
  check(predicted.size() == truth.size() && labels > 0 && truth.size() % static_cast<size_t>(labels) == 0,
        "metrics: {} predicted and {} true cells do not make rows of {}", predicted.size(), truth.size(), labels);
  std::vector<ClassCounts> counts(static_cast<size_t>(labels));
  ClassCounts all;
  int64_t right_rows = 0;
  const size_t rows = truth.size() / static_cast<size_t>(labels);
  for (size_t row = 0; row < rows; ++row) {
    bool right = true;
    for (size_t l = 0; l < counts.size(); ++l) {
      const bool p = predicted[row * counts.size() + l], t = truth[row * counts.size() + l];
      for (ClassCounts* c : {&counts[l], &all}) {
        c->predicted += p;
        c->actual += t;
        c->hits += p && t;
      }
      right = right && p == t;
    }
    right_rows += right;
  }
  return {all.predicted + all.actual ? f1(all) : 0, mean_f1(counts),
          rows ? static_cast<double>(right_rows) / static_cast<double>(rows) : 0};
}

bool larger_is_better(const std::string& metric) {
  const std::string kind = metric.substr(0, metric.find('/'));
  const auto names = [&](const char* word) { return kind.find(word) != std::string::npos; };
  return !names("loss") && !names("error") && !names("perplexity") && !names("bits") && !names("median_rank");
}

}  // namespace thaw
