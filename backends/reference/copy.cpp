// SPDX-License-Identifier: Apache-2.0
// fill and copy between all element types, through double: every type's numbers are exact in it.
#include <bit>
#include <cmath>
#include <limits>

#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"
#include "backends/shared/half.h"

namespace thaw {
namespace {

struct Bf16 {
  uint16_t bits;
};
struct F16 {
  uint16_t bits;
};

// Towards zero, with the last bit set where that was inexact: rounding the result once more, to nearest in a shorter
// type, rounds x itself to nearest (Boldo & Melquiond 2008).
float rounded_to_odd(double x) {
  float y = static_cast<float>(x);
  if (std::isnan(x) || static_cast<double>(y) == x) return y;
  if (std::fabs(static_cast<double>(y)) > std::fabs(x)) y = std::nextafter(y, 0.0f);
  return std::bit_cast<float>(std::bit_cast<uint32_t>(y) | 1u);
}

double load(float x) { return static_cast<double>(x); }
double load(double x) { return x; }
double load(int32_t x) { return x; }
double load(uint8_t x) { return x; }
double load(Bf16 x) { return static_cast<double>(half::from_bf16(x.bits)); }
double load(F16 x) { return static_cast<double>(half::from_f16(x.bits)); }

// Towards zero; what does not fit becomes the nearest number that does, NaN becomes 0.
template <typename Integer>
Integer truncated(double x) {
  if (std::isnan(x)) return 0;
  if (x <= static_cast<double>(std::numeric_limits<Integer>::min())) return std::numeric_limits<Integer>::min();
  if (x >= static_cast<double>(std::numeric_limits<Integer>::max())) return std::numeric_limits<Integer>::max();
  return static_cast<Integer>(x);
}

void store(float& to, double x) { to = static_cast<float>(x); }
void store(double& to, double x) { to = x; }
void store(int32_t& to, double x) { to = truncated<int32_t>(x); }
void store(uint8_t& to, double x) { to = truncated<uint8_t>(x); }
void store(Bf16& to, double x) { to.bits = half::to_bf16(rounded_to_odd(x)); }
void store(F16& to, double x) { to.bits = half::to_f16(rounded_to_odd(x)); }

template <typename F>
void with_type(DType dtype, F f) {
  switch (dtype) {
    case DType::f32: return f(float());
    case DType::f64: return f(double());
    case DType::bf16: return f(Bf16());
    case DType::f16: return f(F16());
    case DType::i32: return f(int32_t());
    case DType::u8: return f(uint8_t());
  }
}

}  // namespace

void ReferenceBackend::fill(const View& out, double value) {
  with_type(out.dtype, [&](auto type) {
    auto* to = out.as<decltype(type)>();
    reference::for_each_element<1>(out.shape, {out.strides}, [&](const auto& at) { store(to[at[0]], value); });
  });
}

void ReferenceBackend::copy(const View& out, const View& in) {
  with_type(out.dtype, [&](auto out_type) {
    with_type(in.dtype, [&](auto in_type) {
      auto* to = out.as<decltype(out_type)>();
      const auto* from = in.as<decltype(in_type)>();
      reference::for_each_element<2>(out.shape, {out.strides, in.strides}, [&](const auto& at) {
        if constexpr (std::is_same_v<decltype(out_type), decltype(in_type)>) {
          to[at[0]] = from[at[1]];
        } else {
          store(to[at[0]], load(from[at[1]]));
        }
      });
    });
  });
}

}  // namespace thaw
