// SPDX-License-Identifier: Apache-2.0
// The loop: steps, evaluations, checkpoints, and when to end.
#include "nn/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <utility>

#include "nn/freeze/freeze_report.h"
#include "nn/optim/schedule.h"
#include "nn/train/checkpoint.h"
#include "nn/train/guarded_step.h"
#include "nn/train/kept_models.h"
#include "nn/train/restore.h"
#include "nn/train/run_identity.h"
#include "nn/train/run_lock.h"
#include "nn/train/run_report.h"
#include "nn/train/training_checks.h"
#include "tensor/check.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// One run of train(): its state and the phases of the loop.
class Run {
 public:
  Run(TrainingTask& task, ParameterStore& store, Optimizer& optimizer, const TrainingOptions& options,
      const std::optional<fs::path>& resume)
      : task_(task),
        store_(store),
        optimizer_(optimizer),
        options_(options),
        lengths_(task.lengths()),
        report_(options, state_, task.parts()),
        step_(task, store, optimizer, options),
        models_(task, store, optimizer, options, state_, step_, report_) {
    check_options(options);
    check(&optimizer.store() == &store, "train: the optimizer is of another store");
    check(!lengths_.empty(), "train: there are no training examples");
    freeze_as_before_step(0);
    check(!store.trained().empty(), "train: every parameter is frozen");
    const auto examples = static_cast<int64_t>(lengths_.size());
    total_ = total_steps(options, examples);
    per_epoch_ = steps_per_epoch(examples, options.batches);
    check_evaluation(options, task.metric_names(), task.has_validation());
    schedule_ = make_schedule(options.lr_scheduler_type, options.learning_rate, warmup_steps(options, total_), total_);
    check_output_directory(options.output_dir);
    lock_ = std::make_unique<RunLock>(options.output_dir);
    state_.seed = options.seed;
    state_.identity = run_identity(options, store, optimizer, task, total_);
    store.mode().random = RandomStreams(options.seed);
    if (resume) restore(*resume);
    if (!resume) check_no_checkpoints(options.output_dir);
    for (const std::string& line : doubtful_options(options, total_)) report_.line("warning: " + line);
    report_.begin(total_, per_epoch_, resume ? state_.step : -1);
    report_.milestone();
  }

  TrainingResult operator()() {
    stopped_early_ = models_.patience_is_over();
    begun_ = true;
    while (!ended()) {
      const int64_t epoch = state_.step / per_epoch_;
      task_.begin_epoch(epoch);
      const auto steps = epoch_steps(lengths_, options_.batches, options_.seed, epoch);
      const auto begin = static_cast<size_t>(state_.step % per_epoch_);
      expected_ = false;
      for (size_t i = begin; i < steps.size() && !ended(); ++i) {
        step(std::span(steps).subspan(i));
        after_step(i + 1 == steps.size());
      }
    }
    if (!stopped_) models_.require_sound_weights();
    store_.mode().training = false;
    if (options_.load_best_model_at_end && !stopped_) models_.load_best();
    report_.milestone();
    report_.finish();
    return result();
  }

 private:
  bool ended() const { return state_.step >= total_ || stopped_ || stopped_early_; }
  TrainingResult result() const {
    TrainingResult result;
    result.steps = state_.step;
    result.resumed_at = resumed_at_;
    result.train_loss = state_.losses > 0 ? state_.loss_sum / static_cast<double>(state_.losses) : 0;
    result.seconds = state_.seconds;
    result.tokens_per_second = state_.seconds > 0 ? static_cast<double>(state_.tokens) / state_.seconds : 0;
    result.best = state_.best;
    result.best_step = state_.best_step;
    result.stopped = stopped_;
    result.stopped_early = stopped_early_;
    if (const fs::path last = checkpoint_path(options_.output_dir, state_.step); fs::exists(last))
      result.checkpoint = last;
    return result;
  }

  void freeze_as_before_step(int64_t step) {
    if (!options_.freezing || frozen_for_ == step) return;
    frozen_for_ = step;
    if (!options_.freezing({step, step / per_epoch_, stalls_before(step)})) return;
    optimizer_.rebuild();
    step_.expect_gradients();
    expected_ = false;  // what is kept of a frozen part may be needed again
    if (begun_) tell_of_freezing(step);
  }

  int64_t stalls_before(int64_t step) const {
    return std::ranges::count_if(state_.stalled_at, [step](int64_t at) { return at <= step; });
  }

  void count_stall() {
    if (state_.worse_evaluations < options_.stall_patience || state_.step == total_) return;
    if (std::ssize(state_.stalled_at) >= options_.awaited_stalls) return;
    state_.stalled_at.push_back(state_.step);
    state_.worse_evaluations = 0;
    report_.line(fmt::format("validation stalled after step {}", state_.step));
  }

  void tell_of_freezing(int64_t step) {
    const FreezeReport report = freeze_report(store_);
    report_.line(fmt::format("after step {}: trained from here on: {} of {} parameters", step, report.trained,
                             report.trained + report.frozen));
  }

  // Memory that does not suffice ends a run before its first step, not in its third hour. Not where that would cost
  // more than a twentieth of the run, or tell hardly more than the first step does.
  void rehearse(const StepBatch& first) {
    if (std::exchange(rehearsed_, true)) return;
    const auto tokens = [this](const StepBatch& step) {
      return static_cast<double>(tokens_of(step.examples(), lengths_));
    };
    const auto at_once = [this](const StepBatch& step) { return static_cast<double>(most_tokens(step, lengths_)); };
    const StepBatch largest = largest_step(lengths_, options_.batches);
    const double all = std::accumulate(lengths_.begin(), lengths_.end(), 0.0);
    const double to_come = all * static_cast<double>(total_ - state_.step) / static_cast<double>(per_epoch_);
    if (at_once(largest) <= 1.1 * at_once(first) || 20 * tokens(largest) > to_come) return;
    freeze_as_before_step(state_.step);
    task_.expect(largest.examples());
    step_.rehearse(largest);
  }

