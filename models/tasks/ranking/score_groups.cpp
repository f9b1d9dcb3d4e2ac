// SPDX-License-Identifier: Apache-2.0
// Sorts rows by group and score: partners stand before and behind the rows of equal score.
#include "models/tasks/ranking/score_groups.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "models/tasks/epoch_draws.h"
#include "tensor/check.h"

namespace thaw {

ScoreGroups::ScoreGroups(std::vector<double> scores, std::vector<int32_t> groups)
    : ScoreGroups(std::move(scores), std::move(groups), {}) {
  std::vector<int64_t> all(scores_.size());
  std::iota(all.begin(), all.end(), int64_t{0});
  draw_among(all);
}

ScoreGroups::ScoreGroups(std::vector<double> scores, std::vector<int32_t> groups, std::span<const int64_t> which)
    : scores_(std::move(scores)), groups_(std::move(groups)), places_(scores_.size()) {
  check(scores_.size() == groups_.size(), "{} scores of {} rows", scores_.size(), groups_.size());
  draw_among(which);
}

void ScoreGroups::draw_among(std::span<const int64_t> which) {
  const size_t first = order_.size();
  order_.insert(order_.end(), which.begin(), which.end());
  const auto key = [&](int64_t row) {
    const auto at = static_cast<size_t>(row);
    return std::tuple(groups_[at], scores_[at], row);
  };
  std::sort(order_.begin() + static_cast<ptrdiff_t>(first), order_.end(),
            [&](int64_t a, int64_t b) { return key(a) < key(b); });
  const auto group = [&](size_t place) { return groups_[static_cast<size_t>(order_[place])]; };
  const auto score = [&](size_t place) { return scores_[static_cast<size_t>(order_[place])]; };
  for (size_t begin = first, end = first; begin < order_.size(); begin = end) {
    while (end < order_.size() && group(end) == group(begin)) ++end;
    for (size_t equal = begin, behind = begin; equal < end; equal = behind) {
      while (behind < end && score(behind) == score(equal)) ++behind;
      for (size_t place = equal; place < behind; ++place)
        places_[static_cast<size_t>(order_[place])] = {begin, equal, behind, end};
    }
  }
}

int64_t ScoreGroups::partners(int64_t row) const {
  const Place& place = places_[static_cast<size_t>(row)];
  return static_cast<int64_t>(place.end - place.begin - (place.behind_equal - place.first_equal));
}

int64_t ScoreGroups::partner(int64_t row, int64_t number) const {
  check(number >= 0 && number < partners(row), "partner {} of {}", number, partners(row));
  const Place& place = places_[static_cast<size_t>(row)];
  const auto at = static_cast<size_t>(number);
  const size_t worse = place.first_equal - place.begin;
  return order_[at < worse ? place.begin + at : place.behind_equal + at - worse];
}

int64_t ScoreGroups::drawn_partner(uint64_t seed, int64_t epoch, int64_t row) const {
  const int64_t count = partners(row);
  if (count == 0) return -1;
  const uint32_t word = random_words(epoch_key(seed, epoch, row), 0)[0];
  return partner(row, static_cast<int64_t>(word) % count);
}

}  // namespace thaw
