// SPDX-License-Identifier: Apache-2.0
// Copies between element types: to nearest even, with NaN, infinities and subnormal numbers; to integers towards zero.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "backends/shared/half.h"
#include "tensor/ops.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

std::vector<DType> short_types(const Setting& s) {
  std::vector<DType> types;
  for (const DType t : {DType::bf16, DType::f16})
    if (s.device.backend().supports(t)) types.push_back(t);
  return types;
}

double value_of(DType dtype, uint16_t bits) {
  return static_cast<double>(dtype == DType::bf16 ? half::from_bf16(bits) : half::from_f16(bits));
}

std::vector<uint16_t> bits_of(const Tensor& t) {
  const std::vector<std::byte> bytes = t.to_bytes();
  std::vector<uint16_t> bits(bytes.size() / 2);
  for (size_t i = 0; i < bits.size(); ++i)
    bits[i] = static_cast<uint16_t>(std::to_integer<unsigned>(bytes[2 * i]) |
                                    std::to_integer<unsigned>(bytes[2 * i + 1]) << 8);
  return bits;
}

// All 65536 patterns of a 16-bit type.
Tensor all_patterns(DType dtype, Device device) {
  std::vector<std::byte> bytes;
  for (unsigned bits = 0; bits < 65536; ++bits) {
    bytes.push_back(static_cast<std::byte>(bits & 0xFF));
    bytes.push_back(static_cast<std::byte>(bits >> 8));
  }
  return Tensor::from_bytes(bytes, {65536}, dtype, device);
}

// The value of a pattern from its sign, exponent and mantissa.
double decoded(DType dtype, unsigned bits) {
  const int mantissa_bits = dtype == DType::bf16 ? 7 : 10, exponent_bits = 15 - mantissa_bits;
  const int bias = (1 << (exponent_bits - 1)) - 1,
            exponent = static_cast<int>(bits >> mantissa_bits) & ((1 << exponent_bits) - 1);
  const double mantissa = static_cast<double>(bits & ((1u << mantissa_bits) - 1)), sign = bits >> 15 ? -1 : 1;
  if (exponent == (1 << exponent_bits) - 1)
    return mantissa > 0 ? std::numeric_limits<double>::quiet_NaN() : sign * std::numeric_limits<double>::infinity();
  if (exponent == 0) return sign * std::ldexp(mantissa, 1 - bias - mantissa_bits);
  return sign * std::ldexp(mantissa + (1 << mantissa_bits), exponent - bias - mantissa_bits);
}

// x rounded to the 16-bit type: the nearest number of the type, of two equally near ones the even one; the next power
// of two stands for infinity.
uint16_t nearest(DType dtype, double x) {
  const uint16_t infinity = dtype == DType::bf16 ? 0x7F80 : 0x7C00;
  const double past = std::ldexp(1.0, dtype == DType::bf16 ? 128 : 16), a = std::fabs(x);
  const auto value = [&](uint16_t bits) { return bits == infinity ? past : decoded(dtype, bits); };
  uint16_t low = 0, high = infinity;  // value(low) <= a < value(high)
  if (a >= past) low = infinity;
  while (low != infinity && high - low > 1) {
    const uint16_t middle = static_cast<uint16_t>((low + high) / 2);
    (value(middle) <= a ? low : high) = middle;
  }
  const uint16_t up = static_cast<uint16_t>(low + 1);
  if (low != infinity) {
    const double below = a - value(low), above = value(up) - a;
    if (above < below || (above == below && low % 2 == 1)) low = up;
  }
  return static_cast<uint16_t>(low | (std::signbit(x) ? 0x8000 : 0));
}

}  // namespace

TEST_SUITE_BEGIN("primitives");

TEST_CASE("casts: every bf16 and f16 number is itself in f32 and back") {
  for (const Setting& s : settings()) {
    for (const DType dtype : short_types(s)) {
      CAPTURE(s.name());
      CAPTURE(name_of(dtype));
      const Tensor patterns = all_patterns(dtype, s.device);
      const std::vector<double> wide = patterns.to(s.dtype).to_host<double>();
      const std::vector<uint16_t> back = bits_of(patterns.to(s.dtype).to(dtype));
      for (unsigned bits = 0; bits < 65536; ++bits) {
        const double want = decoded(dtype, bits);
        if (std::isnan(want)) {
          REQUIRE(std::isnan(wide[bits]));
          REQUIRE(std::isnan(value_of(dtype, back[bits])));
        } else {
          REQUIRE(wide[bits] == want);
          REQUIRE(back[bits] == bits);
        }
      }
    }
  }
}

