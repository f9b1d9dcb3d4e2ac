// SPDX-License-Identifier: Apache-2.0
// Arithmetic as it is written, the questions a variable answers, and functions where their arguments are special.
#include "autograd/operators.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <vector>

using namespace thaw;

namespace {

using Floats = std::vector<float>;
constexpr float infinite = std::numeric_limits<float>::infinity();

Device device() { return Device::from_environment(); }
Tensor numbers(const Floats& values) {
  return Tensor::from_host(values, {static_cast<int64_t>(values.size())}, device());
}
Variable leaf(const Floats& values) { return Variable::leaf(numbers(values)); }
Floats values(const Variable& x) { return x.value().to_host<float>(); }
Floats gradient(const Variable& x) { return x.grad().to_host<float>(); }

}  // namespace

TEST_CASE("operators: between variables, and with numbers on either side") {
  const Variable a = leaf({1, 2}), b = leaf({4, 8});
  CHECK(values(a + b) == Floats{5, 10});
  CHECK(values(a - b) == Floats{-3, -6});
  CHECK(values(a * b) == Floats{4, 16});
  CHECK(values(b / a) == Floats{4, 4});
  CHECK(values(-a) == Floats{-1, -2});
  CHECK(values(a + 1) == Floats{2, 3});
  CHECK(values(a - 1.5) == Floats{-0.5, 0.5});
  CHECK(values(a * 2) == Floats{2, 4});
  CHECK(values(a / 4) == Floats{0.25, 0.5});
  CHECK(values(1 + a) == Floats{2, 3});
  CHECK(values(1 - a) == Floats{0, -1});
  CHECK(values(2.0f * a) == Floats{2, 4});
  CHECK(values(8 / b) == Floats{2, 1});
}

TEST_CASE("operators: tensors take part") {
  const Tensor t = numbers({1, 2});
  CHECK(values(t + t) == Floats{2, 4});
  CHECK(values(2 * t - 1) == Floats{1, 3});
}

TEST_CASE("operators: gradients, also of a broadcast input") {
  const Variable a = leaf({1, 2}), b = leaf({4}), c = leaf({2, 4});
  const Variable loss = sum_all((a * b - c) / 2 + 1 / c + 3 * (1 - a));
  backward(loss);
  CHECK(gradient(a) == Floats{-1, -1});
  CHECK(gradient(b) == Floats{1.5});
  CHECK(gradient(c) == Floats{-0.75, -0.5625});
}

TEST_CASE("operators: compound assignment makes a new variable and leaves the old one's memory") {
  const Variable a = leaf({1, 2});
  Variable x = a;
  x += a;
  x *= 3;
  x -= 1;
  x /= a;
  x -= leaf({0, 0.5});
  x += 2;
  x *= a;
  x /= 2;
  CHECK(values(a) == Floats{1, 2});
  CHECK(values(x) == Floats{3.5, 7});  // ((6 a - 1) / a - c + 2) a / 2
  backward(sum_all(x));
  CHECK(gradient(a) == Floats{4, 3.75});
}

TEST_CASE("variable: answers as its tensor does") {
  const Variable x = leaf({1, 2, 3});
  CHECK(x.dtype() == DType::f32);
  CHECK(x.device() == device());
  CHECK(x.rank() == 1);
  CHECK(x.numel() == 3);
  CHECK(sum_all(x).item() == 6);
  CHECK(sum_all(x).item<double>() == 6);
  CHECK_THROWS_WITH_AS(x.item(), "item: [3] has not one element", std::invalid_argument);
  std::ostringstream text;
  text << x;
  CHECK(text.str() == x.value().to_string());
  CHECK(fmt::format("{}", x) == x.value().to_string());
}

TEST_CASE("pow: of negative numbers and 0, and its gradient there") {
  const auto power = [](const Floats& x, double exponent) { return values(pow(leaf(x), exponent)); };
  const auto close = [](const Floats& got, const Floats& wanted) {
    REQUIRE(got.size() == wanted.size());
    for (size_t i = 0; i < got.size(); ++i)
      CHECK((got[i] == wanted[i] || got[i] == doctest::Approx(wanted[i]).epsilon(1e-6)));
  };
  close(power({-2, 0, 2}, 3), {-8, 0, 8});
  close(power({-2, 0, 2}, 2), {4, 0, 4});
  close(power({-2, 0, 2}, 4), {16, 0, 16});
  close(power({-2, 0, 2}, 1), {-2, 0, 2});
  close(power({-2, 0, 2}, 0), {1, 1, 1});
  close(power({-2, 2}, -3), {-0.125, 0.125});
  close(power({-2, 0, 4}, -2), {0.25, infinite, 0.0625});
  close(power({0, 4}, 0.5), {0, 2});
  close(power({0, 4}, 2.5), {0, 32});
  CHECK(std::isnan(power({-1}, 2.5)[0]));

  const auto slope = [](const Floats& x, double exponent) {
    const Variable v = leaf(x);
    backward(sum_all(pow(v, exponent)));
    return gradient(v);
  };
  close(slope({-2, 0, 2}, 3), {12, 0, 12});
  close(slope({-2, 0, 2}, 2), {-4, 0, 4});
  close(slope({-2, 0, 2}, 1), {1, 1, 1});
  close(slope({-2, 0, 2}, 0), {0, 0, 0});
  close(slope({-2, 0, 2}, 4), {-32, 0, 32});
  close(slope({0, 4}, 1.5), {0, 3});
  close(slope({0, 4}, 0.5), {infinite, 0.25});
  close(slope({-2, 2}, -1), {-0.25, -0.25});
}

TEST_CASE("clamp: bounds in the wrong order are an error") {
  CHECK(values(clamp(leaf({-3, 0.5, 3}), -1, 1)) == Floats{-1, 0.5, 1});
  CHECK_THROWS_WITH_AS(clamp(leaf({1}), 2, 1), "clamp: 2 is above 1", std::invalid_argument);
}

TEST_CASE("mean_segments: the mean of each sequence's rows, zeros of an empty one") {
  const Variable x = Variable::leaf(Tensor::from_host(Floats{1, 2, 3, 4, 5, 7}, {3, 2}, device()));
  const Segments segments({2, 0, 1}, device());
  const Variable y = mean_segments(x, segments);
  CHECK(y.shape() == Shape{3, 2});
  CHECK(values(y) == Floats{2, 3, 0, 0, 5, 7});
  backward(sum_all(y * Tensor::from_host(Floats{1, 2, 3, 4, 5, 6}, {3, 2}, device())));
  CHECK(gradient(x) == Floats{0.5, 1, 0.5, 1, 5, 6});
  CHECK_THROWS_WITH_AS(mean_segments(x, Segments({2}, device())), "mean_segments: [3, 2] for segments of 2 tokens",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(mean_segments(x, {}), "mean_segments: [3, 2] for undefined segments", std::invalid_argument);
}

TEST_CASE("stack: shapes that differ are an error") {
  CHECK(values(stack({leaf({1, 2}), leaf({3, 4})}, -1)) == Floats{1, 3, 2, 4});
  CHECK_THROWS_WITH_AS(stack({leaf({1, 2}), leaf({3})}), "stack: [1] beside [2]", std::invalid_argument);
  CHECK_THROWS_AS(stack({}), std::invalid_argument);
}
