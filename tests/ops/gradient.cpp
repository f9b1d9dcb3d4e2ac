// SPDX-License-Identifier: Apache-2.0
// First check of a row: its gradients against central differences of the sum of its value weighted by the incoming
// gradient, in f64.
#include <cmath>

#include "tests/op_table.h"

namespace thaw::ops {
namespace {

constexpr double step = 1e-5;
constexpr double tolerance = 1e-7;  // of 1 + the gradient's largest number
constexpr size_t most_elements = 40;

double weighted_sum(const OpCase& row, const Setting& setting, const std::vector<Numbers>& inputs,
                    const std::vector<double>& weights) {
  const std::vector<double> value = forward(row, setting, inputs).value().to_host<double>();
  double sum = 0;
  for (size_t i = 0; i < value.size(); ++i) sum += value[i] * weights[i];
  return sum;
}

// Moves numbers of input `i` by `direction` (a list of elements, each by 1 step) and back; the slope between.
double slope(const OpCase& row, const Setting& setting, std::vector<Numbers>& inputs, size_t i,
             const std::vector<std::pair<size_t, double>>& direction, const std::vector<double>& weights) {
  const std::vector<double> before = inputs[i].values;
  double sums[2];
  for (const int side : {0, 1}) {
    for (const auto& [element, length] : direction)
      inputs[i].values[element] = before[element] + (side ? -step : step) * length;
    sums[side] = weighted_sum(row, setting, inputs, weights);
  }
  inputs[i].values = before;
  return (sums[0] - sums[1]) / (2 * step);
}

}  // namespace

void check_gradient(const OpCase& row) {
  const Setting setting{Device::open("reference"), DType::f64, Layout::contiguous, {}, {}};
  const Result result = run(row, setting);
  std::vector<Numbers> inputs;
  for (size_t i = 0; i < row.inputs.size(); ++i) inputs.push_back(input_numbers(row, i, setting));
  const std::vector<double> weights = incoming_gradient(row, result.value.shape, Layout::contiguous).values;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (row.inputs[i].constant) continue;
    const std::vector<double>& gradient = result.gradients[i].values;
    expect(row, gradient.size() == inputs[i].values.size(), row.input_name(i) + " has no gradient");
    if (gradient.size() != inputs[i].values.size()) continue;
    double largest = 0;
    for (const double g : gradient) largest = std::max(largest, std::abs(g));
    std::vector<std::pair<size_t, double>> all;
    double along_all = 0;
    for (size_t e = 0; e < gradient.size(); ++e) {
      all.emplace_back(e, e % 3 ? 1.0 : -0.5);
      along_all += gradient[e] * all.back().second;
    }
    const double found_all = slope(row, setting, inputs, i, all, weights);
    expect(row, std::abs(found_all - along_all) <= tolerance * (1 + std::abs(along_all) + largest),
           fmt::format("gradient of {} along all elements: {:.12g}, differences give {:.12g}", row.input_name(i),
                       along_all, found_all));
    size_t worst = 0;
    double worst_found = gradient.empty() ? 0 : gradient[0];
    for (size_t e = 0; e < gradient.size(); e += gradient.size() / most_elements + 1) {
      const double found = slope(row, setting, inputs, i, {{e, 1.0}}, weights);
      if (std::abs(found - gradient[e]) <= std::abs(worst_found - gradient[worst])) continue;
      worst = e;
      worst_found = found;
    }
    if (gradient.empty()) continue;
    expect(row, std::abs(worst_found - gradient[worst]) <= tolerance * (1 + largest),
           fmt::format("gradient of {} at element {}: {:.12g}, differences give {:.12g}", row.input_name(i), worst,
                       gradient[worst], worst_found));
  }
}

}  // namespace thaw::ops
