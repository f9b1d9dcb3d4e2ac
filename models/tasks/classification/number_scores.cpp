// SPDX-License-Identifier: Apache-2.0
// Correlations and errors, output by output.
#include "models/tasks/classification/number_scores.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr size_t most_outputs = 20;  // that have metrics of their own
constexpr const char* metrics[] = {"mean_absolute_error", "pearson", "spearman"};

bool have_own_metrics(const std::vector<std::string>& outputs) {
  return outputs.size() > 1 && outputs.size() <= most_outputs;
}

std::string own_metric(const std::string& metric, const std::string& output) {
  return metric + "/" + quote_if_odd(output);
}

Metrics score_output(std::span<const double> predicted, std::span<const double> truth) {
  double error = 0;
  for (size_t i = 0; i < truth.size(); ++i) error += std::abs(predicted[i] - truth[i]);
  return {{"pearson", pearson(predicted, truth)},
          {"spearman", spearman(predicted, truth)},
          {"mean_absolute_error", truth.empty() ? 0 : error / static_cast<double>(truth.size())}};
}

}  // namespace

Metrics score_numbers(std::span<const float> predicted, std::span<const double> truth,
                      const std::vector<std::string>& outputs) {
  Metrics scores;
  for (size_t output = 0; output < outputs.size(); ++output) {
    std::vector<double> said, is;
    for (size_t cell = output; cell < truth.size(); cell += outputs.size()) {
      said.push_back(static_cast<double>(predicted[cell]));
      is.push_back(truth[cell]);
    }
    for (const auto& [name, value] : score_output(said, is)) {
      scores[name] += value / static_cast<double>(outputs.size());
      if (have_own_metrics(outputs)) scores[own_metric(name, outputs[output])] = value;
    }
  }
  return scores;
}

std::vector<std::string> number_metric_names(const std::vector<std::string>& outputs) {
  std::vector<std::string> names(std::begin(metrics), std::end(metrics));
  if (have_own_metrics(outputs))
    for (const char* metric : metrics)
      for (const std::string& output : outputs) names.push_back(own_metric(metric, output));
  std::ranges::sort(names);
  return names;
}

}  // namespace thaw
