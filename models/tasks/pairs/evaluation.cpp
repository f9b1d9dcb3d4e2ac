// SPDX-License-Identifier: Apache-2.0
// Counts partners that were found.
#include "models/tasks/pairs/evaluation.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/metrics/ranking.h"
#include "models/tasks/medium.h"

namespace thaw {
namespace {

constexpr int64_t counted_places[] = {1, 5, 10};

struct Direction {
  std::string name;  // "image_to_text"
  const std::vector<int64_t> PairRanks::*ranks;
};

std::vector<Direction> directions(InputKind files) {
  const std::string_view file = medium_of(files).column;
  return {{fmt::format("{}_to_text", file), &PairRanks::of_text},
          {fmt::format("text_to_{}", file), &PairRanks::of_file}};
}

// Of an even number the mean of both in the middle.
double median(std::vector<int64_t> numbers) {
  if (numbers.empty()) return 0;
  std::ranges::sort(numbers);
  const size_t middle = numbers.size() / 2;
  const auto at = [&](size_t place) { return static_cast<double>(numbers[place]); };
  return numbers.size() % 2 == 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}

}  // namespace

std::vector<std::string> metric_names_of_pairs(InputKind files) {
  std::vector<std::string> names{"loss"};
  for (const Direction& direction : directions(files)) {
    for (const int64_t place : counted_places) names.push_back(fmt::format("{}_recall_at_{}", direction.name, place));
    names.push_back(direction.name + "_median_rank");
  }
  return names;
}

Metrics PairEvaluation::scores(std::span<const int64_t> which) const {
  Metrics metrics;
  for (const Direction& direction : directions(files_)) {
    std::vector<int64_t> ranks;
    for (const int64_t pair : which) ranks.push_back((ranks_.*direction.ranks)[static_cast<size_t>(pair)]);
    for (const int64_t place : counted_places)
      metrics[fmt::format("{}_recall_at_{}", direction.name, place)] = recall_at(ranks, place);
    metrics[direction.name + "_median_rank"] = median(ranks);
  }
  return metrics;
}

Evaluation::Judgement PairEvaluation::judgement(int64_t pair) const {
  const auto at = static_cast<size_t>(pair);
  const int64_t text = ranks_.of_text[at], file = ranks_.of_file[at];
  return {"partners", fmt::format("cosine {:.4f}, places {} and {}", cosines_[at], text, file),
          static_cast<double>(text - 1 + file - 1)};
}

}  // namespace thaw
