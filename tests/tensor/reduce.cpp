// SPDX-License-Identifier: Apache-2.0
// Sums, maxima, minima, argmax and softmax against plain loops.
#include <doctest/doctest.h>

#include <cmath>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

// The reduction of x [A, B, C] over the axes that are set, keeping them with size 1.
Array plain(ReduceOp op, const Array& x, bool over_a, bool over_b, bool over_c) {
  const int64_t a = x.shape[0], b = x.shape[1], c = x.shape[2];
  const double start = op == ReduceOp::sum ? 0 : op == ReduceOp::max ? -INFINITY : INFINITY;
  Array out({over_a ? 1 : a, over_b ? 1 : b, over_c ? 1 : c}, start);
  for (int64_t i = 0; i < a; ++i)
    for (int64_t j = 0; j < b; ++j)
      for (int64_t k = 0; k < c; ++k) {
        double& to = out(over_a ? 0 : i, over_b ? 0 : j, over_c ? 0 : k);
        const double value = x(i, j, k);
        to = op == ReduceOp::sum ? to + value : op == ReduceOp::max ? std::max(to, value) : std::min(to, value);
      }
  return out;
}

}  // namespace

TEST_SUITE_BEGIN("primitives");

TEST_CASE("reduce: every set of axes") {
  for (const Setting& s : settings()) {
    for (const Shape& shape : {Shape{3, 5, 7}, Shape{1, 9, 1}, Shape{2, 33, 65}, Shape{257, 1, 3}}) {
      const Array x = random_array(shape, 1);
      const Tensor t = to_tensor(x, s.dtype, s.device);
      for (unsigned axes = 1; axes < 8; ++axes) {
        CAPTURE(s.name());
        CAPTURE(shape.to_string());
        CAPTURE(axes);
        std::vector<int> list;
        for (int i = 0; i < 3; ++i)
          if (axes >> i & 1) list.push_back(i);
        for (const ReduceOp op : {ReduceOp::sum, ReduceOp::max, ReduceOp::min})
          CHECK(difference(reduce(op, t, list, true), plain(op, x, axes & 1, axes & 2, axes & 4)) < s.tolerance(1e-5));
      }
    }
  }
}

TEST_CASE("reduce: strided inputs, scale and accumulation") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array x = random_array({4, 6, 5}, 2);
    const Tensor t = to_tensor(x, s.dtype, s.device).permute({2, 0, 1});  // [5, 4, 6]
    Array want({5, 4});
    for (int64_t i = 0; i < 5; ++i)
      for (int64_t j = 0; j < 4; ++j)
        for (int64_t k = 0; k < 6; ++k) want(i, j) += 0.5 * x(j, k, i);
    CHECK(difference(reduce(ReduceOp::sum, t, std::vector<int>{2}, false, 0.5), want) < s.tolerance(1e-6));
    const Tensor out = Tensor::full({5, 4, 1}, 10, s.dtype, s.device);
    s.device.backend().reduce(ReduceOp::sum, out.view(), t.view(), 0.5f, true);
    for (double& v : want.values) v += 10;
    CHECK(difference(out.squeeze(2), want) < s.tolerance(1e-6));
    Array rows({6});
    for (int64_t i = 0; i < 5; ++i)
      for (int64_t j = 0; j < 4; ++j)
        for (int64_t k = 0; k < 6; ++k) rows(k) += x(j, k, i);
    CHECK(difference(sum_rows(t), rows) < s.tolerance(1e-5));
  }
}

TEST_CASE("reduce: nothing to sum") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Tensor empty = Tensor::zeros({3, 0}, s.dtype, s.device);
    CHECK(sum(empty, {1}).to_host<double>() == std::vector<double>{0, 0, 0});
    CHECK(reduce(ReduceOp::max, empty, std::vector<int>{1}).to_host<double>() ==
          std::vector<double>{-INFINITY, -INFINITY, -INFINITY});
    CHECK(reduce(ReduceOp::min, empty, std::vector<int>{1}).to_host<double>() ==
          std::vector<double>{INFINITY, INFINITY, INFINITY});
    CHECK(sum_all(empty).item<double>() == 0);
    CHECK(sum(empty, {0}).numel() == 0);
    CHECK(sum_squares(std::vector<Tensor>{empty}).item<double>() == 0);
  }
}

