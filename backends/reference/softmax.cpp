// SPDX-License-Identifier: Apache-2.0
// Softmax along the last axis, and its gradient.
#include <limits>

#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"
#include "backends/shared/pointwise.h"

namespace thaw {
namespace {

float exponential(float x) { return f32::exp_real(x); }
double exponential(double x) { return f64::exp_real(x); }

}  // namespace

void ReferenceBackend::softmax(const View& y, const View& x) {
  const int64_t n = x.shape[-1];
  reference::with_float_type(y.dtype, [&](auto type) {
    using T = decltype(type);
    reference::for_each_row<2>(x.shape, {y.strides, x.strides}, [&](const auto& at) {
      const auto to = [&](int64_t i) -> T& { return y.as<T>()[at[0] + i * y.strides[-1]]; };
      const auto from = [&](int64_t i) { return x.as<T>()[at[1] + i * x.strides[-1]]; };
      T largest = -std::numeric_limits<T>::infinity();
      for (int64_t i = 0; i < n; ++i) largest = from(i) > largest ? from(i) : largest;
      double sum = 0;
      for (int64_t i = 0; i < n; ++i) {
        to(i) = exponential(from(i) - largest);
        sum += static_cast<double>(to(i));
      }
      for (int64_t i = 0; i < n; ++i) to(i) = static_cast<T>(static_cast<double>(to(i)) / sum);
    });
  });
}

void ReferenceBackend::softmax_backward(const View& dx, const View& dy, const View& y) {
  const int64_t n = y.shape[-1];
  reference::with_float_type(y.dtype, [&](auto type) {
    using T = decltype(type);
    reference::for_each_row<3>(y.shape, {dx.strides, dy.strides, y.strides}, [&](const auto& at) {
      const auto gradient = [&](int64_t i) { return static_cast<double>(dy.as<T>()[at[1] + i * dy.strides[-1]]); };
      const auto from = [&](int64_t i) { return static_cast<double>(y.as<T>()[at[2] + i * y.strides[-1]]); };
      double sum = 0;
      for (int64_t i = 0; i < n; ++i) sum += gradient(i) * from(i);
      for (int64_t i = 0; i < n; ++i)
        dx.as<T>()[at[0] + i * dx.strides[-1]] = static_cast<T>(from(i) * (gradient(i) - sum));
    });
  });
}

}  // namespace thaw
