// SPDX-License-Identifier: Apache-2.0
// The loop. The device looks at loss and gradient norm before each update, so that a step that is not finite never
// reaches the weights; the host reads them one step later, when they are there, and never waits for the step under way.
#include "nn/train/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "nn/evaluation_mode.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "nn/optim/schedule.h"
#include "nn/train/checkpoint.h"
#include "nn/train/nonfinite.h"
#include "nn/train/progress.h"
#include "nn/train/run_identity.h"
#include "nn/train/run_lock.h"
#include "nn/train/run_log.h"
#include "nn/train/stop_signals.h"
#include "nn/train/training_checks.h"
#include "tensor/check.h"
#include "tensor/memory_stats.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// One run of train(): its state and the phases of the loop.
class Run {
 public:
  Run(TrainingTask& task, ParameterStore& store, const TrainingOptions& options,
      const std::optional<std::filesystem::path>& resume)
      : task_(task),
        store_(store),
        options_(options),
        lengths_(task.lengths()),
        progress_(options.progress),
        chosen_metric_(metric_name(options.metric_for_best_model)) {
    check_options(options);
    check(!lengths_.empty(), "train: there are no training examples");
    check(!store.trained().empty(), "train: every parameter is frozen");
    const auto examples = static_cast<int64_t>(lengths_.size());
    total_ = total_steps(options, examples);
    per_epoch_ = steps_per_epoch(examples, options.batches);
    check_evaluation(options, task.metric_names(), task.has_validation());
    schedule_ = make_schedule(options.lr_scheduler_type, options.learning_rate, warmup_steps(options, total_), total_);
    check_output_directory(options.output_dir);
    lock_ = std::make_unique<RunLock>(options.output_dir);
    optimizer_ = std::make_unique<AdamW>(
        store, AdamWOptions{options.adam_beta1, options.adam_beta2, options.adam_epsilon, options.weight_decay});
    state_.seed = options.seed;
    state_.identity = run_identity(options, store, task, total_);
    store.mode().random = RandomStreams(options.seed);
    if (resume) {
      restore(*resume);
    } else {
      check_no_checkpoints(options.output_dir);
    }
    for (const std::string& line : doubtful_options(options, total_)) progress_.line("warning: " + line);
    log_ = std::make_unique<RunLog>(options.output_dir, resume ? state_.step : -1);
  }

  TrainingResult operator()() {
    const StopSignals signals;
    stopped_early_ = patience_is_over();
    while (!ended()) {
      const auto steps = epoch_steps(lengths_, options_.batches, options_.seed, state_.step / per_epoch_);
      for (auto i = static_cast<size_t>(state_.step % per_epoch_); i < steps.size() && !ended(); ++i) {
        step(steps[i]);
        after_step(i + 1 == steps.size());
      }
    }
    if (!stopped_by_signal_) require_sound_model();
    store_.mode().training = false;
    if (options_.load_best_model_at_end && !stopped_by_signal_) load_best();
    progress_.finish();
    TrainingResult result;
    result.steps = state_.step;
    result.resumed_at = resumed_at_;
    result.train_loss = state_.losses > 0 ? state_.loss_sum / static_cast<double>(state_.losses) : 0;
    result.seconds = state_.seconds;
    result.tokens_per_second = state_.seconds > 0 ? static_cast<double>(state_.tokens) / state_.seconds : 0;
    result.best = state_.best;
    result.best_step = state_.best_step;
    result.stopped_by_signal = stopped_by_signal_;
    result.stopped_early = stopped_early_;
    return result;
  }

 private:
  // A step whose loss and gradient norm were not read yet.
  struct Update {
    StepBatch batch;
    uint64_t random_position;  // where its random numbers began
    Pending<float> loss, norm;
  };

  bool ended() const { return state_.step >= total_ || stopped_by_signal_ || stopped_early_; }
  bool patience_is_over() const {
    return options_.early_stopping_patience > 0 && state_.worse_evaluations >= options_.early_stopping_patience;
  }
  // Of this process: what is left of the run will go as fast, whatever computed what is done.
  double speed() const { return seconds_ > 0 ? static_cast<double>(tokens_) / seconds_ : 0; }
  void count_time_since(Clock::time_point start) {
    const double seconds = seconds_since(start);
    seconds_ += seconds;
    state_.seconds += seconds;
  }

