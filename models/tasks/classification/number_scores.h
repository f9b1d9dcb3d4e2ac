// SPDX-License-Identifier: Apache-2.0
// Metrics of numbers that were predicted: their means over the outputs, and of each output. N examples, L outputs.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "nn/train/metrics.h"

namespace thaw {

// predicted, truth: [N, L], row-major. pearson, spearman and mean_absolute_error: of several outputs the means over
// them, and each output's own as "pearson/NAME"; of very many the means alone.
Metrics score_numbers(std::span<const float> predicted, std::span<const double> truth,
                      const std::vector<std::string>& outputs);

// The names of those, in order.
std::vector<std::string> number_metric_names(const std::vector<std::string>& outputs);

}  // namespace thaw
