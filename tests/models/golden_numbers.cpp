// SPDX-License-Identifier: Apache-2.0
// Compares numbers with a golden's.
#include "tests/models/golden_numbers.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace thaw {

double norm_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return std::sqrt(sum);
}

bool close(double value, double expected, double tolerance) {
  return std::abs(value - expected) <= tolerance * std::abs(expected);
}

void check_rows(const GoldenOutput& output, const GoldenCase& golden, const std::string& name, double tolerance) {
  const std::vector<double> expected = golden.numbers(name);
  const std::vector<int64_t> sizes = golden.shape(name);
  const int64_t cells = output.cells.empty() ? sizes.at(0) : sizes.at(0) * sizes.at(1);
  const std::vector<double> rows = output.rows.value().to_host<double>();
  const size_t width = expected.size() / static_cast<size_t>(cells);
  const size_t count = output.cells.empty() ? static_cast<size_t>(cells) : output.cells.size();
  REQUIRE(rows.size() == count * width);
  double error = 0, largest = 0;
  for (size_t r = 0; r < count; ++r) {
    const size_t cell = output.cells.empty() ? r : static_cast<size_t>(output.cells[r]);
    for (size_t c = 0; c < width; ++c) {
      error = std::max(error, std::abs(rows[r * width + c] - expected[cell * width + c]));
      largest = std::max(largest, std::abs(expected[cell * width + c]));
    }
  }
  INFO(name << ": off by " << error / largest << " of the largest");
  CHECK(error <= tolerance * largest);
}

double norm_of_gradients(const GoldenCase& golden) {
  double all = 0;
  for (const std::string& name : golden.names("grad.0."))
    all = std::hypot(all, norm_of(golden.numbers("grad.0." + name)));
  return all;
}

bool is_rounding_alone(const GoldenCase& golden, const std::string& name) {
  return golden.has("grad.0." + name) && norm_of(golden.numbers("grad.0." + name)) <= 1e-12 * norm_of_gradients(golden);
}

}  // namespace thaw
