// SPDX-License-Identifier: Apache-2.0
// Matrix products against three loops: layouts, batches, epilogues, accumulation, 16-bit inputs.
#include <doctest/doctest.h>

#include <cmath>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

Array product(const Array& a, const Array& b) {
  const int64_t m = a.shape[0], k = a.shape[1], n = b.shape[1];
  Array out({m, n});
  for (int64_t i = 0; i < m; ++i)
    for (int64_t l = 0; l < k; ++l)
      for (int64_t j = 0; j < n; ++j) out(i, j) += a(i, l) * b(l, j);
  return out;
}

Array transposed(const Array& a) {
  Array out({a.shape[1], a.shape[0]});
  for (int64_t i = 0; i < a.shape[0]; ++i)
    for (int64_t j = 0; j < a.shape[1]; ++j) out(j, i) = a(i, j);
  return out;
}

struct Size {
  int64_t m, n, k;
};
const std::vector<Size> sizes{{1, 1, 1},   {3, 5, 7},     {1, 65, 33},  {64, 1, 17},
                              {17, 31, 1}, {33, 129, 65}, {128, 96, 64}};

}  // namespace

TEST_SUITE_BEGIN("primitives");

TEST_CASE("matmul: all transposes, sizes and strides") {
  for (const Setting& s : settings()) {
    for (const Size& size : sizes) {
      CAPTURE(s.name());
      CAPTURE(size.m);
      CAPTURE(size.n);
      CAPTURE(size.k);
      const Array a = random_array({size.m, size.k}, 1), b = random_array({size.k, size.n}, 2), want = product(a, b);
      const double tolerance = s.tolerance(1e-5);
      const Tensor ta = to_tensor(a, s.dtype, s.device), tb = to_tensor(b, s.dtype, s.device);
      const Tensor at = to_tensor(transposed(a), s.dtype, s.device).transpose(),
                   bt = to_tensor(transposed(b), s.dtype, s.device).transpose();
      CHECK(difference(matmul(ta, tb), want) < tolerance);
      CHECK(difference(matmul(at, tb), want) < tolerance);
      CHECK(difference(matmul(ta, bt), want) < tolerance);
      CHECK(difference(matmul(at, bt), want) < tolerance);
      const std::vector<Tensor> beside{tb, tb};
      CHECK(difference(matmul(ta, concat(beside, 1).slice(1, size.n, 2 * size.n)), want) < tolerance);
    }
  }
}

TEST_CASE("matmul: batches broadcast") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array a = random_array({2, 3, 4, 5}, 3), b = random_array({3, 5, 6}, 4);
    Array want({2, 3, 4, 6});
    for (int64_t x = 0; x < 2; ++x)
      for (int64_t y = 0; y < 3; ++y)
        for (int64_t i = 0; i < 4; ++i)
          for (int64_t j = 0; j < 6; ++j)
            for (int64_t l = 0; l < 5; ++l) want(x, y, i, j) += a(x, y, i, l) * b(y, l, j);
    const Tensor ta = to_tensor(a, s.dtype, s.device), tb = to_tensor(b, s.dtype, s.device);
    CHECK(difference(matmul(ta, tb), want) < s.tolerance(1e-5));
    CHECK(difference(matmul(ta, tb.unsqueeze(0)), want) < s.tolerance(1e-5));
    // Heads side by side, as attention has them: [tokens, heads, size] as [heads, tokens, size].
    const Tensor heads = ta.reshape({6, 4, 5}).permute({1, 0, 2});
    const Tensor shared = tb.slice(0, 1, 2).squeeze(0);
    const Tensor got = matmul(heads, shared);
    Array want_heads({4, 6, 6});
    for (int64_t h = 0; h < 4; ++h)
      for (int64_t t = 0; t < 6; ++t)
        for (int64_t j = 0; j < 6; ++j)
          for (int64_t l = 0; l < 5; ++l) want_heads(h, t, j) += a(t / 3, t % 3, h, l) * b(1, l, j);
    CHECK(difference(got, want_heads) < s.tolerance(1e-5));
  }
}

