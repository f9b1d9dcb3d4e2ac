// SPDX-License-Identifier: Apache-2.0
// Steps of growing rate, and what their losses tell.
#include "nn/train/range_test.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "nn/mode.h"
#include "nn/train/batches.h"
#include "nn/train/guarded_step.h"
#include "nn/train/training_checks.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr double memory = 0.9;       // of the mean of the last losses
constexpr double width = 0.04;       // of the smoothing, of the steps
constexpr double least_fall = 0.95;  // of the first loss

// Weighted by a bell curve around each; at the ends, the mean of the same number on both sides.
void smooth(std::vector<RangeTestPoint>& points, double deviation) {
  const auto size = static_cast<int64_t>(points.size());
  for (int64_t i = 0; i < size; ++i) {
    const int64_t reach = std::min({static_cast<int64_t>(3 * deviation), i, size - 1 - i});
    double sum = 0, weights = 0;
    for (int64_t j = i - reach; j <= i + reach; ++j) {
      const double distance = static_cast<double>(j - i) / deviation;
      const double weight = std::exp(-0.5 * distance * distance);
      sum += weight * points[static_cast<size_t>(j)].loss;
      weights += weight;
    }
    points[static_cast<size_t>(i)].smoothed = sum / weights;
  }
}

// The mean of the losses, where each step counts for less the longer ago it is; unbiased from the first one on.
class RecentMean {
 public:
  double operator()(double loss) {
    sum_ = memory * sum_ + (1 - memory) * loss;
    weight_ = memory * weight_ + (1 - memory);
    return sum_ / weight_;
  }

 private:
  double sum_ = 0, weight_ = 0;
};

}  // namespace

RangeTest range_test(TrainingTask& task, ParameterStore& store, Optimizer& optimizer, const TrainingOptions& given,
                     const RangeTestOptions& range, const std::function<void(const RangeTestPoint&)>& progress) {
  check(range.start_rate > 0 && range.start_rate < range.end_rate && std::isfinite(range.end_rate) && range.steps > 1 &&
            range.stop_factor > 1,
        "range test: from {} to {} in {} steps, until the loss is {} times the least", range.start_rate, range.end_rate,
        range.steps, range.stop_factor);
  check_options(given);
  check(&optimizer.store() == &store, "range test: the optimizer is of another store");
  check(!store.trained().empty(), "range test: every parameter is frozen");
  const std::span<const int64_t> lengths = task.lengths();
  check(steps_per_epoch(static_cast<int64_t>(lengths.size()), given.batches) > 0,
        "range test: {} examples do not fill one step", lengths.size());
  TrainingOptions options = given;
  options.skip_nonfinite_steps = true;  // what is looked for is where that happens
  store.mode().random = RandomStreams(options.seed);

  GuardedStep step(task, store, optimizer, options);
  RangeTest test;
  RecentMean mean;
  double least = 0;
  for (int64_t epoch = 0, done = 0; done < range.steps && !test.diverged; ++epoch) {
    task.begin_epoch(epoch);
    const std::vector<StepBatch> steps = epoch_steps(lengths, options.batches, options.seed, epoch);
    task.expect(examples_of(steps));
    for (const StepBatch& batch : steps) {
      if (done == range.steps || test.diverged) break;
      const double share = static_cast<double>(done) / static_cast<double>(range.steps - 1);
      const double rate = range.start_rate * std::pow(range.end_rate / range.start_rate, share);
      step.compute(batch, ++done);
      step.update(rate);
      const GuardedStep::Outcome outcome = *step.finish();
      if (outcome.left_out && done == 1)
        fail("the loss of the first step is {}, its gradient norm {}: there is nothing to learn from", outcome.loss,
             outcome.norm);
      test.diverged = outcome.left_out;
      if (outcome.left_out) break;
      test.points.push_back({rate, outcome.loss, outcome.loss});
      const double recent = mean(outcome.loss);
      least = done == 1 ? recent : std::min(least, recent);
      test.diverged = done < range.steps && recent > range.stop_factor * least;
      if (progress) progress(test.points.back());
    }
  }
  store.mode().training = false;
  smooth(test.points, std::max(1.0, width * static_cast<double>(range.steps)));
  return test;
}

std::optional<SuggestedRates> suggested_rates(const RangeTest& test) {
  const std::vector<RangeTestPoint>& points = test.points;
  if (points.size() < 3) return {};
  const auto lowest = std::ranges::min_element(points, {}, &RangeTestPoint::smoothed);
  if (!(lowest->smoothed < least_fall * points.front().smoothed)) return {};
  SuggestedRates rates{.steepest = 0, .minimum = lowest->rate, .below_minimum = lowest->rate / 10};
  double steepest = 0;
  for (auto p = points.begin() + 1; p < lowest; ++p) {
    const double slope = ((p + 1)->smoothed - (p - 1)->smoothed) / std::log((p + 1)->rate / (p - 1)->rate);
    if (slope >= steepest) continue;
    steepest = slope;
    rates.steepest = p->rate;
  }
  if (rates.steepest == 0) rates.steepest = rates.below_minimum;
  return rates;
}

}  // namespace thaw
