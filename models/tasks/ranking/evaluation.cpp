// SPDX-License-Identifier: Apache-2.0
// Counts pairs that are in order.
#include "models/tasks/ranking/evaluation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>

#include "models/metrics/pair_order.h"

namespace thaw {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// Examples by their group, in the order of `which`.
std::map<int32_t, std::vector<size_t>> by_group(const std::vector<int32_t>& groups, std::span<const int64_t> which) {
  std::map<int32_t, std::vector<size_t>> members;
  for (const int64_t example : which)
    members[groups[static_cast<size_t>(example)]].push_back(static_cast<size_t>(example));
  return members;
}

std::vector<double> pick(const std::vector<double>& all, const std::vector<size_t>& which) {
  std::vector<double> picked;
  for (const size_t number : which) picked.push_back(all[number]);
  return picked;
}

// The place of a number among others, from 0; equal ones share the middle of theirs.
double mean_place(const std::vector<double>& sorted, double number) {
  const auto [first, behind] = std::ranges::equal_range(sorted, number);
  return static_cast<double>((first - sorted.begin()) + (behind - sorted.begin()) - 1) / 2;
}

}  // namespace

ScoredEvaluation::ScoredEvaluation(std::vector<double> said, std::vector<double> truth, std::vector<int32_t> groups,
                                   double loss)
    : said_(std::move(said)),
      truth_(std::move(truth)),
      groups_(std::move(groups)),
      loss_(loss),
      is_finite_(std::ranges::all_of(said_, [](double number) { return std::isfinite(number); })),
      displaced_(said_.size(), unknown) {
  if (!is_finite_) return;
  std::vector<int64_t> all(said_.size());
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
  for (const auto& [group, members] : by_group(groups_, all)) {
    std::vector<double> said_there = pick(said_, members), truth_there = pick(truth_, members);
    std::ranges::sort(said_there);
    std::ranges::sort(truth_there);
    const double most = std::max(1.0, static_cast<double>(members.size()) - 1);
    for (const size_t row : members)
      displaced_[row] = std::abs(mean_place(said_there, said_[row]) - mean_place(truth_there, truth_[row])) / most;
  }
}

Metrics ScoredEvaluation::scores(std::span<const int64_t> which) const {
  if (!is_finite_) return {{"pair_accuracy", unknown}, {"spearman", unknown}};
  PairOrder all;
  double correlations = 0, groups = 0;
  for (const auto& [group, members] : by_group(groups_, which)) {
    const std::vector<double> said = pick(said_, members), truth = pick(truth_, members);
    const PairOrder order = pair_order(said, truth);
    if (order.pairs == 0) continue;
    all += order;
    correlations += spearman(said, truth);
    ++groups;
  }
  return {{"pair_accuracy", all.share()}, {"spearman", groups > 0 ? correlations / groups : 0}};
}

Evaluation::Judgement ScoredEvaluation::judgement(int64_t row) const {
  const auto at = static_cast<size_t>(row);
  return {fmt::format("{:.6g}", truth_[at]), fmt::format("{:.6g}", said_[at]), displaced_[at]};
}

Metrics PreferenceEvaluation::scores(std::span<const int64_t> which) const {
  PairOrder order;
  for (const int64_t pair : which) {
    const double ahead = better_[static_cast<size_t>(pair)] - worse_[static_cast<size_t>(pair)];
    if (!std::isfinite(ahead)) return {{"pair_accuracy", unknown}};
    order += {ahead > 0 ? 1.0 : ahead == 0 ? 0.5 : 0.0, 1};
  }
  return {{"pair_accuracy", order.share()}};
}

Evaluation::Judgement PreferenceEvaluation::judgement(int64_t pair) const {
  const auto at = static_cast<size_t>(pair);
  return {"the first is better", fmt::format("{:.6g} and {:.6g}", better_[at], worse_[at]),
          std::max(0.0, worse_[at] - better_[at])};
}

}  // namespace thaw
