// SPDX-License-Identifier: Apache-2.0
// The loss over a vocabulary in chunks: the numbers of linear and cross_entropy, in the memory of a chunk.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "tensor/backend.h"
#include "tensor/counters.h"

using namespace thaw;

namespace {

using Floats = std::vector<float>;

Device device() { return Device::from_environment(); }
MemoryStats& memory() { return device().backend().memory(); }
int64_t live_bytes() { return static_cast<int64_t>(memory().live_bytes); }

Tensor numbers(const Shape& shape, uint64_t stream) {
  return affine(uniform(shape, {3, stream}, DType::f32, device()), 2, -1);
}

Indices targets_of(int64_t rows, int64_t classes, int64_t ignore_each = 5) {
  std::vector<int32_t> targets;
  for (int64_t t = 0; t < rows; ++t)
    targets.push_back(t % ignore_each == 1 ? -100 : static_cast<int32_t>(t * 7919 % classes));
  return {targets, device()};
}

void check_near(const Tensor& got, const Tensor& wanted) {
  REQUIRE(got.shape() == wanted.shape());
  const Floats a = got.to_host<float>(), b = wanted.to_host<float>();
  for (size_t i = 0; i < a.size(); ++i) CHECK(a[i] == doctest::Approx(b[i]).epsilon(2e-5).scale(0.1));
}

constexpr int64_t rows = 48, channels = 16, classes = 300, row_bytes = 4 * classes;

// A chunk of 16 rows.
const LinearCrossEntropy in_chunks{.chunk_bytes = 16 * row_bytes};

}  // namespace

TEST_CASE("linear_cross_entropy: the loss and gradients of linear and cross_entropy") {
  const Indices targets = targets_of(rows, classes);
  for (const bool in_out : {false, true})
    for (const double count : {0.0, 7.0}) {
      const auto leaves = [&] {
        return std::vector{Variable::leaf(numbers({rows, channels}, 1)),
                           Variable::leaf(in_out ? numbers({channels, classes}, 2) : numbers({classes, channels}, 2)),
                           Variable::leaf(numbers({classes}, 3))};
      };
      const auto a = leaves(), b = leaves();
      LinearCrossEntropy options = in_chunks;
      options.in_out = in_out;
      options.loss.smoothing = 0.1;
      options.scale = 0.25;
      const Variable got = linear_cross_entropy(a[0], a[1], a[2], targets, options, count);
      const Variable x = scale(b[0], 0.25);
      const Variable wanted =
          cross_entropy(in_out ? linear_in_out(x, b[1], b[2]) : linear(x, b[1], b[2]), targets, options.loss, count);
      check_near(got.value(), wanted.value());
      // Not the loss itself is walked back from, and a gradient that is there is added to.
      for (int walk = 0; walk < 2; ++walk) {
        backward(scale(walk ? linear_cross_entropy(a[0], a[1], a[2], targets, options, count) : got, 3));
        backward(scale(walk ? cross_entropy(in_out ? linear_in_out(scale(b[0], 0.25), b[1], b[2])
                                                   : linear(scale(b[0], 0.25), b[1], b[2]),
                                            targets, options.loss, count)
                            : wanted,
                       3));
      }
      for (size_t i = 0; i < a.size(); ++i) check_near(a[i].grad(), b[i].grad());
    }
}

TEST_CASE("linear_cross_entropy: a weight of which some rows are trained, tied to the embeddings") {
  const Indices targets = targets_of(rows, classes);
  std::vector<int32_t> numbers_of_words;
  for (int32_t t = 0; t < rows; ++t) numbers_of_words.push_back(t * 17 % classes);
  const Indices ids(numbers_of_words, device());
  const RowRanges trained = RowRanges::parse("0,17:40,211,298:300");
  for (const int64_t bytes : {16 * row_bytes, 4 * rows * row_bytes}) {
    const Tensor value = numbers({classes, channels}, 2);
    const Variable all = Variable::leaf(value), some = Variable::leaf(value, "some", trained);
    for (const Variable& w : {all, some})
      backward(linear_cross_entropy(embedding(w, ids), w, {}, targets, {.chunk_bytes = bytes}));
    check_near(some.grad(), take_ranges(all.grad(), 0, trained));
    // Stored [C, V], its rows are channels.
    const Tensor turned = numbers({channels, classes}, 3), x = numbers({rows, channels}, 1);
    const RowRanges few = RowRanges::parse("0,5:9,15");
    const Variable whole = Variable::leaf(turned), part = Variable::leaf(turned, "part", few);
    for (const Variable& w : {whole, part})
      backward(linear_cross_entropy(x, w, {}, targets, {.in_out = true, .chunk_bytes = bytes}));
    check_near(part.grad(), take_ranges(whole.grad(), 0, few));
  }
}

