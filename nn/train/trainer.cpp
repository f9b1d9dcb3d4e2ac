// SPDX-License-Identifier: Apache-2.0
// The loop itself. The loss of a step is read while the next one runs: the host never waits for the device inside a step.
#include "nn/train/trainer.h"

#include <chrono>
#include <cmath>
#include <memory>
#include <utility>

#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "nn/optim/schedule.h"
#include "nn/train/checkpoint.h"
#include "nn/train/progress.h"
#include "nn/train/run_lock.h"
#include "nn/train/run_log.h"
#include "nn/train/stop_signals.h"
#include "tensor/check.h"

namespace thaw {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// What decides the numbers of a run: two runs with different fingerprints are not continuations of each other.
std::string fingerprint(const TrainingOptions& o, const ParameterStore& store, int64_t examples, int64_t total_steps) {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a over the trained names
  for (const Parameter& p : store.trained())
    for (const char c : p.name() + "\n") hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("examples {} steps {} batch {}x{} tokens {} buckets {} lr {} wd {} betas {} {} eps {} clip {} schedule {} warmup {} {} seed {} trained {:016x}",
                     examples, total_steps, o.batches.batch_size, o.batches.accumulation, o.batches.batch_tokens, o.batches.bucket_steps,
                     o.learning_rate, o.weight_decay, o.adam_beta1, o.adam_beta2, o.adam_epsilon, o.max_grad_norm, o.lr_scheduler_type, o.warmup_ratio,
                     o.warmup_steps, o.seed, hash);
}

int64_t steps_per_epoch(int64_t examples, const BatchOptions& o) {
  const int64_t size = o.batch_size * o.accumulation;
  return o.drop_last ? examples / size : (examples + size - 1) / size;
}

// One run of train(): its state and the phases of the loop.
class Run {
 public:
  Run(TrainingTask& task, ParameterStore& store, const TrainingOptions& options, const std::optional<std::filesystem::path>& resume)
      : task_(task), store_(store), options_(options), lock_(options.output_dir), lengths_(task.lengths()) {
    check(!lengths_.empty(), "train: there are no training examples");
    check(!store.trained().empty(), "train: every parameter is frozen");
    per_epoch_ = steps_per_epoch(static_cast<int64_t>(lengths_.size()), options.batches);
    check(per_epoch_ > 0, "train: {} examples do not fill one step", lengths_.size());
    total_ = options.max_steps > 0 ? options.max_steps : static_cast<int64_t>(std::ceil(options.num_train_epochs * static_cast<double>(per_epoch_)));
    const int64_t warmup = options.warmup_steps > 0 ? options.warmup_steps : static_cast<int64_t>(std::ceil(options.warmup_ratio * static_cast<double>(total_)));
    schedule_ = make_schedule(options.lr_scheduler_type, options.learning_rate, warmup, total_);
    optimizer_ = std::make_unique<AdamW>(store, AdamWOptions{options.adam_beta1, options.adam_beta2, options.adam_epsilon, options.weight_decay});
    state_.seed = options.seed;
    state_.fingerprint = fingerprint(options, store, static_cast<int64_t>(lengths_.size()), total_);
    store.mode().random = RandomStreams(options.seed);
    if (resume) restore(*resume);
    log_ = std::make_unique<RunLog>(options.output_dir, resume ? state_.step : -1);
  }

  TrainingResult operator()() {
    const StopSignals signals;
    const int64_t first_step = state_.step;
    while (state_.step < total_ && !done_) {
      const int64_t epoch = state_.step / per_epoch_;
      const auto steps = epoch_steps(lengths_, options_.batches, options_.seed, epoch);
      for (auto i = static_cast<size_t>(state_.step % per_epoch_); i < steps.size() && state_.step < total_ && !done_; ++i) {
        step(steps[i]);
        after_step(i + 1 == steps.size() || state_.step == total_);
      }
    }
    finish_pending();
    progress_.finish();
    TrainingResult result;
    result.steps = state_.step - first_step;
    result.train_loss = state_.step ? state_.loss_sum / static_cast<double>(state_.step) : 0;
    result.seconds = train_seconds_;
    result.tokens_per_second = train_seconds_ > 0 ? static_cast<double>(tokens_) / train_seconds_ : 0;
    result.best = state_.best;
    result.best_step = state_.best_step;
    result.stopped_by_signal = stopped_by_signal_;
    result.stopped_early = stopped_early_;
    return result;
  }

