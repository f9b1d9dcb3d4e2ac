// SPDX-License-Identifier: Apache-2.0
// How far a metric would move with other examples: intervals by resampling.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "nn/train/metrics.h"

namespace thaw {

struct ConfidenceInterval {
  double low = 0, high = 0;
};

struct BootstrapOptions {
  int64_t samples = 1000;
  double confidence = 0.95;
  uint64_t seed = 0;
};

// The percentile interval (Efron 1979) of each metric: `metrics` is asked for the scores of `samples` draws of
// `examples` indices with replacement, and an interval leaves out (1 - confidence) / 2 of them on either side; between
// two of them it is linear, as numpy.percentile. Draw s reads stream s of Philox: same seed, same intervals,
// everywhere. Draws in which a metric is not a number (of questions without an answer, where few are drawn none) are
// left out of its interval; where it is a number in none, the interval is of NaN. Throws std::invalid_argument if there
// are no examples or no samples, or confidence is not in (0, 1).
std::map<std::string, ConfidenceInterval> bootstrap_intervals(
    int64_t examples, const std::function<Metrics(std::span<const int64_t>)>& metrics,
    const BootstrapOptions& options = {});

// The value below which a share of the values lies, linear between two of them; NaN if one is NaN. Throws
// std::invalid_argument of none, or if share is not in [0, 1].
double quantile(std::vector<double> values, double share);

}  // namespace thaw