TEST_CASE("linear_cross_entropy: each row's own loss, in chunks and at once") {
  const Indices targets = targets_of(rows, classes);
  const Variable x = Variable::leaf(numbers({rows, channels}, 1)), w = Variable::leaf(numbers({classes, channels}, 2));
  const CrossEntropy smoothed{.smoothing = 0.1};
  const Floats wanted =
      cross_entropy(matmul(x.value(), w.value().transpose()), targets, smoothed, false).losses.to_host<float>();
  for (const int64_t bytes : {16 * row_bytes, 4 * rows * row_bytes}) {
    Tensor each;
    const Variable sum =
        linear_cross_entropy(x, w, {}, targets, {.loss = smoothed, .scale = 1, .chunk_bytes = bytes}, 1, &each);
    const Floats got = each.to_host<float>();
    REQUIRE(got.size() == wanted.size());
    double all = 0;
    for (size_t i = 0; i < got.size(); ++i) {
      CHECK(got[i] == doctest::Approx(wanted[i]).epsilon(2e-5));
      CHECK((got[i] == 0) == (targets.host()[i] == -100));
      all += static_cast<double>(got[i]);
    }
    CHECK(sum.value().item<double>() == doctest::Approx(all).epsilon(1e-5));
  }
}

TEST_CASE("linear_cross_entropy: beside the gradients no more than a chunk is in memory") {
  if (device() == Device::open("reference")) return;  // its cross-entropy is the default body, which has temporaries
  const Indices targets = targets_of(rows, classes);
  const auto peak = [&](bool x_trained, bool w_trained, bool chunked) {
    const Tensor x_value = numbers({rows, channels}, 1), w_value = numbers({classes, channels}, 2);
    const Variable x = x_trained ? Variable::leaf(x_value) : Variable(x_value);
    const Variable w = w_trained ? Variable::leaf(w_value) : Variable(w_value);
    const int64_t before = live_bytes();
    memory().reset_peak();
    const Variable loss =
        chunked ? linear_cross_entropy(x, w, {}, targets, in_chunks) : cross_entropy(linear(x, w), targets);
    if (loss.tracked()) backward(loss);
    return static_cast<int64_t>(memory().peak_bytes) - before;
  };
  constexpr int64_t chunk = 16 * row_bytes, of_x = 4 * rows * channels, of_w = 4 * classes * channels;
  constexpr int64_t small = 4 * (6 * rows + 8);  // losses, log-sums, targets
  CHECK(peak(true, true, true) <= chunk + 2 * of_x + of_w + small);
  CHECK(peak(true, false, true) <= chunk + 2 * of_x + small);
  CHECK(peak(false, true, true) <= chunk + of_w + small);
  CHECK(peak(false, false, true) <= chunk + small);
  CHECK(peak(true, false, false) >= 2 * rows * row_bytes);
}

