// SPDX-License-Identifier: Apache-2.0
// Scores of predictions on a data set.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace thaw {

// Name -> value, in the order of names; "loss" is the mean loss.
using Metrics = std::map<std::string, double>;

// Share of equal pairs; 0 of 0 is 0.
double accuracy(std::span<const int32_t> predicted, std::span<const int32_t> truth);

// Mean over the classes [0, classes) of 2 TP / (2 TP + FP + FN). A class that is neither predicted nor true is left
// out.
double macro_f1(std::span<const int32_t> predicted, std::span<const int32_t> truth, int32_t classes);

// Matthews correlation coefficient for any number of classes (Gorodkin 2004): 0 where it is undefined.
double matthews_correlation(std::span<const int32_t> predicted, std::span<const int32_t> truth, int32_t classes);

// Pearson's correlation; 0 where a side is constant.
double pearson(std::span<const double> a, std::span<const double> b);

// Spearman's rank correlation: Pearson's of the ranks, ties get their mean rank.
double spearman(std::span<const double> a, std::span<const double> b);

// Multi-label: cells are 1 or 0, rows of `labels` cells. Micro-F1 over all cells; macro-F1 over labels that occur;
// share of rows all right.
struct MultiLabelScores {
  double micro_f1 = 0, macro_f1 = 0, subset_accuracy = 0;
};
MultiLabelScores multi_label_scores(std::span<const uint8_t> predicted, std::span<const uint8_t> truth, int32_t labels);

// Is a larger value of this metric better? (Not of losses, errors, perplexities. What is behind a "/" does not count.)
bool larger_is_better(const std::string& metric);

}  // namespace thaw