 private:
  void step(const StepBatch& batch) {
    const auto start = Clock::now();
    store_.mode().training = true;
    const std::vector<int64_t> examples = batch.examples();
    const double weight = task_.weight(examples);
    Tensor loss;
    for (const auto& micro : batch.micro_batches) {
      const Variable part = task_.loss(micro, weight);
      backward(part);
      loss = loss.defined() ? add(loss, part.value()) : part.value();
    }
    for (const int64_t e : examples) tokens_ += lengths_[static_cast<size_t>(e)];
    const GradientNorm norm = clip_gradients(store_, options_.max_grad_norm);
    if (options_.skip_nonfinite_steps) finish_pending();
    Pending<float> pending_loss = loss.to_host_later(), pending_norm = norm.norm.to_host_later();
    const double rate = schedule_(state_.step);
    bool apply = true;
    if (options_.skip_nonfinite_steps) apply = std::isfinite(pending_norm.get()) && std::isfinite(pending_loss.get());
    if (apply) optimizer_->step(rate, norm.scale);
    optimizer_->clear_gradients();
    loss.device().backend().flush();
    finish_pending();
    pending_ = {std::move(pending_loss), std::move(pending_norm), rate, !apply};
    ++state_.step;
    train_seconds_ += seconds_since(start);
  }

  // Reads the loss of the step that was launched before.
  void finish_pending() {
    if (!pending_.loss.defined()) return;
    const double loss = pending_.loss.get(), norm = pending_.norm.get();
    pending_.loss = {};
    if (pending_.skipped) {
      progress_.line(fmt::format("step {}: loss {} or gradient norm {} is not finite: the step is left out", state_.step, loss, norm));
      return;
    }
    if (!std::isfinite(loss) || !std::isfinite(norm)) stop_at_nonfinite(loss, norm);
    last_loss_ = loss;
    last_norm_ = norm;
    last_rate_ = pending_.rate;
    state_.loss_sum += loss;
  }

  [[noreturn]] void stop_at_nonfinite(double loss, double norm) {
    for (const Parameter& p : store_.trained()) {
      for (const float value : p.value().to_host<float>())
        if (!std::isfinite(value))
          fail("step {}: loss {}, gradient norm {}: {} is the first tensor that is not finite; the last checkpoint stands", state_.step, loss, norm, p.name());
    }
    fail("step {}: loss {}, gradient norm {}: not finite; the last checkpoint stands", state_.step, loss, norm);
  }

  void after_step(bool epoch_ends) {
    const bool last = state_.step == total_;
    const bool signalled = StopSignals::received() != 0;
    const bool log = state_.step % options_.logging_steps == 0 || last;
    const bool evaluate_now = due(options_.eval_strategy, options_.eval_steps, epoch_ends);
    const bool save_now = due(options_.save_strategy, options_.save_steps, epoch_ends);
    if (log || evaluate_now || save_now || signalled) finish_pending();
    show(log);
    if (evaluate_now) evaluate();
    if (options_.early_stopping_patience > 0 && state_.worse_evaluations >= options_.early_stopping_patience && !last) stopped_early_ = done_ = true;
    if (signalled) stopped_by_signal_ = done_ = true;
    if (save_now || (signalled && !last) || (done_ && options_.save_strategy != Interval::never)) save();
    if (signalled && !last)
      progress_.line(fmt::format("stopped by signal {} after step {}; go on with the same command and --resume", StopSignals::received(), state_.step));
  }

  bool due(Interval interval, int64_t steps, bool epoch_ends) const {
    if (interval == Interval::epoch) return epoch_ends;
    return interval == Interval::steps && (state_.step % steps == 0 || state_.step == total_);
  }

