// SPDX-License-Identifier: Apache-2.0
// Who is compared with whom.
#include "models/tasks/ranking/score_groups.h"

#include <doctest/doctest.h>

#include <set>
#include <vector>

#include "models/tasks/epoch_draws.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

std::set<int64_t> partners_of(const ScoreGroups& groups, int64_t row) {
  std::set<int64_t> all;
  for (int64_t number = 0; number < groups.partners(row); ++number) all.insert(groups.partner(row, number));
  return all;
}

// Two groups, the second of equal scores alone but for its last.
ScoreGroups two_groups() { return {{3, 1, 3, -2, 5, 5, 5, 0.5}, {7, 7, 7, 7, 2, 2, 2, 2}}; }

}  // namespace

TEST_CASE("score groups: partners are all rows of the group that have another score") {
  const ScoreGroups groups = two_groups();
  CHECK(partners_of(groups, 0) == std::set<int64_t>{1, 3});
  CHECK(partners_of(groups, 1) == std::set<int64_t>{0, 2, 3});
  CHECK(partners_of(groups, 3) == std::set<int64_t>{0, 1, 2});
  CHECK(partners_of(groups, 5) == std::set<int64_t>{7});
  CHECK(partners_of(groups, 7) == std::set<int64_t>{4, 5, 6});
  CHECK(groups.is_better(0, 1));
  CHECK_FALSE(groups.is_better(7, 4));
  CHECK(error_of([&] { groups.partner(5, 1); }) == "partner 1 of 1");
  CHECK(error_of([] { ScoreGroups({1, 2}, {0}); }) == "2 scores of 1 rows");
}

TEST_CASE("score groups: what is kept apart makes pairs of its own") {
  ScoreGroups groups = two_groups();
  groups.draw_among(std::vector<int64_t>{0, 2, 3, 4});
  groups.draw_among(std::vector<int64_t>{1, 5, 6, 7});
  CHECK(partners_of(groups, 0) == std::set<int64_t>{3});
  CHECK(partners_of(groups, 3) == std::set<int64_t>{0, 2});
  CHECK(partners_of(groups, 1).empty());
  CHECK(partners_of(groups, 4).empty());
  CHECK(partners_of(groups, 7) == std::set<int64_t>{5, 6});
  CHECK(groups.drawn_partner(1, 0, 4) == -1);
  const ScoreGroups some(groups.scores(), groups.groups(), std::vector<int64_t>{1, 3});
  CHECK(partners_of(some, 1) == std::set<int64_t>{3});
  CHECK(partners_of(some, 0).empty());
}

TEST_CASE("score groups: each epoch draws others, all of them now and then, and the same one again") {
  std::vector<double> scores;
  for (int i = 0; i < 6; ++i) scores.push_back(i);
  const ScoreGroups groups(scores, std::vector<int32_t>(scores.size(), 0));
  std::set<int64_t> drawn;
  for (int64_t epoch = 0; epoch < 40; ++epoch) {
    const int64_t partner = groups.drawn_partner(3, epoch, 2);
    CHECK(partner == groups.drawn_partner(3, epoch, 2));
    drawn.insert(partner);
  }
  CHECK(drawn == std::set<int64_t>{0, 1, 3, 4, 5});
  for (int64_t row = 0; row < 6; ++row)
    CHECK(groups.drawn_partner(3, judging_epoch, row) == groups.drawn_partner(4, judging_epoch, row));
}
