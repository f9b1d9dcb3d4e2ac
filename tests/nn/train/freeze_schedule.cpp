// SPDX-License-Identifier: Apache-2.0
// Training by a schedule of freezing: the steps of a loop by hand, whatever interrupts it, and what another schedule
// may do with a checkpoint.
#include "nn/freeze/freeze_schedule.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <utility>

#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "nn/optim/schedule.h"
#include "nn/train/checkpoint.h"
#include "nn/train/trainer.h"
#include "tensor/ops.h"
#include "tests/error_of.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// 8 steps an epoch. The head; the norm, too; all but the norm, which is frozen again.
const char* const by_steps =
    "freeze *\ntrain head.*\nfrom step 5\ntrain norm.*\nfrom step 11\ntrain words.*\nfreeze norm.*";
const char* const by_epochs = "freeze words.*\nfrom epoch 1\ntrain words.*\nfrom epoch 2\nfreeze norm.*";
const char* const gradual = "unfreeze every 6 steps";
constexpr int64_t steps = 18;
constexpr AdamWOptions decaying{.weight_decay = 0.1};

struct Process {
  Process(const std::filesystem::path& directory, const std::string& text, uint64_t seed = 1)
      : store(Device::from_environment(), DType::f32, seed), task(store), options(small_training(directory)) {
    options.max_steps = steps;
    options.eval_strategy = Interval::never;
    options.save_strategy = Interval::steps;
    options.save_steps = 1;
    options.save_total_limit = 0;
    const FreezeSchedule schedule = FreezeSchedule::parse(text, "schedule");
    stages = schedule.stages(store);
    options.freezing = follow_stages(store, stages);
    options.freezing_schedule = schedule.to_text();
  }
  TrainingResult run(const std::optional<std::filesystem::path>& resume = {}) {
    AdamW optimizer(store, decaying);
    return train(task, store, optimizer, options, resume);
  }
  std::vector<float> values(const std::string& name) const {
    for (const Parameter& p : store.all())
      if (p.name() == name) return p.value().to_host<float>();
    return {};
  }
  ParameterStore store;
  SmallTask task;
  TrainingOptions options;
  std::vector<FreezeStage> stages;
};

// A folder with the checkpoint of that step of another run alone.
std::filesystem::path killed_after(int64_t step, const std::filesystem::path& run,
                                   const std::filesystem::path& folder) {
  std::filesystem::create_directory(folder);
  std::filesystem::copy(checkpoint_path(run, step), checkpoint_path(folder, step));
  return checkpoint_path(folder, step);
}

// Every step, with the mask of its stage applied by hand and one optimizer, which is rebuilt after each change.
void train_by_hand(Process& process) {
  AdamW optimizer(process.store, decaying);
  ParameterStore& store = process.store;
  const TrainingOptions& o = process.options;
  const Schedule rate = make_schedule(o.lr_scheduler_type, o.learning_rate, 0, steps);
  store.mode().random = RandomStreams(o.seed);
  store.mode().training = true;
  int64_t step = 0;
  size_t last = 0;
  for (int64_t epoch = 0; step < steps; ++epoch)
    for (const StepBatch& batch : epoch_steps(process.task.lengths(), o.batches, o.seed, epoch)) {
      if (step == steps) return;
      if (const size_t now = stage_at(process.stages, {step, epoch}); now != std::exchange(last, now)) {
        process.stages[now].mask.apply(store);
        for (const std::string& group : process.stages[now].held)
          for (const Parameter& p : store.all())
            if (p.name().starts_with(group + ".")) p.freeze();
        optimizer.rebuild();
      }
      REQUIRE(batch.micro_batches.size() == 1);
      const Variable loss = process.task.loss(batch.micro_batches[0], process.task.weight(batch.examples()));
      backward(loss);
      const GradientNorm norm = clip_gradients(store, o.max_grad_norm);
      optimizer.step(rate(step), norm.scale, add(loss.value(), norm.norm));
      optimizer.clear_gradients();
      ++step;
    }
}

}  // namespace

TEST_CASE("freeze schedule: training by it is the same steps with masks applied by hand, bit for bit") {
  for (const char* text : {by_steps, by_epochs, gradual}) {
    CAPTURE(text);
    const ScratchFolder dir;
    Process trained(dir.path(), text), by_hand(dir.path(), text);
    REQUIRE(trained.stages.size() == 3);
    trained.run();
    train_by_hand(by_hand);
    CHECK(all_values(trained.store) == all_values(by_hand.store));
    Process constant(dir.path() / "constant", "");
    constant.run();
    CHECK(all_values(trained.store) != all_values(constant.store));
  }
}

