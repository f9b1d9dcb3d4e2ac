// SPDX-License-Identifier: Apache-2.0
// Compares evaluations by one metric.
#include "nn/train/best_model.h"

#include <fmt/format.h>

#include <cmath>

#include "nn/train/training_checks.h"

namespace thaw {

BestModel::BestModel(const TrainingOptions& options, TrainerState& state)
    : options_(options), state_(state), metric_(metric_name(options.metric_for_best_model)) {}

bool BestModel::take(const Metrics& metrics) {
  const double value = metrics.at(metric_);
  const double sign = larger_is_better(metric_) ? 1 : -1;
  const bool better = std::isfinite(value) && (state_.best_step < 0 || sign * value > sign * state_.best.at(metric_));
  state_.worse_evaluations = better ? 0 : state_.worse_evaluations + 1;
  if (!better) return false;
  state_.best = metrics;
  state_.best_step = state_.step;
  return true;
}

bool BestModel::patience_is_over() const {
  return options_.early_stopping_patience > 0 && state_.worse_evaluations >= options_.early_stopping_patience;
}

std::optional<std::filesystem::path> BestModel::elsewhere() const {
  if (state_.best_step < 0 || state_.best_step == state_.step) return {};
  return checkpoint_path(options_.output_dir, state_.best_step);
}

std::string BestModel::description() const {
  return fmt::format("step {}: {} {:.4f}", state_.best_step, metric_, state_.best.at(metric_));
}

}  // namespace thaw
