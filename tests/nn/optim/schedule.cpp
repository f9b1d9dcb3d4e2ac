// SPDX-License-Identifier: Apache-2.0
// Schedules against the reference library's, step by step.
#include "nn/optim/schedule.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "tensor/json.h"
#include "tests/goldens.h"

using namespace thaw;

TEST_CASE("schedules: the reference library's rates") {
  if (!has_golden("pieces")) return;
  const Json golden = Json::read((golden_dir() / "pieces" / "schedules.json").string()).at("schedules");
  for (const JsonMember& member : golden.get_object("values").members()) {
    CAPTURE(member.key);
    const Schedule schedule =
        make_schedule(member.key, golden.get_number("base_lr"), golden.get_int("warmup"), golden.get_int("total"));
    for (size_t t = 0; t < member.value.size(); ++t) {
      CAPTURE(t);
      CHECK(std::abs(schedule(static_cast<int64_t>(t)) - member.value.get_number(t)) < 1e-15);
    }
  }
}

TEST_CASE("schedules: without warm-up the first step has the full rate") {
  for (const char* name : {"constant", "linear", "cosine", "cosine_restarts", "inverse_sqrt", "polynomial"}) {
    CAPTURE(name);
    CHECK(make_schedule(name, 0.5, 0, 10)(0) == 0.5);
    CHECK(make_schedule(name, 0.5, 4, 10)(0) == 0);
    CHECK(make_schedule(name, 0.5, 4, 10)(4) == 0.5);
  }
  CHECK(make_schedule("linear", 0.5, 10, 10)(10) == 0);
}

TEST_CASE("schedules: an unknown name is an error that lists the known ones") {
  CHECK_THROWS_WITH_AS(
      make_schedule("liner", 1, 0, 1),
      "schedule: \"liner\" is not known; there are constant, linear, cosine, cosine_restarts, inverse_sqrt, polynomial",
      std::invalid_argument);
  CHECK_THROWS_AS(make_schedule("linear", 1, -1, 1), std::invalid_argument);
}