  void show(bool log) {
    const double epoch = static_cast<double>(state_.step) / static_cast<double>(per_epoch_);
    const double speed = train_seconds_ > 0 ? static_cast<double>(tokens_) / train_seconds_ : 0;
    const double per_step = train_seconds_ / static_cast<double>(std::max<int64_t>(1, state_.step - resumed_at_));
    progress_.update({state_.step, total_, epoch, static_cast<double>(total_) / static_cast<double>(per_epoch_), last_loss_, last_rate_, speed,
                      per_step * static_cast<double>(total_ - state_.step)},
                     log);
    if (log)
      log_->write("train", state_.step,
                  {{"loss", last_loss_}, {"learning_rate", last_rate_}, {"grad_norm", last_norm_}, {"epoch", epoch}, {"tokens_per_second", speed}});
  }

  void evaluate() {
    store_.mode().training = false;
    const NoGrad no_grad;
    const Metrics metrics = task_.evaluate();
    if (metrics.empty()) return;
    log_->write("eval", state_.step, metrics);
    std::string text = fmt::format("step {}: validation", state_.step);
    for (const auto& [name, value] : metrics) text += fmt::format("  {} {:.4f}", name, value);
    progress_.line(text);
    const std::string& chosen = options_.metric_for_best_model;
    const auto value = metrics.find(chosen);
    if (value == metrics.end()) fail("--metric-for-best-model {}: the evaluation gives {}", chosen, names_of(metrics));
    const bool better = state_.best_step < 0 || (larger_is_better(chosen) ? value->second > state_.best.at(chosen) : value->second < state_.best.at(chosen));
    state_.worse_evaluations = better ? 0 : state_.worse_evaluations + 1;
    if (!better) return;
    state_.best = metrics;
    state_.best_step = state_.step;
  }

  static std::string names_of(const Metrics& metrics) {
    std::string names;
    for (const auto& [name, value] : metrics) names += (names.empty() ? "" : ", ") + name;
    return names;
  }

  void save() {
    state_.random_position = store_.mode().random.position();
    try {
      save_checkpoint(options_.output_dir, state_, optimizer_->state(), [this](const auto& directory) { task_.save_model(directory); });
      prune_checkpoints(options_.output_dir, options_.save_total_limit, state_.best_step);
    } catch (const std::exception& error) {
      if (!options_.continue_after_failed_save) throw;
      progress_.line(fmt::format("step {}: the checkpoint was not saved: {}", state_.step, error.what()));
    }
  }

  void restore(const std::filesystem::path& checkpoint) {
    LoadedCheckpoint loaded = load_checkpoint(checkpoint, store_.device());
    if (loaded.state.fingerprint != state_.fingerprint)
      fail("{}: was written by a run with other options:\n  then: {}\n  now:  {}", checkpoint.string(), loaded.state.fingerprint, state_.fingerprint);
    state_ = std::move(loaded.state);
    resumed_at_ = state_.step;
    optimizer_->load_state(loaded.optimizer, state_.step, checkpoint.string());
    store_.mode().random.set_position(state_.random_position);
    progress_.line(fmt::format("resumed from {} (step {} of {})", checkpoint.string(), state_.step, total_));
  }

  struct PendingStep {
    Pending<float> loss, norm;
    double rate = 0;
    bool skipped = false;
  };

  TrainingTask& task_;
  ParameterStore& store_;
  const TrainingOptions& options_;
  RunLock lock_;
  std::span<const int64_t> lengths_;
  int64_t per_epoch_ = 0, total_ = 0, resumed_at_ = 0, tokens_ = 0;
  Schedule schedule_;
  std::unique_ptr<AdamW> optimizer_;
  std::unique_ptr<RunLog> log_;
  Progress progress_;
  TrainerState state_;
  PendingStep pending_;
  double last_loss_ = 0, last_norm_ = 0, last_rate_ = 0, train_seconds_ = 0;
  bool done_ = false, stopped_by_signal_ = false, stopped_early_ = false;
};

}  // namespace

TrainingResult train(TrainingTask& task, ParameterStore& store, const TrainingOptions& options, const std::optional<std::filesystem::path>& resume) {
  return Run(task, store, options, resume)();
}

}  // namespace thaw
