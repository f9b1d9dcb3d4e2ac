// SPDX-License-Identifier: Apache-2.0
// What a run tells while it goes: progress for a person, log.jsonl and TensorBoard for programs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "nn/train/checkpoint.h"
#include "nn/train/metrics.h"
#include "nn/train/progress.h"
#include "nn/train/run_log.h"
#include "nn/train/trainer.h"

namespace thaw {

class RunReport {
 public:
  // Options and state must outlive it. `parts`: what examples are made of (TrainingTask::parts).
  RunReport(const TrainingOptions& options, TrainerState& state, std::string_view parts);

  // So many steps are to come, in all and of an epoch; the log is opened, anew, or (from_step >= 0) behind its lines up
  // to there.
  void begin(int64_t total, int64_t per_epoch, int64_t from_step);

  // A step over so many tokens took so long; of the state, too.
  void count(int64_t tokens, double seconds);
  // How training goes; with `logs`, also a line of the log, with the mean loss since the last, and of the data's parts
  // the mean of each one's terms since then.
  void step(double learning_rate, double grad_norm, bool logs);
  void evaluation(const Metrics& metrics);
  // Lets who is asked for it look at the record so far.
  void milestone();
  // A line for a person.
  void line(const std::string& text) { progress_.line(text); }
  void finish() { progress_.finish(); }

 private:
  void write_log(const std::string& event, const Metrics& values);

  const TrainingOptions& options_;
  TrainerState& state_;
  std::string_view parts_;
  int64_t total_ = 0, per_epoch_ = 1;
  // Of this process: what is left of the run will go as fast, whatever computed what is done.
  int64_t steps_ = 0, tokens_ = 0;
  double seconds_ = 0;
  Progress progress_;
  std::unique_ptr<RunLog> log_;
};

}  // namespace thaw