  void step(const StepBatch& batch) {
    const auto start = Clock::now();
    store_.mode().training = true;
    const uint64_t random_position = store_.mode().random.position();
    const Tensor loss = losses_and_gradients(batch);
    store_.device().backend().flush();
    finish_update(false);  // that of the step before
    const GradientNorm norm = clip_gradients(store_, options_.max_grad_norm);
    last_rate_ = schedule_(state_.step);
    optimizer_->step(last_rate_, norm.scale, add(loss, norm.norm));
    update_ = Update{batch, random_position, loss.to_host_later(), norm.norm.to_host_later()};
    optimizer_->clear_gradients();
    store_.device().backend().flush();
    ++state_.step;
    const int64_t tokens = tokens_of(batch.examples());
    tokens_ += tokens;
    state_.tokens += tokens;
    count_time_since(start);
  }

  int64_t tokens_of(const std::vector<int64_t>& examples) const {
    int64_t tokens = 0;
    for (const int64_t e : examples) tokens += lengths_[static_cast<size_t>(e)];
    return tokens;
  }

  // The loss of a step's examples, its gradients summed over the micro-batches.
  Tensor losses_and_gradients(const StepBatch& batch) {
    const double weight = task_.weight(batch.examples());
    Tensor loss;
    for (const std::vector<int64_t>& micro : batch.micro_batches) try {
        const Variable part = task_.loss(micro, weight);
        backward(part);
        loss = loss.defined() ? add(loss, part.value()) : part.value();
      } catch (const OutOfMemory& error) {
        fail("step {}, {} examples with {} tokens at once: {}", state_.step + 1, micro.size(), tokens_of(micro),
             error.what());
      }
    return loss;
  }

  // Waits for the numbers of the last update, if they were not read yet, counts them and shows how the run goes.
  void finish_update(bool log) {
    if (!update_) return;
    Update update = std::move(*update_);
    update_.reset();
    const double loss = update.loss.get();
    last_norm_ = std::abs(update.norm.get());
    if (std::isfinite(loss + last_norm_)) {
      state_.loss_sum += loss;
      ++state_.losses;
      sound_examples_ = update.batch.micro_batches[0];
    } else {
      on_nonfinite(update, loss);
    }
    show(log || state_.step % options_.logging_steps == 0);
  }

  void on_nonfinite(const Update& update, double loss) {
    const std::string numbers = fmt::format("step {}: loss {}, gradient norm {}", state_.step, loss, last_norm_);
    optimizer_->step_was_left_out();
    if (options_.skip_nonfinite_steps) {
      progress_.line(numbers + ": not finite, the step is left out");
      return;
    }
    // The gradients are gone, but the weights are still those that gave them: compute them again.
    optimizer_->clear_gradients();
    store_.mode().random.set_position(update.random_position);
    losses_and_gradients(update.batch);
    const std::string culprit = first_nonfinite(store_);
    fail("{}: stopped, the weights are those of step {}; the first tensor that is not finite: {}", numbers,
         state_.step - 1, culprit.empty() ? "none of the parameters or gradients" : culprit);
  }

  // Stops the run if the last steps left weights that do not compute: the guard looks at each step before its update,
  // and so sees the last one's weights only in the next step. Asked before weights are kept.
  void require_sound_model() {
    if (state_.step == resumed_at_) return;
    double loss = std::numeric_limits<double>::quiet_NaN();
    const bool finite = weights_are_finite(store_);
    if (finite && !sound_examples_.empty()) {
      const EvaluationMode evaluation(store_.mode());
      const NoGrad no_grad;
      loss = task_.loss(sound_examples_, task_.weight(sound_examples_)).value().item();
    }
    const bool untold = finite && sound_examples_.empty() && state_.losses > 0;
    if (std::isfinite(loss) || untold) return;
    optimizer_->clear_gradients();
    const std::string culprit = first_nonfinite(store_);
    const std::string reason = !culprit.empty()          ? culprit + " is not finite"
                               : !finite                 ? "the weights are too large to compute with"
                               : sound_examples_.empty() ? "no step had a finite loss"
                                                         : fmt::format("their loss is {}", loss);
    const auto former = list_checkpoints(options_.output_dir);
    fail("step {}: its weights are not kept, {}: stopped; {}; a smaller learning rate than {} may help", state_.step,
         reason, former.empty() ? "there is no checkpoint" : "the last checkpoint is " + former[0].filename().string(),
         options_.learning_rate);
  }