TEST_CASE("freeze schedule: killed after any step and resumed, a run ends with the same bits") {
  for (const char* text : {by_steps, by_epochs, gradual}) {
    CAPTURE(text);
    const ScratchFolder dir;
    Process undisturbed(dir.path() / "undisturbed", text);
    undisturbed.run();
    for (int64_t step = 1; step < steps; ++step) {
      CAPTURE(step);
      const auto folder = dir.path() / fmt::format("killed-{}", step);
      const auto checkpoint = killed_after(step, dir.path() / "undisturbed", folder);
      Process resumed(folder, text, 2);
      resumed.run(checkpoint);
      CHECK(all_values(resumed.store) == all_values(undisturbed.store));
    }
  }
}

TEST_CASE("freeze schedule: what is frozen keeps its bits before it is thawed and after it is frozen again") {
  const ScratchFolder dir;
  const auto after = [&](int64_t step) {
    Process run(dir.path() / fmt::format("after-{}", step), by_steps);
    run.options.lr_scheduler_type = "constant";
    run.options.max_steps = step;
    run.options.save_strategy = Interval::never;
    run.run();
    return std::pair(run.values("norm.weight"), run.values("words.weight"));
  };
  const auto [norm_1, words_1] = after(1);
  const auto [norm_5, words_5] = after(5);
  const auto [norm_6, words_6] = after(6);
  const auto [norm_11, words_11] = after(11);
  const auto [norm_12, words_12] = after(12);
  const auto [norm_18, words_18] = after(18);
  CHECK(norm_1 == norm_5);
  CHECK(norm_5 != norm_6);
  CHECK(norm_6 != norm_11);
  CHECK(norm_11 == norm_18);
  CHECK(words_1 == words_11);
  CHECK(words_11 != words_12);
  CHECK(norm_11 == norm_12);
  CHECK(words_12 != words_18);
}

TEST_CASE("freeze schedule: another one is refused, naming both, or gone on with where that is asked for") {
  const ScratchFolder dir;
  Process first(dir.path() / "first", by_steps);
  first.run();
  const auto checkpoint = killed_after(7, dir.path() / "first", dir.path() / "killed");

  Process refused(dir.path() / "killed", gradual, 2);
  const std::string error = error_of<std::runtime_error>([&] { refused.run(checkpoint); });
  CHECK(error.find("was written by a run with other options: freezing was freeze *; train head.*; from step 5;") !=
        std::string::npos);
  CHECK(error.find("is unfreeze every 6 steps") != std::string::npos);

  // Norm and head go on, the words begin anew: as if they were unfrozen after step 7.
  Process otherwise(dir.path() / "killed", "freeze *\ntrain head.*\nfrom step 5\ntrain *", 2);
  otherwise.options.other_freezing = true;
  otherwise.run(checkpoint);
  Process expected(dir.path() / "expected", "freeze *\ntrain head.*\nfrom step 5\ntrain norm.*\nfrom step 7\ntrain *");
  expected.run();
  CHECK(all_values(otherwise.store) == all_values(expected.store));
  CHECK(all_values(otherwise.store) != all_values(first.store));

  // Nothing else may differ; and the same schedule goes on as ever.
  Process other_rate(dir.path() / "first", "freeze *\ntrain head.*", 2);
  other_rate.options.other_freezing = true;
  other_rate.options.learning_rate = 0.01;
  CHECK(error_of<std::runtime_error>([&] {
          other_rate.run(checkpoint_path(dir.path() / "first", 7));
        }).find("learning_rate was 0.02") != std::string::npos);
  const auto again = killed_after(13, dir.path() / "first", dir.path() / "again");
  Process same(dir.path() / "again", by_steps, 2);
  same.options.other_freezing = true;
  same.run(again);
  CHECK(all_values(same.store) == all_values(first.store));
}

TEST_CASE("freeze schedule: trained rows begin anew under another schedule") {
  const ScratchFolder dir;
  Process first(dir.path() / "first", "train words.weight rows 0:6");
  first.run();
  const auto checkpoint = killed_after(7, dir.path() / "first", dir.path() / "killed");
  Process otherwise(dir.path() / "killed", "train words.weight rows 3:9", 2);
  AdamW optimizer(otherwise.store, decaying);
  const int64_t taken = optimizer.take_over(load_checkpoint(checkpoint, otherwise.store.device()).optimizer);
  CHECK(taken == std::ssize(otherwise.store.trained()) - 1);
  for (const float moment : optimizer.state().at("words.weight.first").to_host<float>()) CHECK(moment == 0);
}

