// SPDX-License-Identifier: Apache-2.0
// Accuracy of the f32 formulas of backends/shared, against double, over arguments from the whole range of f32.
#include "backends/shared/pointwise.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <initializer_list>
#include <limits>

using namespace thaw;

namespace {

// |got - want| in units of the f32 step at `want`; 0 if both are NaN or the same infinity, infinite if only one is.
double ulps(float got, double want) {
  const float rounded = static_cast<float>(want);
  if (got == rounded && std::isinf(rounded)) return 0;
  if (std::isnan(want)) return std::isnan(got) ? 0 : std::numeric_limits<double>::infinity();
  if (!std::isfinite(got) || std::isinf(rounded)) return std::numeric_limits<double>::infinity();
  const int exponent = rounded == 0 ? -126 : std::max(-126, std::ilogb(rounded));
  return std::fabs(static_cast<double>(got) - want) / std::ldexp(1.0, exponent - 23);
}

// The largest error over every 1009th f32 number, both signs or the positive ones; `worst` is where it is.
struct Error {
  double ulp = 0;
  float worst = 0;
};
template <typename Got, typename Want>
Error largest_error(bool negative_too, Got got, Want want) {
  Error error;
  for (uint64_t bits = 0; bits < 0x7F800000u; bits += 1009) {
    for (const float x :
         {std::bit_cast<float>(static_cast<uint32_t>(bits)), -std::bit_cast<float>(static_cast<uint32_t>(bits))}) {
      if (std::signbit(x) && !negative_too) continue;
      const double u = ulps(got(x), want(static_cast<double>(x)));
      if (!(u <= error.ulp)) error = {u, x};
    }
  }
  return error;
}

// Functions that are looked at right of 0 only.
bool positive_only(UnaryOp op) {
  return op == UnaryOp::power || op == UnaryOp::sqrt || op == UnaryOp::rsqrt || op == UnaryOp::log ||
         op == UnaryOp::reciprocal;
}

}  // namespace

TEST_SUITE_BEGIN("primitives");

TEST_CASE("pointwise: exp, log, log1p, tanh, erf are within 1.5 steps of f32") {
  const auto check_within = [](const char* name, double bound, const Error& error) {
    CAPTURE(name);
    CAPTURE(error.worst);
    CHECK(error.ulp <= bound);
  };
  check_within("exp", 1.5,
               largest_error(
                   true, [](float x) { return f32::exp_real(x); }, [](double x) { return std::exp(x); }));
  check_within("log", 1.5,
               largest_error(
                   false, [](float x) { return f32::log_real(x); }, [](double x) { return std::log(x); }));
  check_within("log1p", 1.5,
               largest_error(
                   false, [](float x) { return f32::log1p_real(x); }, [](double x) { return std::log1p(x); }));
  check_within("tanh", 1.5,
               largest_error(
                   true, [](float x) { return f32::tanh_real(x); }, [](double x) { return std::tanh(x); }));
  check_within("erf", 1.5,
               largest_error(
                   true, [](float x) { return f32::erf_real(x); }, [](double x) { return std::erf(x); }));
  check_within(
      "exp(-x^2)", 1.5,
      largest_error(
          true, [](float x) { return f32::exp_of_negative_square(1, x); }, [](double x) { return std::exp(-x * x); }));
  check_within("exp(-x^2 / 2)", 1.5,
               largest_error(
                   true, [](float x) { return f32::exp_of_negative_square(0.5f, x); },
                   [](double x) { return std::exp(-x * x / 2); }));
  check_within("normal tail", 6,
               largest_error(
                   false, [](float x) { return f32::normal_tail(x); },
                   [](double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }));
}

TEST_CASE("pointwise: special arguments") {
  const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(f32::exp_real(0) == 1);
  CHECK(f32::exp_real(infinity) == infinity);
  CHECK(f32::exp_real(-infinity) == 0);
  CHECK(f32::log_real(0) == -infinity);
  CHECK(f32::log_real(1) == 0);
  CHECK(f32::log_real(infinity) == infinity);
  CHECK(std::isnan(f32::log_real(-1)));
  CHECK(f32::tanh_real(infinity) == 1);
  CHECK(f32::tanh_real(-infinity) == -1);
  CHECK(f32::erf_real(infinity) == 1);
  CHECK(f32::erf_real(-infinity) == -1);
  for (uint32_t op = 0; op < unary_op_count; ++op) {
    CAPTURE(op);
    CHECK(std::isnan(f32::unary_value(op, nan, 1, 2)));
    CHECK(std::isnan(f64::unary_value(op, static_cast<double>(nan), 1, 2)));
  }
  for (const BinaryOp op : {BinaryOp::max, BinaryOp::min}) {
    CHECK(std::isnan(f32::binary_value(op, nan, 1)));
    CHECK(std::isnan(f32::binary_value(op, 1, nan)));
  }
}

TEST_CASE("pointwise: values and slopes in f32 follow those in f64") {
  for (uint32_t number = 0; number < unary_op_count; ++number) {
    const UnaryOp op = static_cast<UnaryOp>(number);
    const bool positive = positive_only(op);
    double worst_value = 0, worst_slope = 0;
    for (float x = positive ? 0.01f : -20.03125f; x < 20; x += 0.0078125f) {
      const double wide = static_cast<double>(x);
      const double value = f64::unary_value(op, wide, 1.5, 2), slope = f64::unary_slope(op, wide, 1.5, 2);
      worst_value = std::max(worst_value, std::fabs(static_cast<double>(f32::unary_value(op, x, 1.5f, 2)) - value) /
                                              std::max(1.0, std::fabs(value)));
      worst_slope = std::max(worst_slope, std::fabs(static_cast<double>(f32::unary_slope(op, x, 1.5f, 2)) - slope) /
                                              std::max(1.0, std::fabs(slope)));
    }
    CAPTURE(number);
    CHECK(worst_value < 1e-6);
    CHECK(worst_slope < 2e-6);
  }
}

TEST_CASE("pointwise: slopes are the derivatives of values") {
  for (uint32_t number = 0; number < unary_op_count; ++number) {
    const UnaryOp op = static_cast<UnaryOp>(number);
    const bool positive = positive_only(op);
    double worst = 0;
    for (double x = positive ? 0.513 : -6.013; x < 6; x += 0.0371) {
      const double h = 1e-5;
      if (std::fabs(x) < 2 * h || std::fabs(x - 1.5) < 2 * h || std::fabs(x - 2) < 2 * h)
        continue;  // corners of abs, relu, clamp
      const double numeric = (f64::unary_value(op, x + h, 1.5, 2) - f64::unary_value(op, x - h, 1.5, 2)) / (2 * h);
      worst = std::max(worst, std::fabs(numeric - f64::unary_slope(op, x, 1.5, 2)) / std::max(1.0, std::fabs(numeric)));
    }
    CAPTURE(number);
    CHECK(worst < 1e-7);
  }
}

TEST_SUITE_END();