  void after_step(bool epoch_ends) {
    const bool last = state_.step == total_;
    const int signal = StopSignals::received();
    const bool evaluates = due(options_.eval_strategy, options_.eval_steps, epoch_ends);
    const bool saves = due(options_.save_strategy, options_.save_steps, epoch_ends);
    if (last || signal != 0 || evaluates || saves) {
      const auto start = Clock::now();
      finish_update(last || signal != 0);
      count_time_since(start);
    }
    const bool better = evaluates && evaluate();
    if (!last) {
      stopped_early_ = patience_is_over();
      stopped_by_signal_ = signal != 0;
    }
    const bool save_now = saves || (better && options_.load_best_model_at_end) || stopped_by_signal_ ||
                          (stopped_early_ && options_.save_strategy != Interval::never);
    const bool saved = save_now && save();
    if (stopped_early_)
      progress_.line(fmt::format("stopped after step {}: {} evaluations without a better {}", state_.step,
                                 state_.worse_evaluations, options_.metric_for_best_model));
    if (stopped_by_signal_ && saved)
      progress_.line(fmt::format("stopped by signal {} after step {}; go on with the same command and --resume", signal,
                                 state_.step));
  }

  bool due(Interval interval, int64_t steps, bool epoch_ends) const {
    const bool last = state_.step == total_;
    if (interval == Interval::epoch) return epoch_ends || last;
    return interval == Interval::steps && (state_.step % steps == 0 || last);
  }

  void show(bool log) {
    const double epoch = static_cast<double>(state_.step) / static_cast<double>(per_epoch_);
    const int64_t losses = state_.losses - state_.logged_losses;
    const double loss = losses > 0 ? (state_.loss_sum - state_.logged_loss_sum) / static_cast<double>(losses)
                                   : std::numeric_limits<double>::quiet_NaN();
    const double per_step = seconds_ / static_cast<double>(state_.step - resumed_at_);
    progress_.update({state_.step, total_, epoch, static_cast<double>(total_) / static_cast<double>(per_epoch_), loss,
                      last_rate_, speed(), per_step * static_cast<double>(total_ - state_.step)},
                     log);
    if (!log) return;
    state_.logged_losses = state_.losses;
    state_.logged_loss_sum = state_.loss_sum;
    write_log("train", {{"loss", loss},
                        {"learning_rate", last_rate_},
                        {"grad_norm", last_norm_},
                        {"epoch", epoch},
                        {"tokens_per_second", speed()}});
  }

  void write_log(const std::string& event, const Metrics& values) {
    try {
      log_->write(event, state_.step, values);
    } catch (const std::exception& error) {
      if (!options_.continue_after_failed_save) throw;
      progress_.line(fmt::format("step {}: not logged: {}", state_.step, error.what()));
    }
  }

  // True if this evaluation is the best so far.
  bool evaluate() {
    const EvaluationMode evaluation(store_.mode());
    const NoGrad no_grad;
    const Metrics metrics = task_.evaluate();
    if (metrics.empty()) return false;
    write_log("eval", metrics);
    std::string text = fmt::format("step {}: validation", state_.step);
    for (const auto& [name, value] : metrics) text += fmt::format("  {} {:.4f}", name, value);
    progress_.line(text);
    const double value = metrics.at(chosen_metric_);
    const double sign = larger_is_better(chosen_metric_) ? 1 : -1;
    const bool better =
        std::isfinite(value) && (state_.best_step < 0 || sign * value > sign * state_.best.at(chosen_metric_));
    state_.worse_evaluations = better ? 0 : state_.worse_evaluations + 1;
    if (!better) return false;
    state_.best = metrics;
    state_.best_step = state_.step;
    return true;
  }