TEST_CASE("matmul: scale, bias, activation and kept pre-activation") {
  for (const Setting& s : settings()) {
    for (const UnaryOp op : {UnaryOp::identity, UnaryOp::relu, UnaryOp::gelu, UnaryOp::tanh}) {
      CAPTURE(s.name());
      CAPTURE(static_cast<int>(op));
      const Array a = random_array({9, 13}, 5), b = random_array({13, 21}, 6), bias = random_array({21}, 7);
      Array before = product(a, b), after = before;
      for (int64_t i = 0; i < 9; ++i)
        for (int64_t j = 0; j < 21; ++j) {
          const double z = before(i, j) = 0.75 * before(i, j) + bias(j);
          after(i, j) = op == UnaryOp::relu   ? std::max(z, 0.0)
                        : op == UnaryOp::gelu ? 0.5 * z * std::erfc(-z / std::sqrt(2.0))
                        : op == UnaryOp::tanh ? std::tanh(z)
                                              : z;
        }
      Tensor kept;
      Matmul options;
      options.scale = 0.75;
      options.bias = to_tensor(bias, s.dtype, s.device);
      options.activation = op;
      options.pre_activation = &kept;
      CHECK(difference(matmul(to_tensor(a, s.dtype, s.device), to_tensor(b, s.dtype, s.device), options), after) <
            s.tolerance(1e-5));
      CHECK(difference(kept, before) < s.tolerance(1e-5));
    }
  }
}

TEST_CASE("matmul: adds into what is there") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Array a = random_array({7, 11}, 8), b = random_array({11, 5}, 9), start = random_array({7, 5}, 10);
    Array want = product(a, b);
    for (size_t i = 0; i < want.values.size(); ++i) want.values[i] = start.values[i] - 0.5 * want.values[i];
    const Tensor out = to_tensor(start, s.dtype, s.device);
    matmul_add_(out, to_tensor(a, s.dtype, s.device), to_tensor(b, s.dtype, s.device), -0.5);
    CHECK(difference(out, want) < s.tolerance(1e-5));
  }
}

TEST_CASE("matmul: nothing to sum leaves the bias") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Tensor a = Tensor::zeros({2, 0}, s.dtype, s.device), b = Tensor::zeros({0, 3}, s.dtype, s.device);
    CHECK(matmul(a, b).to_host<double>() == std::vector<double>(6, 0.0));
    Matmul options;
    options.bias = Tensor::full({3}, 2, s.dtype, s.device);
    CHECK(matmul(a, b, options).to_host<double>() == std::vector<double>(6, 2.0));
    CHECK(matmul(Tensor::zeros({0, 4}, s.dtype, s.device), Tensor::zeros({4, 3}, s.dtype, s.device)).numel() == 0);
  }
}

TEST_CASE("matmul: 16-bit inputs give f32") {
  for (const Setting& s : settings()) {
    for (const DType dtype : {DType::bf16, DType::f16}) {
      if (!s.device.backend().supports(dtype)) continue;
      CAPTURE(s.name());
      CAPTURE(name_of(dtype));
      const Tensor a = to_tensor(random_array({19, 37}, 11), s.dtype, s.device).to(dtype),
                   b = to_tensor(random_array({37, 23}, 12), s.dtype, s.device).to(dtype);
      const Tensor got = matmul(a, b);
      CHECK(got.dtype() == DType::f32);
      CHECK(difference(got, product(to_array(a), to_array(b))) < 1e-5);
    }
  }
}

TEST_CASE("matmul: mistakes are named") {
  const Device device = Device::from_environment();
  const Tensor a = Tensor::zeros({2, 3}, DType::f32, device);
  CHECK_THROWS_WITH_AS(matmul(a, a), "matmul: [2, 3] times [2, 3]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(linear(a, Tensor::zeros({4, 5}, DType::f32, device)),
                       "linear: input [2, 3] does not fit weight [4, 5]", std::invalid_argument);
}

TEST_SUITE_END();