TEST_CASE("casts: to the nearest, ties to even") {
  for (const Setting& s : settings()) {
    for (const DType dtype : short_types(s)) {
      CAPTURE(s.name());
      CAPTURE(name_of(dtype));
      std::vector<double> values;
      for (unsigned bits = 0; bits < 65535; ++bits) {  // each number, and around the middle between it and the next
        const double a = decoded(dtype, bits), b = decoded(dtype, bits + 1);
        if (!std::isfinite(a) || !std::isfinite(b)) continue;
        const float middle = static_cast<float>((a + b) / 2);
        for (const float x :
             {middle, std::nextafter(middle, 0.0f), std::nextafter(middle, std::copysign(INFINITY, middle))})
          values.push_back(static_cast<double>(x));
      }
      const double largest = decoded(dtype, dtype == DType::bf16 ? 0x7F7F : 0x7BFF);
      const float overflow = static_cast<float>(largest * (1 + 0x1p-9));
      for (const float x : {overflow, 65519.996f, 65520.0f, 3.4e38f, std::numeric_limits<float>::denorm_min()})
        values.push_back(static_cast<double>(x));
      const std::vector<uint16_t> got =
          bits_of(Tensor::from_host(values, {static_cast<int64_t>(values.size())}, s.device, s.dtype).to(dtype));
      for (size_t i = 0; i < values.size(); ++i) {
        CAPTURE(values[i]);
        REQUIRE(got[i] == nearest(dtype, values[i]));
      }
    }
  }
}

TEST_CASE("casts: f64 is rounded once") {
  const Device device = Device::open("reference");
  // Just above the middle of 1 and the next number; through f32 it would become the middle, and then 1.
  const std::vector<double> values{1 + 0x1p-8 + 0x1p-40, 1 + 0x1p-11 + 0x1p-40, 1 + 0x1p-8 - 0x1p-40};
  const Tensor t = Tensor::from_host(values, {3}, device, DType::f64);
  CHECK(t.to(DType::bf16).to_host<double>() == std::vector<double>{1 + 0x1p-7, 1, 1});
  CHECK(t.to(DType::f16).to_host<double>() == std::vector<double>{1 + 0x1p-8, 1 + 0x1p-10, 1 + 0x1p-8});
  CHECK(Tensor::from_host(std::vector<double>{1e300, -1e300}, {2}, device, DType::f64)
            .to(DType::bf16)
            .to_host<double>() == std::vector<double>{INFINITY, -INFINITY});
}

TEST_CASE("casts: to and from integers") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Tensor x =
        Tensor::from_host(std::vector<double>{-2.75, -0.5, 0, 0.99, 1.5, 255, 65537}, {7}, s.device, s.dtype);
    if (s.device.backend().supports(DType::i32)) {
      const Tensor whole = x.to(DType::i32);
      CHECK(whole.to_host<int32_t>() == std::vector<int32_t>{-2, 0, 0, 0, 1, 255, 65537});
      CHECK(whole.to(s.dtype).to_host<double>() == std::vector<double>{-2, 0, 0, 0, 1, 255, 65537});
    }
    if (s.device.backend().supports(DType::u8)) {
      const Tensor bytes = x.slice(0, 2, 6).to(DType::u8);
      CHECK(bytes.to_host<uint8_t>() == std::vector<uint8_t>{0, 0, 1, 255});
      CHECK(bytes.to(s.dtype).to_host<double>() == std::vector<double>{0, 0, 1, 255});
    }
  }
}

TEST_CASE("casts: strided on both sides") {
  for (const Setting& s : settings()) {
    for (const DType dtype : short_types(s)) {
      CAPTURE(s.name());
      const Tensor x = Tensor::from_host(std::vector<double>{0, 1, 2, 3, 4, 5}, {2, 3}, s.device, s.dtype);
      const Tensor narrow = Tensor::zeros({3, 2}, dtype, s.device);
      narrow.transpose().copy_from(x);
      CHECK(narrow.to_host<double>() == std::vector<double>{0, 3, 1, 4, 2, 5});
    }
  }
}

TEST_SUITE_END();
