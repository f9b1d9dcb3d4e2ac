// SPDX-License-Identifier: Apache-2.0
// A range test on a small task, and what is read from its curve.
#include "nn/train/range_test.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/optim/sgd.h"
#include "tests/error_of.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

TrainingOptions small_options() {
  TrainingOptions o;
  o.progress = nullptr;
  o.batches.batch_size = 6;  // 8 steps an epoch
  return o;
}

struct Lab {
  Lab() : store(Device::from_environment(), DType::f32, 1), task(store, 48, 0.1) {}
  RangeTest operator()(const RangeTestOptions& range, const TrainingOptions& options = small_options()) {
    Sgd optimizer(store);
    return range_test(task, store, optimizer, options, range);
  }
  ParameterStore store;
  SmallTask task;
};

// A test whose loss over the step is f, at rates 1e-5, 1e-4, ... with ten steps each.
template <typename F>
RangeTest curve(int steps, F f) {
  RangeTest test;
  for (int i = 0; i < steps; ++i) test.points.push_back({std::pow(10.0, i / 10.0 - 5), f(i), f(i)});
  return test;
}

}  // namespace

TEST_CASE("range test: the rate grows by one factor, the loss falls and is lost") {
  Lab lab;
  const RangeTest test = lab({.start_rate = 1e-4, .end_rate = 1e4, .steps = 80});
  CHECK(test.diverged);
  REQUIRE(test.points.size() > 10);
  CHECK(test.points.size() < 80);
  CHECK(test.points[0].rate == doctest::Approx(1e-4));
  for (size_t i = 1; i < test.points.size(); ++i)
    CHECK(test.points[i].rate / test.points[i - 1].rate == doctest::Approx(std::pow(1e8, 1 / 79.0)));
  const std::optional<SuggestedRates> rates = suggested_rates(test);
  REQUIRE(rates);
  CHECK(rates->steepest < rates->minimum);

  // What it suggests learns.
  const ScratchFolder dir;
  Lab other;
  TrainingOptions options = small_options();
  options.output_dir = dir.path() / "run";
  options.num_train_epochs = 20;
  options.learning_rate = rates->steepest;
  Sgd optimizer(other.store);
  const TrainingResult result = train(other.task, other.store, optimizer, options);
  CHECK(result.best.at("accuracy") > 0.8);
}

TEST_CASE("range test: it ends after its steps, in as many epochs as that takes, the same twice") {
  const RangeTestOptions range{.start_rate = 1e-6, .end_rate = 1e-3, .steps = 20};
  Lab lab;
  std::vector<double> losses;
  const RangeTest test = lab(range);
  CHECK_FALSE(test.diverged);
  CHECK(test.points.size() == 20);
  CHECK(test.points.back().rate == doctest::Approx(1e-3));
  const RangeTest again = Lab()(range);
  for (size_t i = 0; i < 20; ++i) CHECK(again.points[i].loss == test.points[i].loss);
  CHECK_FALSE(lab.store.mode().training);
  CHECK(lab.task.evaluations == 0);
  CHECK(lab.task.saves == 0);
}

TEST_CASE("range test: a loss that is not finite ends it; none at all is an error") {
  Lab lab;
  lab.task.poisoned_call = 7;
  const RangeTest test = lab({.start_rate = 1e-6, .end_rate = 1e-3, .steps = 20});
  CHECK(test.diverged);
  CHECK(test.points.size() == 7);
  for (const RangeTestPoint& point : test.points) CHECK(std::isfinite(point.smoothed));
  lab.task.poisoned_call = 0;
  lab.task.calls = 0;
  CHECK(error_of<std::runtime_error>([&] { lab({.steps = 20}); }).find("there is nothing to learn from") !=
        std::string::npos);
}

TEST_CASE("range test: what cannot be tested is refused") {
  Lab lab;
  for (const RangeTestOptions& range : std::vector<RangeTestOptions>{
           {.start_rate = 0}, {.start_rate = 20}, {.end_rate = std::numeric_limits<double>::infinity()}, {.steps = 1}})
    CHECK(error_of([&] { lab(range); }).starts_with("range test: from "));
  TrainingOptions options = small_options();
  options.warmup_ratio = 2;
  CHECK(error_of([&] { lab({}, options); }).starts_with("warmup_ratio 2"));
  FreezeMask::all_frozen().apply(lab.store);
  CHECK(error_of([&] { lab({}); }) == "range test: every parameter is frozen");
}

TEST_CASE("range test: what is suggested lies where the curve says") {
  // Falls about step 25 (1e-2.5), least at step 40 (1e-1), grows then.
  const auto rates = suggested_rates(curve(
      50, [](int i) { return 2 / (1 + std::exp((i - 25) / 2.0)) + (i > 40 ? 0.1 * (i - 40) : 0.001 * (40 - i)); }));
  REQUIRE(rates);
  CHECK(rates->steepest == doctest::Approx(std::pow(10.0, -2.5)));
  CHECK(rates->minimum == doctest::Approx(0.1));
  CHECK(rates->below_minimum == doctest::Approx(0.01));
  CHECK_FALSE(suggested_rates(curve(50, [](int) { return 2.0; })));
  CHECK_FALSE(suggested_rates(curve(50, [](int i) { return 2.0 + i; })));
  CHECK_FALSE(suggested_rates(curve(50, [](int i) { return i < 40 ? 2 - 0.001 * i : 5.0; })));
  CHECK_FALSE(suggested_rates({}));
}