TEST_CASE("linear_cross_entropy: a frozen input costs no product and no memory") {
  const Indices targets = targets_of(rows, classes);
  const auto cost = [&](bool x_trained, bool w_trained) {
    const Tensor x_value = numbers({rows, channels}, 1), w_value = numbers({classes, channels}, 2);
    const Variable x = x_trained ? Variable::leaf(x_value) : Variable(x_value);
    const Variable w = w_trained ? Variable::leaf(w_value) : Variable(w_value);
    const int64_t before = live_bytes();
    const uint64_t products = counters().matmuls, slopes = counters().by_name["cross_entropy_backward"];
    const Variable loss = linear_cross_entropy(x, w, {}, targets, in_chunks);
    const int64_t kept = live_bytes() - before - 4;  // but for the loss
    const uint64_t forward = counters().matmuls;
    if (loss.tracked()) backward(loss);
    CHECK(counters().matmuls == forward);
    CHECK(counters().by_name["cross_entropy_backward"] - slopes == (loss.tracked() ? 3 : 0));
    return std::pair(forward - products, kept);
  };
  const auto bytes = [](int64_t count) { return 4 * count; };
  CHECK(cost(true, true) == std::pair<uint64_t, int64_t>(9, bytes(rows * channels + classes * channels)));
  CHECK(cost(true, false) == std::pair<uint64_t, int64_t>(6, bytes(rows * channels)));
  CHECK(cost(false, true) == std::pair<uint64_t, int64_t>(6, bytes(classes * channels)));
  CHECK(cost(false, false) == std::pair<uint64_t, int64_t>(3, 0));
  const NoGrad nothing_recorded;
  CHECK(cost(true, true).second == 0);
}

TEST_CASE("linear_cross_entropy: of a weight trained by rows only those get a gradient") {
  const Indices targets = targets_of(rows, classes);
  for (const bool in_out : {false, true}) {
    const Tensor value = in_out ? numbers({channels, classes}, 2) : numbers({classes, channels}, 2);
    const Variable x(numbers({rows, channels}, 1)), all = Variable::leaf(value),
                                                    some = Variable::leaf(value, "w", {3, 9});
    LinearCrossEntropy options = in_chunks;
    options.in_out = in_out;
    backward(linear_cross_entropy(x, all, {}, targets, options));
    const double flops = counters().flops;
    backward(linear_cross_entropy(x, some, {}, targets, options));
    check_near(some.grad(), all.grad().slice(0, 3, 9));
    const int64_t trained = in_out ? 6 * classes : 6 * channels;
    CHECK(counters().flops - flops == 2.0 * static_cast<double>(rows * (channels * classes + trained)));
  }
}

TEST_CASE("linear_cross_entropy: few rows are taken at once, no rows and no targets give 0") {
  const Variable x = Variable::leaf(numbers({rows, channels}, 1)), w = Variable::leaf(numbers({classes, channels}, 2));
  const uint64_t products = counters().matmuls;
  const Variable loss = linear_cross_entropy(x, w, {}, targets_of(rows, classes));
  CHECK(counters().matmuls - products == 1);
  CHECK(loss.item() == cross_entropy(linear(x, w), targets_of(rows, classes)).item());
  const Variable ignored =
      linear_cross_entropy(x, w, {}, Indices(std::vector<int32_t>(rows, -100), device()), in_chunks);
  CHECK(ignored.item() == 0);
  backward(ignored);
  for (const float slope : w.grad().to_host<float>()) CHECK(slope == 0);
  const Variable empty = Variable::leaf(numbers({0, channels}, 1));
  CHECK(linear_cross_entropy(empty, w, {}, Indices(std::vector<int32_t>{}, device()), in_chunks).item() == 0);
}

TEST_CASE("linear_cross_entropy: what does not fit is refused") {
  const Variable x(numbers({3, 4}, 1)), w(numbers({5, 4}, 2)), b(numbers({5}, 3));
  const auto loss = [&](const Variable& weight, const Variable& bias, std::vector<int32_t> targets) {
    return linear_cross_entropy(x, weight, bias, Indices(std::move(targets), device()), {.chunk_bytes = 1});
  };
  CHECK_THROWS_WITH_AS(loss(b, {}, {0, 1, 2}), "linear_cross_entropy: input [3, 4] does not fit weight [5]",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(loss(w, {}, {0, 1}), "linear_cross_entropy: input [3, 4] for 2 targets", std::invalid_argument);
  CHECK_THROWS_WITH_AS(loss(w, Variable(numbers({4}, 3)), {0, 1, 2}), "linear_cross_entropy: bias [4] for 5 classes",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(loss(w, b, {0, -100, 5}), "linear_cross_entropy: target 5 of row 2 is not in [0, 5)",
                       std::invalid_argument);
  CHECK_THROWS_AS(linear_cross_entropy(x, w, b, Indices({0, 1, 2}, device()), {}, -1), std::invalid_argument);
  CHECK_THROWS_AS(loss({}, {}, {0, 1, 2}), std::invalid_argument);
}