TEST_CASE("reduce: a large sum keeps its accuracy") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array x = random_array({100003}, 3, 0, 1);
    double want = 0;
    for (const double v : x.values) want += v;
    CHECK(std::fabs(sum_all(to_tensor(x, s.dtype, s.device)).item<double>() - want) < s.tolerance(1e-6) * want * 10);
  }
}

TEST_CASE("reduce: sums down to a broadcast shape") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array x = random_array({3, 5, 7}, 4);
    const Tensor t = to_tensor(x, s.dtype, s.device);
    CHECK(difference(sum_to(t, {3, 1, 7}), plain(ReduceOp::sum, x, false, true, false)) < s.tolerance(1e-6));
    const Array last = plain(ReduceOp::sum, x, true, true, false);
    CHECK(difference(sum_to(t, {7}), Array({7}, last.values)) < s.tolerance(1e-5));
    const Array middle = plain(ReduceOp::sum, x, true, false, true);
    CHECK(difference(sum_to(t, {5, 1}), Array({5, 1}, middle.values)) < s.tolerance(1e-5));
    CHECK(sum_to(t, {3, 5, 7}).same_view(t));
  }
}

TEST_CASE("reduce: argmax takes the first of equals") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array x({3, 4}, {1, 3, 3, 2, -5, -7, -5, -9, 0, 4, 0, 0});
    CHECK(argmax(to_tensor(x, s.dtype, s.device)).to_host<int32_t>() == std::vector<int32_t>{1, 0, 1});
    CHECK(argmax(to_tensor(x, s.dtype, s.device).transpose()).to_host<int32_t>() == std::vector<int32_t>{0, 2, 0, 0});
    const Array wide = random_array({5, 1025}, 5);
    std::vector<int32_t> want;
    for (int64_t i = 0; i < 5; ++i) {
      int64_t best = 0;
      for (int64_t j = 1; j < 1025; ++j)
        if (wide(i, j) > wide(i, best)) best = j;
      want.push_back(static_cast<int32_t>(best));
    }
    CHECK(argmax(to_tensor(wide, s.dtype, s.device)).to_host<int32_t>() == want);
  }
}

TEST_CASE("softmax: values and gradient") {
  for (const Setting& s : settings()) {
    for (const Shape& shape : {Shape{1, 1}, Shape{5, 3}, Shape{3, 129}, Shape{7, 1030}}) {
      CAPTURE(s.name());
      CAPTURE(shape.to_string());
      const Array x = random_array(shape, 6, -30, 30), dy = random_array(shape, 7);
      Array y(shape), dx(shape);
      for (int64_t i = 0; i < shape[0]; ++i) {
        double largest = -INFINITY, total = 0, dot = 0;
        for (int64_t j = 0; j < shape[1]; ++j) largest = std::max(largest, x(i, j));
        for (int64_t j = 0; j < shape[1]; ++j) total += y(i, j) = std::exp(x(i, j) - largest);
        for (int64_t j = 0; j < shape[1]; ++j) dot += (y(i, j) /= total) * dy(i, j);
        for (int64_t j = 0; j < shape[1]; ++j) dx(i, j) = y(i, j) * (dy(i, j) - dot);
      }
      CHECK(difference(softmax(to_tensor(x, s.dtype, s.device)), y) < s.tolerance(1e-6));
      CHECK(difference(softmax_backward(to_tensor(dy, s.dtype, s.device), to_tensor(y, s.dtype, s.device)), dx) <
            s.tolerance(1e-6));
    }
  }
}

TEST_SUITE_END();
