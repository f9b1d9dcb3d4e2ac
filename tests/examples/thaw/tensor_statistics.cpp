// SPDX-License-Identifier: Apache-2.0
// Statistics of tensors of any stored type.
#include "examples/thaw/tensor_statistics.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace thaw;

namespace {

template <typename T>
TensorStatistics statistics(const char* dtype, const std::vector<T>& values) {
  const auto s =
      tensor_statistics({"t", dtype, {static_cast<int64_t>(values.size())}, std::as_bytes(std::span(values))});
  REQUIRE(s.has_value());
  return *s;
}

}  // namespace

TEST_CASE("tensor statistics: range, mean, deviation") {
  for (const auto& s : {statistics<float>("F32", {1, 2, 3, 6}), statistics<double>("F64", {1, 2, 3, 6}),
                        statistics<int64_t>("I64", {1, 2, 3, 6}), statistics<uint8_t>("U8", {1, 2, 3, 6}),
                        statistics<uint16_t>("BF16", {0x3F80, 0x4000, 0x4040, 0x40C0}),
                        statistics<uint16_t>("F16", {0x3C00, 0x4000, 0x4200, 0x4600})}) {
    CHECK(s.min == 1);
    CHECK(s.max == 6);
    CHECK(s.mean == 3);
    CHECK(s.deviation == doctest::Approx(std::sqrt(3.5)));
    CHECK(s.finite == 4);
    CHECK(s.not_finite == 0);
  }
  CHECK(statistics<int8_t>("I8", {-3, 1}).mean == -1);
}

TEST_CASE("tensor statistics: what is not finite is counted apart") {
  constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  const TensorStatistics s = statistics<float>("F32", {nan, 2, -infinity, 4, infinity});
  CHECK(s.mean == 3);
  CHECK(s.finite == 2);
  CHECK(s.not_finite == 3);
  CHECK(statistics<float>("F32", {nan}).not_finite == 1);
  CHECK(statistics<float>("F32", {}).finite == 0);
}

TEST_CASE("tensor statistics: more than one piece") {
  std::vector<float> many(3'000'000, 1.0f);
  many.back() = 3'000'001.0f;
  const TensorStatistics s = statistics<float>("F32", many);
  CHECK(s.max == 3'000'001.0);
  CHECK(s.mean == doctest::Approx(2));
  CHECK(s.finite == 3'000'000);
}

TEST_CASE("tensor statistics: none of types that are no numbers to thaw") {
  const std::vector<std::byte> bytes(4);
  CHECK_FALSE(tensor_statistics({"t", "F8_E4M3", {4}, bytes}).has_value());
}