  // False if it failed and the user wants to go on.
  bool save() {
    require_sound_model();
    state_.random_position = store_.mode().random.position();
    try {
      save_checkpoint(options_.output_dir, state_, optimizer_->state(),
                      [this](const auto& directory) { task_.save_model(directory); });
      prune_checkpoints(options_.output_dir, options_.save_total_limit, state_.best_step);
      return true;
    } catch (const std::exception& error) {
      if (!options_.continue_after_failed_save) throw;
      progress_.line(fmt::format("step {}: the checkpoint was not saved: {}", state_.step, error.what()));
      return false;
    }
  }

  void load_best() {
    if (state_.best_step < 0 || state_.best_step == state_.step) return;
    const std::filesystem::path best = checkpoint_path(options_.output_dir, state_.best_step);
    try {
      verify_checkpoint(best);
    } catch (const std::runtime_error& error) {
      const std::filesystem::path last = checkpoint_path(options_.output_dir, state_.step);
      const bool kept = std::filesystem::exists(last) || save();
      fail("the best model cannot be loaded: {}; the last one {}", error.what(),
           kept ? "is in " + last.string() : "could not be saved");
    }
    task_.load_model(best);
    progress_.line(fmt::format("the best model is that of step {}: {} {:.4f}", state_.best_step, chosen_metric_,
                               state_.best.at(chosen_metric_)));
  }

  void restore(const std::filesystem::path& checkpoint) {
    LoadedCheckpoint loaded = load_checkpoint(checkpoint, store_.device());
    const RunIdentity now = std::exchange(state_, std::move(loaded.state)).identity;
    const RunIdentity then = std::exchange(state_.identity, now);
    const auto refuse = [&](const std::string& difference) {
      if (!difference.empty()) fail("{}: was written by a run with other options: {}", checkpoint.string(), difference);
    };
    refuse(fingerprint_difference(then.training, now.training));
    const std::string evaluation = fingerprint_difference(then.validation, now.validation);
    if (validation_decides(options_)) {
      refuse(evaluation);
      if (options_.load_best_model_at_end && state_.best_step >= 0 && state_.best_step != state_.step)
        verify_checkpoint(checkpoint_path(options_.output_dir, state_.best_step));
    } else if (!evaluation.empty()) {
      state_.best = {};
      state_.best_step = -1;
      state_.worse_evaluations = 0;
    }
    resumed_at_ = state_.step;
    task_.load_model(checkpoint);
    optimizer_->load_state(loaded.optimizer, checkpoint.string());
    store_.mode().random.set_position(state_.random_position);
    remove_checkpoints_after(options_.output_dir, state_.step);
    progress_.line(fmt::format("resumed from {} (step {} of {})", checkpoint.string(), state_.step, total_));
    if (const std::string other = fingerprint_difference(then.circumstances, now.circumstances); !other.empty())
      progress_.line("the numbers will not be those of an undisturbed run: " + other);
    if (!validation_decides(options_) && !evaluation.empty())
      progress_.line("the evaluations so far do not count: " + evaluation);
  }

  TrainingTask& task_;
  ParameterStore& store_;
  const TrainingOptions& options_;
  std::span<const int64_t> lengths_;
  int64_t per_epoch_ = 0, total_ = 0, resumed_at_ = 0, tokens_ = 0;
  Schedule schedule_;
  std::unique_ptr<RunLock> lock_;
  std::unique_ptr<AdamW> optimizer_;
  std::unique_ptr<RunLog> log_;
  Progress progress_;
  TrainerState state_;
  std::optional<Update> update_;
  std::vector<int64_t> sound_examples_;  // a part of the last step whose loss was finite
  std::string chosen_metric_;
  double last_norm_ = 0, last_rate_ = 0, seconds_ = 0;
  bool stopped_by_signal_ = false, stopped_early_ = false;
};

}  // namespace

TrainingResult train(TrainingTask& task, ParameterStore& store, const TrainingOptions& options,
                     const std::optional<std::filesystem::path>& resume) {
  return Run(task, store, options, resume)();
}

}  // namespace thaw
