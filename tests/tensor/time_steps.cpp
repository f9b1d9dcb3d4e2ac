// SPDX-License-Identifier: Apache-2.0
// Rows of packed sequences ordered by time.
#include "tensor/time_steps.h"

#include <doctest/doctest.h>

#include <vector>

using namespace thaw;

namespace {

using Numbers = std::vector<int32_t>;

Numbers host(const Indices& indices) { return {indices.host().begin(), indices.host().end()}; }

TimeSteps steps_of(const Numbers& lengths) { return TimeSteps(Segments(lengths, Device::from_environment())); }

}  // namespace

TEST_CASE("time steps: the longest sequence first, each step's rows side by side") {
  const TimeSteps steps = steps_of({2, 0, 3, 1, 3});  // rows 0-1, none, 2-4, 5, 6-8
  CHECK(steps.steps() == 3);
  CHECK(steps.sequences() == 5);
  CHECK(steps.total() == 9);
  CHECK(host(steps.by_length()) == Numbers{2, 4, 0, 3, 1});
  CHECK(host(steps.by_time()) == Numbers{2, 6, 0, 5, 3, 7, 1, 4, 8});
  CHECK(host(steps.by_text()) == Numbers{2, 6, 0, 4, 7, 3, 1, 5, 8});
  CHECK(steps.rows(0) == 4);
  CHECK(steps.begin(1) == 4);
  CHECK(steps.end(2) == 9);
  CHECK(host(steps.before()) == Numbers{0, 1, 2, 4, 5});
  CHECK(host(steps.last()) == Numbers{6, 9 + 4, 7, 3, 8});
  CHECK_FALSE(steps.even());
  CHECK_FALSE(steps.in_place());
}

TEST_CASE("time steps: sequences of one length need no list of rows before, one sequence none at all") {
  const TimeSteps equal = steps_of({2, 2});
  CHECK(equal.even());
  CHECK(host(equal.by_time()) == Numbers{0, 2, 1, 3});
  CHECK(steps_of({4}).in_place());
  CHECK(steps_of({1, 1, 1}).in_place());
  CHECK(steps_of({}).steps() == 0);
  CHECK(steps_of({0, 0}).steps() == 0);
  CHECK(host(steps_of({0, 0}).last()) == Numbers{0, 1});
}
