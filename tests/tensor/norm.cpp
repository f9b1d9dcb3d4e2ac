// SPDX-License-Identifier: Apache-2.0
// Layer norm and RMS norm with dropout and residual, and their gradients, against plain loops.
#include <doctest/doctest.h>

#include <cmath>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

struct Case {
  NormKind kind;
  bool affine, residual;
  float probability;
};

const std::vector<Case> cases{
    {NormKind::layer, true, false, 0}, {NormKind::layer, true, true, 0.25f}, {NormKind::layer, false, true, 0},
    {NormKind::rms, true, false, 0},   {NormKind::rms, true, true, 0.25f},   {NormKind::rms, false, false, 0.5f},
};

struct Plain {
  Array y, s, mean, rstd, dx, ds, dweight, dbias;
};

double kept_factor(const Dropout& dropout, size_t i) {
  const double u = static_cast<double>(random_words(dropout.key, i / 4)[i % 4] >> 8) * 0x1p-24,
               p = static_cast<double>(dropout.probability);
  return u >= p ? 1 / (1 - p) : 0;
}

Plain plain(const Case& c, const Norm& options, const Array& x, const Array& residual, const Array& weight,
            const Array& bias, const Array& dy) {
  const int64_t rows = x.shape[0], channels = x.shape[1];
  const double n = static_cast<double>(channels);
  Plain p{Array(x.shape), Array(x.shape), Array({rows}),     Array({rows}),
          Array(x.shape), Array(x.shape), Array({channels}), Array({channels})};
  for (int64_t t = 0; t < rows; ++t) {
    for (int64_t k = 0; k < channels; ++k)
      p.s(t, k) = x(t, k) * kept_factor(options.dropout, static_cast<size_t>(t * channels + k)) +
                  (c.residual ? residual(t, k) : 0);
    double mean = 0, square = 0, g_mean = 0, gn_mean = 0;
    if (c.kind == NormKind::layer)
      for (int64_t k = 0; k < channels; ++k) mean += p.s(t, k) / n;
    for (int64_t k = 0; k < channels; ++k) square += (p.s(t, k) - mean) * (p.s(t, k) - mean) / n;
    const double rstd = 1 / std::sqrt(square + options.eps);
    p.mean(t) = mean;
    p.rstd(t) = rstd;
    const auto g = [&](int64_t k) { return dy(t, k) * (c.affine ? weight(k) : 1); };
    const auto normal = [&](int64_t k) { return (p.s(t, k) - mean) * rstd; };
    for (int64_t k = 0; k < channels; ++k) {
      p.y(t, k) = normal(k) * (c.affine ? weight(k) : 1) + (c.affine && c.kind == NormKind::layer ? bias(k) : 0);
      g_mean += c.kind == NormKind::layer ? g(k) / n : 0;
      gn_mean += g(k) * normal(k) / n;
      p.dweight(k) += dy(t, k) * normal(k);
      p.dbias(k) += dy(t, k);
    }
    for (int64_t k = 0; k < channels; ++k) {
      p.ds(t, k) = rstd * (g(k) - g_mean - normal(k) * gn_mean);
      p.dx(t, k) = p.ds(t, k) * kept_factor(options.dropout, static_cast<size_t>(t * channels + k));
    }
  }
  return p;
}

void check_case(const Setting& s, const Case& c, const Shape& shape) {
  CAPTURE(s.name());
  CAPTURE(shape.to_string());
  CAPTURE(static_cast<int>(c.kind));
  CAPTURE(c.probability);
  const Norm options{c.kind, 1e-5, {c.probability, {5, 6}}};
  const Array x = random_array(shape, 1, -3, 3), residual = random_array(shape, 2),
              weight = random_array({shape[1]}, 3), bias = random_array({shape[1]}, 4), dy = random_array(shape, 5);
  const Plain want = plain(c, options, x, residual, weight, bias, dy);
  const auto tensor = [&](bool wanted, const Array& a) { return wanted ? to_tensor(a, s.dtype, s.device) : Tensor(); };
  const bool with_bias = c.affine && c.kind == NormKind::layer;
  const Tensor w = tensor(c.affine, weight);
  const NormResult got = norm(tensor(true, x), tensor(c.residual, residual), w, tensor(with_bias, bias), options, true);
  const double tolerance = s.tolerance(3e-5);
  CHECK(difference(got.y, want.y) < tolerance);
  CHECK(difference(got.sum, want.s) < tolerance);
  if (c.kind == NormKind::layer) CHECK(difference(got.mean, want.mean) < tolerance);
  CHECK(difference(got.rstd, want.rstd) < tolerance);
  const NormResult bare =
      norm(tensor(true, x), tensor(c.residual, residual), w, tensor(with_bias, bias), options, false);
  CHECK_FALSE(bare.rstd.defined());
  CHECK(difference(bare.y, want.y) < tolerance);

  const NormGradients g = norm_backward(tensor(true, dy), got, w, options, {true, c.residual, c.affine, with_bias});
  CHECK(difference(g.x, want.dx) < tolerance);
  if (c.residual) CHECK(difference(g.residual, want.ds) < tolerance);
  if (c.affine) CHECK(difference(g.weight, want.dweight) < tolerance);
  if (with_bias) CHECK(difference(g.bias, want.dbias) < tolerance);
  const NormGradients only_weight = norm_backward(tensor(true, dy), got, w, options, {false, false, c.affine, false});
  CHECK_FALSE(only_weight.x.defined());
  if (c.affine) CHECK(to_array(only_weight.weight).values == to_array(g.weight).values);
}

}  // namespace

TEST_CASE("norm: values and gradients") {
  for (const Setting& s : settings())
    for (const Case& c : cases)
      for (const Shape& shape : {Shape{1, 2}, Shape{5, 33}, Shape{67, 7}, Shape{3, 768}}) check_case(s, c, shape);
}

TEST_CASE("norm: an eps below the resolution of f32 counts on a constant row") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const NormResult got =
        norm(Tensor::full({2, 4}, 3, s.dtype, s.device), {}, {}, {}, {NormKind::layer, 1e-12, {}}, true);
    CHECK(got.y.to_host<double>() == std::vector<double>(8, 0.0));
    CHECK(std::fabs(got.rstd.to_host<double>()[0] / 1e6 - 1) < 1e-5);
  }
}

TEST_CASE("norm: no rows") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Tensor x = Tensor::zeros({0, 4}, s.dtype, s.device), w = Tensor::full({4}, 1, s.dtype, s.device);
    const NormResult got = norm(x, {}, w, w, {}, true);
    CHECK(got.y.shape() == Shape{0, 4});
    const NormGradients g = norm_backward(x, got, w, {}, {true, false, true, true});
    CHECK(g.weight.to_host<double>() == std::vector<double>(4, 0.0));
    CHECK(g.bias.to_host<double>() == std::vector<double>(4, 0.0));
  }
}
