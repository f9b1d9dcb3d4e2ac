// SPDX-License-Identifier: Apache-2.0
// Rows in groups, and which of a group have other scores: what pairs are made of. N rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace thaw {

class ScoreGroups {
 public:
  // scores: [N], of no NaN. groups: [N], a number each. Pairs are of all rows, or of those of `which` alone.
  ScoreGroups(std::vector<double> scores, std::vector<int32_t> groups);
  ScoreGroups(std::vector<double> scores, std::vector<int32_t> groups, std::span<const int64_t> which);

  // From now on these make pairs with one another alone.
  void draw_among(std::span<const int64_t> which);

  // How many rows of a row's group it can be told from: those of another score; and one of them.
  int64_t partners(int64_t row) const;
  int64_t partner(int64_t row, int64_t number) const;
  // The one that is drawn by the seed in this epoch (models/tasks/epoch_draws.h); -1 where there is none.
  int64_t drawn_partner(uint64_t seed, int64_t epoch, int64_t row) const;

  const std::vector<double>& scores() const { return scores_; }
  const std::vector<int32_t>& groups() const { return groups_; }
  bool is_better(int64_t row, int64_t than) const {
    return scores_[static_cast<size_t>(row)] > scores_[static_cast<size_t>(than)];
  }

 private:
  // A row's group in order_, [begin, end), and there those of its own score, [first_equal, behind_equal).
  struct Place {
    size_t begin = 0, first_equal = 0, behind_equal = 0, end = 0;
  };

  std::vector<double> scores_;
  std::vector<int32_t> groups_;
  std::vector<int64_t> order_;  // group by group, in the order of their scores; of each call of draw_among() a part
  std::vector<Place> places_;   // of each row
};

}  // namespace thaw
