// SPDX-License-Identifier: Apache-2.0
// Draws of indices, and quantiles of what they score.
#include "models/metrics/bootstrap.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "tensor/check.h"
#include "tensor/random_key.h"

namespace thaw {
namespace {

// Sample `s` of indices in [0, examples).
void draw(std::vector<int64_t>& indices, int64_t examples, RandomKey key) {
  std::array<uint32_t, 4> words{};
  for (size_t i = 0; i < indices.size(); ++i) {
    if (i % 4 == 0) words = random_words(key, i / 4);
    indices[i] = static_cast<int64_t>(uint64_t{words[i % 4]} * static_cast<uint64_t>(examples) >> 32);
  }
}

}  // namespace

double quantile(std::vector<double> values, double share) {
  check(!values.empty() && share >= 0 && share <= 1, "quantile {} of {} values", share, values.size());
  if (std::ranges::any_of(values, [](double value) { return std::isnan(value); }))
    return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(values);
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(place);
  if (below + 1 >= values.size()) return values.back();
  const double part = place - static_cast<double>(below);
  return part == 0 ? values[below] : values[below] + part * (values[below + 1] - values[below]);
}

std::map<std::string, ConfidenceInterval> bootstrap_intervals(
    int64_t examples, const std::function<Metrics(std::span<const int64_t>)>& metrics,
    const BootstrapOptions& options) {
  check(examples > 0 && examples <= int64_t{std::numeric_limits<int32_t>::max()} && options.samples > 0,
        "bootstrap: {} samples of {} examples", options.samples, examples);
  check(options.confidence > 0 && options.confidence < 1, "bootstrap: a confidence of {} is not in (0, 1)",
        options.confidence);
  std::map<std::string, std::vector<double>> values;
  std::vector<int64_t> indices(static_cast<size_t>(examples));
  for (int64_t s = 0; s < options.samples; ++s) {
    draw(indices, examples, {options.seed, static_cast<uint64_t>(s)});
    for (const auto& [name, value] : metrics(indices)) {
      std::vector<double>& known = values[name];
      if (!std::isnan(value)) known.push_back(value);
    }
  }
  const double left_out = (1 - options.confidence) / 2;
  std::map<std::string, ConfidenceInterval> intervals;
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [name, all] : values)
    intervals[name] = all.empty() ? ConfidenceInterval{unknown, unknown}
                                  : ConfidenceInterval{quantile(all, left_out), quantile(all, 1 - left_out)};
  return intervals;
}

}  // namespace thaw
