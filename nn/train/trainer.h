// SPDX-License-Identifier: Apache-2.0
// Training: steps, clipping, schedule, evaluation, best model, early stopping, checkpoints, logs.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "nn/freeze/freeze_time.h"
#include "nn/optim/optimizer.h"
#include "nn/parameter.h"
#include "nn/train/batches.h"
#include "nn/train/training_task.h"

namespace thaw {

enum class Interval { never, epoch, steps };

// Names and defaults are those that users of the Hugging Face Trainer know.
struct TrainingOptions {
  std::filesystem::path output_dir;
  double num_train_epochs = 3;
  int64_t max_steps = 0;  // > 0: instead of num_train_epochs; 0 and -1: none
  BatchOptions batches;
  double learning_rate = 5e-5;  // the highest of the schedule
  double max_grad_norm = 1;     // 0: no clipping
  std::string lr_scheduler_type = "linear";
  double warmup_ratio = 0;
  int64_t warmup_steps = 0;  // > 0: instead of warmup_ratio
  uint64_t seed = 42;
  int64_t logging_steps = 10;
  Interval eval_strategy = Interval::epoch, save_strategy = Interval::epoch;
  int64_t eval_steps = 500, save_steps = 500;
  int64_t save_total_limit = 2;                // newest checkpoints that are kept, besides the best; 0: all
  std::string metric_for_best_model = "loss";  // with or without "eval_"; larger_is_better() knows which way
  bool load_best_model_at_end = false;         // each better model is then saved, whatever the save strategy
  int64_t early_stopping_patience = 0;         // evaluations without a better metric; 0: never
  bool skip_nonfinite_steps = false;           // leave such a step out instead of stopping
  bool continue_after_failed_save = false;
  std::FILE* progress = stderr;  // where the run tells how it goes; null: nowhere
  // Asked after each step: should the run end with a checkpoint here, to be gone on with later? (A signal came.)
  std::function<bool()> stop_requested = {};
  // Called when the run's record is worth a look: before the first step, after evaluations and at the end. The
  // directory is the run's alone then, and its log is written. What it throws ends the run, unless
  // continue_after_failed_save.
  std::function<void()> milestone = {};
  // Gradual unfreezing. Called before each step: gives the store the whole freeze mask of that time, and says whether
  // that changed it. A function of the time alone: a run that is resumed asks for the start, for the step before its
  // first, and so on. follow_stages() makes one.
  std::function<bool(const TrainingClock&)> freezing = {};
  // Validation has stalled when so many evaluations in a row were not better than the best (metric_for_best_model);
  // then the count, which is that of early stopping, begins anew.
  int64_t stall_patience = 1;
  int64_t awaited_stalls = 0;          // how many the schedule waits for (thaw::awaited_stalls); no more are counted
  std::string freezing_schedule = {};  // what it does, as text, for the run's identity; empty: not told there
  // A resumed run may freeze otherwise than the one that wrote the checkpoint: what is trained as a whole and has
  // moments there keeps them, all else begins anew.
  bool other_freezing = false;
};

// Of the whole run, however often it was interrupted and resumed.
struct TrainingResult {
  int64_t steps = 0;
  int64_t resumed_at = 0;  // how many of them were done before this call
  double train_loss = 0;   // mean over the steps that were not left out
  double seconds = 0, tokens_per_second = 0;
  Metrics best;            // of the best evaluation; empty if there was none
  int64_t best_step = -1;  // -1: there was none
  bool stopped = false;    // by stop_requested
  bool stopped_early = false;
  std::filesystem::path checkpoint;  // of the last step; empty if there is none
};

// Trains the store's trained parameters on `task` with an optimizer of that store. `resume`: a checkpoint directory of
// such a run (latest_checkpoint() in checkpoint.h finds it); the task's model and the optimizer's state are loaded from
// it, and the run goes on bit for bit as if it had never stopped. Without `resume`, a directory that holds checkpoints
// is refused. Ends with the best model's weights in the store if load_best_model_at_end, else with the last ones. Tells
// of its progress at options.progress.
// Before the first step: std::invalid_argument on options that contradict each other (training_checks.h), if
// everything is frozen, on a metric that there is not or missing validation data (check_evaluation), or if the examples
// do not fill one step; std::runtime_error on an output directory that cannot be used or that another run uses, a
// checkpoint of another run (run_identity.h). In the first step: std::invalid_argument, naming them, on trained
// parameters that get no gradient.
// Later, std::runtime_error: a loss, gradient or weight that is not finite (such weights are never saved), a file that
// cannot be written, memory that does not suffice.
TrainingResult train(TrainingTask& task, ParameterStore& store, Optimizer& optimizer, const TrainingOptions& options,
                     const std::optional<std::filesystem::path>& resume = {});

}  // namespace thaw
