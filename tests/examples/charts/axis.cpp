// SPDX-License-Identifier: Apache-2.0
// Ticks stand at round numbers, whatever the numbers between them.
#include "examples/charts/axis.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/error_of.h"

using namespace thaw;

namespace {

using Labels = std::vector<std::string>;

bool is_round(double number) {
  if (number == 0) return true;
  const double digits = std::abs(number) / std::pow(10.0, std::floor(std::log10(std::abs(number)) + 1e-9));
  return std::abs(digits * 100 - std::round(digits * 100)) < 1e-6;
}

}  // namespace

TEST_CASE("axis: ticks of a linear one") {
  CHECK(linear_axis(0, 10, 5, false).labels == Labels{"0", "2", "4", "6", "8", "10"});
  CHECK(linear_axis(0.13, 0.94, 5, true).labels == Labels{"0", "0.2", "0.4", "0.6", "0.8", "1.0"});
  CHECK(linear_axis(0.13, 0.94, 5, false).labels == Labels{"0.2", "0.4", "0.6", "0.8"});
  CHECK(linear_axis(0, 5e-5, 5, true).labels == Labels{"0", "1e-5", "2e-5", "3e-5", "4e-5", "5e-5"});
  CHECK(linear_axis(0, 1.5e-5, 3, true).labels == Labels{"0", "0.5e-5", "1.0e-5", "1.5e-5"});
  CHECK(linear_axis(0, 3e6, 3, true).labels == Labels{"0", "1e6", "2e6", "3e6"});
  CHECK(linear_axis(-1, 1, 4, true).labels == Labels{"-1.0", "-0.5", "0", "0.5", "1.0"});
  CHECK(linear_axis(10, 5000, 10, false).labels.front() == "500");
  const Axis axis = linear_axis(0.13, 0.94, 5, true);
  CHECK(axis.least == 0);
  CHECK(axis.most == 1);
  CHECK(axis.share(0.25) == 0.25);
}

TEST_CASE("axis: ticks are round, few, rising and within, for ranges of all sizes") {
  for (const double least : {-3e7, -1.7, -1e-9, 0.0, 3e-12, 0.123, 1.0, 99999.0, 1e12})
    for (const double span : {1e-12, 3e-5, 0.7, 1.0, 42.0, 12345.0, 1e15})
      for (const bool rounded : {false, true}) {
        const Axis axis = linear_axis(least, least + span, 6, rounded);
        CAPTURE(least);
        CAPTURE(span);
        CHECK(axis.least < axis.most);
        CHECK(axis.ticks.size() == axis.labels.size());
        CHECK(axis.ticks.size() >= (rounded ? 2u : 0u));
        CHECK(axis.ticks.size() <= (rounded ? 8u : 7u));
        if (rounded) CHECK(axis.share(least) >= -1e-8);
        if (rounded) CHECK(axis.share(least + span) <= 1 + 1e-8);
        for (size_t i = 0; i < axis.ticks.size(); ++i) {
          CHECK(axis.share(axis.ticks[i]) >= -1e-6);
          CHECK(axis.share(axis.ticks[i]) <= 1 + 1e-6);
          if (i > 0) CHECK(axis.ticks[i] > axis.ticks[i - 1]);
        }
        if (least == 0)
          for (const double tick : axis.ticks) CHECK(is_round(tick));
      }
}

TEST_CASE("axis: equal numbers have room around them, impossible ones are refused") {
  for (const double number : {0.0, 0.5, -7.0, 1e9}) {
    const Axis axis = linear_axis(number, number, 5, true);
    CHECK(axis.least < number);
    CHECK(axis.most > number);
  }
  CHECK(error_of([] { linear_axis(2, 1, 5, true); }).starts_with("axis: "));
  CHECK(error_of([] { linear_axis(0, std::nan(""), 5, true); }).starts_with("axis: "));
  CHECK(error_of([] { linear_axis(0, INFINITY, 5, true); }).starts_with("axis: "));
  CHECK(error_of([] { log_axis(0, 1, 5); }).starts_with("logarithmic axis: "));
}

TEST_CASE("axis: ticks of a logarithmic one") {
  CHECK(log_axis(1e-7, 10, 10).labels == Labels{"1e-7", "1e-6", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1", "10"});
  CHECK(log_axis(1e-7, 10, 5).labels == Labels{"1e-7", "1e-5", "0.001", "0.1", "10"});
  CHECK(log_axis(0.15, 0.9, 5).labels == Labels{"0.2", "0.5"});
  CHECK(log_axis(0.005, 0.9, 5).labels == Labels{"0.005", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5"});
  CHECK(log_axis(3, 30, 5).labels == Labels{"5", "10", "20"});
  CHECK(log_axis(1, 100, 5).share(10) == doctest::Approx(0.5));
  CHECK(log_axis(5, 5, 5).share(5) == doctest::Approx(0.5));
}

TEST_CASE("axis: what is counted has ticks at whole numbers alone") {
  CHECK(linear_axis(1, 3, 10, false, 1).labels == Labels{"1", "2", "3"});
  CHECK(linear_axis(2, 2, 10, false, 1).labels == Labels{"2"});
  CHECK(linear_axis(1, 40, 10, false, 1).labels == linear_axis(1, 40, 10, false).labels);
}

TEST_CASE("axis: numbers as labels") {
  CHECK(number_label(0) == "0");
  CHECK(number_label(0.25) == "0.25");
  CHECK(number_label(1e-5) == "1e-5");
  CHECK(number_label(-2.5e-7) == "-2.5e-7");
  CHECK(number_label(1e6) == "1e6");
  CHECK(number_label(1234) == "1234");
}
