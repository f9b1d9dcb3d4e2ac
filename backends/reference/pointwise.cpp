// SPDX-License-Identifier: Apache-2.0
// Pointwise functions: the shared formulas (backends/shared/pointwise.inc), element by element.
#include "backends/shared/pointwise.h"
#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"
#include "backends/shared/philox.h"

namespace thaw {
namespace {

float value(UnaryOp op, float x, UnaryParams p) { return f32::unary_value(op, x, p.alpha, p.beta); }
double value(UnaryOp op, double x, UnaryParams p) { return f64::unary_value(op, x, p.alpha, p.beta); }
float slope(UnaryOp op, float x, UnaryParams p) { return f32::unary_slope(op, x, p.alpha, p.beta); }
double slope(UnaryOp op, double x, UnaryParams p) { return f64::unary_slope(op, x, p.alpha, p.beta); }
float value(BinaryOp op, float a, float b) { return f32::binary_value(op, a, b); }
double value(BinaryOp op, double a, double b) { return f64::binary_value(op, a, b); }

}  // namespace

void ReferenceBackend::unary(UnaryOp op, const View& out, const View& x, UnaryParams params) {
  reference::with_float_type(out.dtype, [&](auto type) {
    using T = decltype(type);
    T* to = out.as<T>();
    const T* from = x.as<T>();
    reference::for_each_element<2>(out.shape, {out.strides, x.strides},
                                   [&](const auto& at) { to[at[0]] = value(op, from[at[1]], params); });
  });
}

void ReferenceBackend::unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x, UnaryParams params) {
  reference::with_float_type(dx.dtype, [&](auto type) {
    using T = decltype(type);
    T* to = dx.as<T>();
    const T *gradient = dy.as<T>(), *from = x.as<T>();
    reference::for_each_element<3>(dx.shape, {dx.strides, dy.strides, x.strides}, [&](const auto& at) {
      to[at[0]] = gradient[at[1]] * slope(op, from[at[2]], params);
    });
  });
}

void ReferenceBackend::binary(BinaryOp op, const View& out, const View& a, const View& b) {
  reference::with_float_type(out.dtype, [&](auto type) {
    using T = decltype(type);
    T* to = out.as<T>();
    const T *left = a.as<T>(), *right = b.as<T>();
    reference::for_each_element<3>(out.shape, {out.strides, a.strides, b.strides},
                                   [&](const auto& at) { to[at[0]] = value(op, left[at[1]], right[at[2]]); });
  });
}

void ReferenceBackend::where(const View& out, const View& condition, const View& a, const View& b) {
  reference::with_float_type(out.dtype, [&](auto type) {
    using T = decltype(type);
    T* to = out.as<T>();
    const T *c = condition.as<T>(), *left = a.as<T>(), *right = b.as<T>();
    reference::for_each_element<4>(out.shape, {out.strides, condition.strides, a.strides, b.strides},
                                   [&](const auto& at) { to[at[0]] = c[at[1]] != 0 ? left[at[2]] : right[at[3]]; });
  });
}

void ReferenceBackend::uniform(const View& out, RandomKey key) {
  reference::with_float_type(out.dtype, [&](auto type) {
    using T = decltype(type);
    T* to = out.as<T>();
    const uint64_t count = static_cast<uint64_t>(out.numel());
    for (uint64_t i = 0; i < count; ++i) {
      const philox::uvec4 words = philox::stream_words(i / 4, key.seed, key.stream);
      to[i] = static_cast<T>(philox::uniform_of_word(philox::word_of(words, static_cast<uint32_t>(i % 4))));
    }
  });
}

}  // namespace thaw
