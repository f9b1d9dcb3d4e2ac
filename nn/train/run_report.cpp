// SPDX-License-Identifier: Apache-2.0
// Lines of progress and of the log.
#include "nn/train/run_report.h"

#include <fmt/format.h>

#include <exception>
#include <limits>
#include <utility>

namespace thaw {

RunReport::RunReport(const TrainingOptions& options, TrainerState& state, std::string_view parts)
    : options_(options), state_(state), parts_(parts), progress_(options.progress) {}

void RunReport::begin(int64_t total, int64_t per_epoch, int64_t from_step) {
  total_ = total;
  per_epoch_ = per_epoch;
  log_ = std::make_unique<RunLog>(options_.output_dir, from_step);
}

void RunReport::count(int64_t tokens, double seconds) {
  tokens_ += tokens;
  seconds_ += seconds;
  state_.tokens += tokens;
  state_.seconds += seconds;
}

void RunReport::step(double learning_rate, double grad_norm, bool logs) {
  const double tokens_per_second = seconds_ > 0 ? static_cast<double>(tokens_) / seconds_ : 0;
  const double seconds_left = seconds_ / static_cast<double>(++steps_) * static_cast<double>(total_ - state_.step);
  const auto epochs = [this](int64_t steps) { return static_cast<double>(steps) / static_cast<double>(per_epoch_); };
  const int64_t losses = state_.losses - state_.logged_losses;
  const double loss = losses > 0 ? (state_.loss_sum - state_.logged_loss_sum) / static_cast<double>(losses)
                                 : std::numeric_limits<double>::quiet_NaN();
  progress_.update({state_.step, total_, epochs(state_.step), epochs(total_), loss, learning_rate, tokens_per_second,
                    seconds_left, parts_},
                   logs);
  if (!logs) return;
  state_.logged_losses = state_.losses;
  state_.logged_loss_sum = state_.loss_sum;
  Metrics values{{"loss", loss},
                 {"learning_rate", learning_rate},
                 {"grad_norm", grad_norm},
                 {"epoch", epochs(state_.step)},
                 {"tokens_per_second", tokens_per_second}};
  for (const auto& [part, sum] : std::exchange(state_.unlogged_parts, {}))
    values["loss/" + part] = sum.loss / static_cast<double>(sum.terms);
  write_log("train", values);
}

void RunReport::evaluation(const Metrics& metrics) {
  write_log("eval", metrics);
  std::string text = fmt::format("step {}: validation", state_.step);
  for (const auto& [name, value] : metrics) text += fmt::format("  {} {:.4f}", name, value);
  line(text);
}

void RunReport::milestone() {
  if (!options_.milestone) return;
  try {
    options_.milestone();
  } catch (const std::exception& error) {
    if (!options_.continue_after_failed_save) throw;
    line(fmt::format("step {}: {}", state_.step, error.what()));
  }
}

void RunReport::write_log(const std::string& event, const Metrics& values) {
  try {
    log_->write(event, state_.step, values);
  } catch (const std::exception& error) {
    if (!options_.continue_after_failed_save) throw;
    line(fmt::format("step {}: not logged: {}", state_.step, error.what()));
  }
}

}  // namespace thaw
