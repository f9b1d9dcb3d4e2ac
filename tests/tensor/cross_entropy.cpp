// SPDX-License-Identifier: Apache-2.0
// Cross-entropy and its gradient against plain loops.
#include <doctest/doctest.h>

#include <cmath>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

void check_case(const Setting& s, int64_t rows, int64_t classes, double smoothing) {
  CAPTURE(s.name());
  CAPTURE(rows);
  CAPTURE(classes);
  CAPTURE(smoothing);
  const Array logits = random_array({rows, classes}, 1, -8, 8), dlosses = random_array({rows}, 2);
  std::vector<int32_t> targets;
  for (int64_t t = 0; t < rows; ++t) targets.push_back(t % 4 == 3 ? -100 : static_cast<int32_t>((t * 7919) % classes));
  Array losses({rows}), lse({rows}), dlogits({rows, classes});
  for (int64_t t = 0; t < rows; ++t) {
    const int32_t target = targets[static_cast<size_t>(t)];
    double total = 0, mean = 0;
    for (int64_t v = 0; v < classes; ++v) total += std::exp(logits(t, v));
    lse(t) = std::log(total);
    for (int64_t v = 0; v < classes; ++v) mean += (logits(t, v) - lse(t)) / static_cast<double>(classes);
    if (target == -100) continue;
    losses(t) = -(1 - smoothing) * (logits(t, target) - lse(t)) - smoothing * mean;
    for (int64_t v = 0; v < classes; ++v)
      dlogits(t, v) = dlosses(t) * (std::exp(logits(t, v) - lse(t)) - (1 - smoothing) * (v == target ? 1 : 0) -
                                    smoothing / static_cast<double>(classes));
  }
  const Tensor x = to_tensor(logits, s.dtype, s.device), d = to_tensor(dlosses, s.dtype, s.device);
  const Indices labels(targets, s.device);
  const CrossEntropy options{-100, smoothing};
  const CrossEntropyResult got = cross_entropy(x, labels, options, true);
  CHECK(difference(got.losses, losses) < s.tolerance(5e-6));
  CHECK(difference(got.lse, lse) < s.tolerance(2e-6));
  CHECK_FALSE(cross_entropy(x, labels, options, false).lse.defined());
  CHECK(difference(cross_entropy_backward(d, x, got.lse, labels, options), dlogits) < s.tolerance(2e-6));
  // In place, and from one number for all rows.
  CrossEntropyBackwardArgs args;
  const Tensor own = x.clone(), one = Tensor::full({1}, 1, s.dtype, s.device).expand({rows});
  args.dlogits = args.logits = own.view();
  args.lse = got.lse.view();
  args.targets = labels.view();
  args.dlosses = one.view();
  args.smoothing = static_cast<float>(smoothing);
  s.device.backend().cross_entropy_backward(args);
  for (int64_t t = 0; t < rows; ++t)
    for (int64_t v = 0; v < classes; ++v) dlogits(t, v) /= dlosses(t);
  CHECK(difference(own, dlogits) < s.tolerance(2e-6) * 10);
}

}  // namespace

TEST_CASE("cross-entropy: losses and gradients") {
  for (const Setting& s : settings())
    for (const double smoothing : {0.0, 0.125}) {
      check_case(s, 1, 2, smoothing);
      check_case(s, 9, 3, smoothing);
      check_case(s, 5, 1023, smoothing);
      check_case(s, 4, 4099, smoothing);
    }
}

TEST_CASE("cross-entropy: a logit of minus infinity away from the target") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array logits({1, 3}, {0, -INFINITY, 0});
    const Indices target({2}, s.device);
    const CrossEntropyResult got = cross_entropy(to_tensor(logits, s.dtype, s.device), target, {}, true);
    CHECK(std::fabs(got.losses.item<double>() - std::log(2.0)) < 1e-6);
    const Tensor g = cross_entropy_backward(Tensor::full({1}, 1, s.dtype, s.device),
                                            to_tensor(logits, s.dtype, s.device), got.lse, target, {});
    CHECK(difference(g, Array({1, 3}, {0.5, 0, -0.5})) < 1e-6);
  }
}

TEST_CASE("cross-entropy: mistakes are named") {
  const Device device = Device::from_environment();
  const Tensor logits = Tensor::zeros({2, 3}, DType::f32, device);
  CHECK_THROWS_WITH_AS(cross_entropy(logits, Indices({0, 3}, device), {}, false),
                       "cross_entropy: target 3 of row 1 is not in [0, 3)", std::invalid_argument);
  CHECK_THROWS_WITH_AS(cross_entropy(logits, Indices({0}, device), {}, false),
                       "cross_entropy: logits [2, 3] for 1 targets", std::invalid_argument);
}