namespace {

// Validated every second step; the metric is given.
struct Stalling : Process {
  static constexpr const char* schedule = "freeze *\ntrain head.*\nfrom stall 1\ntrain norm.*\nfrom stall 2\ntrain *";
  Stalling(const std::filesystem::path& directory, std::vector<double> accuracies, uint64_t seed = 1)
      : Process(directory, schedule, seed) {
    task.metrics_to_report = std::move(accuracies);
    options.metric_for_best_model = "accuracy";
    options.eval_strategy = Interval::steps;
    options.eval_steps = 2;
    options.stall_patience = 2;
    options.awaited_stalls = awaited_stalls(stages);
  }
};

}  // namespace

TEST_CASE("freeze schedule: what waits for validation to stall is unfrozen then") {
  // Better, better, no, no: stalled after step 8; better, no, no: after step 14.
  const std::vector<double> accuracies{.1, .2, .2, .1, .3, .3, .1, .1, .1};
  const ScratchFolder dir;
  Stalling whole(dir.path() / "whole", accuracies);
  whole.run();
  const LoadedCheckpoint end = load_checkpoint(checkpoint_path(dir.path() / "whole", steps), whole.store.device());
  CHECK(end.state.stalled_at == std::vector<int64_t>{8, 14});
  CHECK(end.state.worse_evaluations == 2);  // the second stall is the last that counts
  Process by_steps(dir.path() / "steps", "freeze *\ntrain head.*\nfrom step 8\ntrain norm.*\nfrom step 14\ntrain *");
  by_steps.run();
  CHECK(all_values(whole.store) == all_values(by_steps.store));

  for (const int64_t step : {1, 6, 7, 8, 9, 12, 13, 14, 15, 17}) {
    CAPTURE(step);
    const std::filesystem::path folder = dir.path() / fmt::format("killed-{}", step);
    Stalling resumed(folder, {accuracies.begin() + step / 2, accuracies.end()}, 2);
    resumed.run(killed_after(step, dir.path() / "whole", folder));
    CHECK(all_values(resumed.store) == all_values(whole.store));
  }
  // Another patience would have unfrozen at other times.
  Stalling other(dir.path() / "other", accuracies, 2);
  other.options.stall_patience = 1;
  const auto checkpoint = killed_after(7, dir.path() / "whole", dir.path() / "other");
  CHECK(error_of<std::runtime_error>([&] { other.run(checkpoint); }).find("a stall is 1 evaluations") !=
        std::string::npos);
}

TEST_CASE("freeze schedule: early stopping waits until all is unfrozen") {
  const ScratchFolder dir;
  Stalling run(dir.path(), {.5, .1, .1, .1, .1, .1, .1, .1, .1});
  run.options.early_stopping_patience = 2;
  const TrainingResult result = run.run();
  CHECK(result.stopped_early);
  CHECK(result.steps == 2 + 4 + 4 + 4);  // the best; two stalls; the end
  Stalling hasty(dir.path() / "hasty", {.5, .1});
  hasty.options.early_stopping_patience = 1;
  CHECK(error_of([&] { hasty.run(); }) ==
        "early_stopping_patience 1 ends the run before validation has stalled: stall_patience is 2");
  Stalling blind(dir.path() / "blind", {});
  blind.options.eval_strategy = Interval::never;
  CHECK(error_of([&] { blind.run(); }).find("need evaluations") != std::string::npos);
}

TEST_CASE("freeze schedule: another plan may wait for validation to stall, or no longer") {
  const std::vector<double> accuracies{.1, .2, .2, .1, .3, .3, .1, .1, .1};
  const ScratchFolder dir;
  for (const char* rate : {"linear", "constant"}) {
    CAPTURE(rate);
    const auto folder = [&](const char* name) { return dir.path() / (std::string(name) + rate); };
    Stalling first(folder("first"), accuracies);
    first.options.lr_scheduler_type = rate;
    first.run();
    Process then(folder("then"), by_steps, 2);  // evaluated as before, but nothing depends on it
    then.options.eval_strategy = Interval::steps;
    then.options.eval_steps = 2;
    then.options.metric_for_best_model = "accuracy";
    then.options.lr_scheduler_type = rate;
    then.options.other_freezing = true;
    CHECK(then.run(killed_after(7, folder("first"), folder("then"))).steps == steps);
    Stalling back(folder("back"), accuracies, 3);
    back.options.lr_scheduler_type = rate;
    back.options.other_freezing = true;
    CHECK(back.run(killed_after(15, folder("then"), folder("back"))).steps == steps);
  }
}