  // The first of those that are to come in this epoch.
  void step(std::span<const StepBatch> to_come) {
    const StepBatch& batch = to_come[0];
    rehearse(batch);
    const auto start = Clock::now();
    freeze_as_before_step(state_.step);
    if (!std::exchange(expected_, true)) task_.expect(examples_of(to_come));
    step_.compute(batch, state_.step + 1);
    finish_update(false);  // that of the step before
    rate_ = schedule_(state_.step);
    step_.update(rate_);
    ++state_.step;
    report_.count(tokens_of(batch.examples(), lengths_), seconds_since(start));
  }

  // Waits for the numbers of the last update, if they were not read yet, counts them and shows how the run goes.
  void finish_update(bool logs) {
    const auto outcome = step_.finish();
    if (!outcome) return;
    if (outcome->left_out) {
      report_.line(fmt::format("step {}: loss {}, gradient norm {}: not finite, the step is left out", state_.step,
                               outcome->loss, outcome->norm));
    } else {
      state_.loss_sum += outcome->loss;
      ++state_.losses;
      for (const auto& [part, sum] : outcome->parts) {
        state_.unlogged_parts[part].loss += sum.loss;
        state_.unlogged_parts[part].terms += sum.terms;
      }
    }
    report_.step(rate_, outcome->norm, logs || state_.step % options_.logging_steps == 0);
  }

  void after_step(bool epoch_ends) {
    const bool last = state_.step == total_;
    const bool stops = options_.stop_requested && options_.stop_requested();
    const bool evaluates = is_due(options_.eval_strategy, options_.eval_steps, epoch_ends);
    const bool saves = is_due(options_.save_strategy, options_.save_steps, epoch_ends);
    if (last || stops || evaluates || saves) {
      const auto start = Clock::now();
      finish_update(last || stops);
      report_.count(0, seconds_since(start));
    }
    const bool better = evaluates && models_.evaluate();
    if (evaluates) {
      report_.milestone();
      count_stall();
    }
    if (!last) {
      stopped_early_ = models_.patience_is_over();
      stopped_ = stops;
    }
    const bool keeps = saves || (better && options_.load_best_model_at_end) || stopped_ ||
                       (stopped_early_ && options_.save_strategy != Interval::never);
    if (keeps) models_.save();
    if (evaluates || keeps) expected_ = false;  // other examples were asked for
    if (stopped_early_)
      report_.line(fmt::format("stopped after step {}: {} evaluations without a better {}", state_.step,
                               state_.worse_evaluations, options_.metric_for_best_model));
  }

  bool is_due(Interval interval, int64_t steps, bool epoch_ends) const {
    const bool last = state_.step == total_;
    if (interval == Interval::epoch) return epoch_ends || last;
    return interval == Interval::steps && (state_.step % steps == 0 || last);
  }

  void restore(const fs::path& checkpoint) {
    Restored restored = read_own_checkpoint(checkpoint, state_.identity, options_, store_.device());
    state_ = std::move(restored.state);
    resumed_at_ = state_.step;
    const bool otherwise = restored.freezes_otherwise;
    // The optimizer's state is of what the last step trained.
    if (state_.step > 0) freeze_as_before_step(state_.step - (otherwise ? 0 : 1));
    task_.load_model(checkpoint);
    const int64_t trained = std::ssize(store_.trained());
    const int64_t go_on = otherwise ? optimizer_.take_over(restored.optimizer) : trained;
    if (!otherwise) optimizer_.load_state(restored.optimizer, checkpoint.string());
    store_.mode().random.set_position(state_.random_position);
    remove_checkpoints_after(options_.output_dir, state_.step);
    report_.line(fmt::format("resumed from {} ({})", checkpoint.string(),
                             state_.step < total_ ? fmt::format("step {} of {}", state_.step, total_)
                                                  : fmt::format("all {} steps are done", state_.step)));
    for (const std::string& note : restored.notes) report_.line(note);
    if (otherwise)
      report_.line(
          fmt::format("another part is trained than before: of {} tensors {} keep their moments, {} begin anew",
                      trained, go_on, trained - go_on));
  }

  TrainingTask& task_;
  ParameterStore& store_;
  Optimizer& optimizer_;
  const TrainingOptions& options_;
  std::span<const int64_t> lengths_;
  int64_t per_epoch_ = 1, total_ = 0, resumed_at_ = 0;
  int64_t frozen_for_ = -1;  // the step for which `freezing` was asked last
  Schedule schedule_;
  std::unique_ptr<RunLock> lock_;
  TrainerState state_;
  RunReport report_;
  GuardedStep step_;
  KeptModels models_;
  double rate_ = 0;        // of the last update
  bool expected_ = false;  // the task was told of the steps to come
  bool begun_ = false, rehearsed_ = false, stopped_ = false, stopped_early_ = false;
};

}  // namespace

TrainingResult train(TrainingTask& task, ParameterStore& store, Optimizer& optimizer, const TrainingOptions& options,
                     const std::optional<fs::path>& resume) {
  return Run(task, store, optimizer, options, resume)();
}

}  // namespace thaw
