// SPDX-License-Identifier: Apache-2.0
// Schedules against the reference library's, step by step.
#include "nn/optim/schedule.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "tensor/io/json.h"
#include "tests/goldens.h"

using namespace thaw;

TEST_CASE("schedules: the reference library's rates") {
  if (!has_golden("pieces")) return;
  const Json golden = Json::read((golden_dir() / "pieces" / "schedules.json").string()).at("schedules");
  for (const JsonMember& member : golden.get_object("values").members()) {
    CAPTURE(member.key);
    // What the golden calls so, and the arguments it was made with.
    const std::string name = member.key == "cosine_restarts" ? "cosine_with_restarts" : member.key;
    const ScheduleShape shape{.cycles = 3, .power = 2, .end = 1e-4};
    const Schedule schedule =
        make_schedule(name, golden.get_number("base_lr"), golden.get_int("warmup"), golden.get_int("total"), shape);
    for (size_t t = 0; t < member.value.size(); ++t) {
      CAPTURE(t);
      CHECK(std::abs(schedule(static_cast<int64_t>(t)) - member.value.get_number(t)) < 1e-15);
    }
  }
}

TEST_CASE("schedules: without warm-up the first step has the full rate") {
  for (const std::string& name : schedule_names()) {
    CAPTURE(name);
    CHECK(make_schedule(name, 0.5, 0, 10)(0) == 0.5);
    CHECK(make_schedule(name, 0.5, 4, 10)(0) == 0);
    CHECK(make_schedule(name, 0.5, 4, 10)(4) == 0.5);
  }
  CHECK(make_schedule("linear", 0.5, 10, 10)(10) == 0);
  CHECK(make_schedule("polynomial", 0.5, 0, 10)(10) == 1e-7);
}

TEST_CASE("schedules: an unknown name is an error that lists the known ones") {
  CHECK_THROWS_WITH_AS(
      make_schedule("liner", 1, 0, 1),
      "schedule: \"liner\" is not known; there are linear, cosine, cosine_with_restarts, polynomial, constant, "
      "constant_with_warmup, inverse_sqrt",
      std::invalid_argument);
  CHECK_THROWS_AS(make_schedule("linear", 1, -1, 1), std::invalid_argument);
}
