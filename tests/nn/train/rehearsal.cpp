// SPDX-License-Identifier: Apache-2.0
// The largest batch of a run, computed once before its first step: it leaves no trace, and finds that memory does not
// suffice.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "nn/optim/adamw.h"
#include "nn/train/batches.h"
#include "nn/train/trainer.h"
#include "tensor/memory_stats.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// Tells its texts' lengths, or that all are as long; keeps which texts were asked for.
struct Watched : SmallTask {
  Watched(ParameterStore& store, bool told) : SmallTask(store) {
    const auto own = SmallTask::lengths();
    told_ = told ? std::vector<int64_t>(own.begin(), own.end()) : std::vector<int64_t>(own.size(), 5);
  }
  std::span<const int64_t> lengths() const override { return told_; }
  Variable loss(std::span<const int64_t> examples, double weight) override {
    if (const int64_t tokens = tokens_of(examples, told_); room > 0 && tokens > room)
      throw OutOfMemory("cpu", size_t{5} << 30, MemoryStats{});
    asked.emplace_back(examples.begin(), examples.end());
    return SmallTask::loss(examples, weight);
  }
  std::vector<std::vector<int64_t>> asked;
  int64_t room = 0;  // tokens; 0: any number

 private:
  std::vector<int64_t> told_;
};

// In random order, whatever the lengths; 8 steps an epoch.
struct Run {
  explicit Run(bool told, int64_t epochs = 10) : store(Device::from_environment(), DType::f32, 1), task(store, told) {
    options.output_dir = dir.path() / "run";
    options.progress = nullptr;
    options.num_train_epochs = static_cast<double>(epochs);
    options.batches.batch_size = 6;
    options.batches.bucket_steps = 1;
    options.learning_rate = 0.02;
    options.save_strategy = Interval::never;
  }
  int64_t steps() {
    AdamW optimizer(store, {.weight_decay = 0.1});
    return train(task, store, optimizer, options).steps;
  }
  ScratchFolder dir;
  ParameterStore store;
  Watched task;
  TrainingOptions options;
};

}  // namespace

TEST_CASE("largest step: the longest examples, and of several micro-batches the two largest, that one last") {
  const std::vector<int64_t> lengths{3, 9, 2, 8, 7, 7};
  const auto parts = [&](const BatchOptions& options) { return largest_step(lengths, options).micro_batches; };
  using Parts = std::vector<std::vector<int64_t>>;
  CHECK(parts({.batch_size = 2}) == Parts{{1, 3}});
  CHECK(parts({.batch_size = 100}).at(0).size() == 6);
  CHECK(parts({.batch_size = 1, .accumulation = 3}) == Parts{{3}, {1}});
  CHECK(parts({.batch_size = 4, .batch_tokens = 16}) == Parts{{1}, {3, 4}});
  CHECK(most_tokens(largest_step(lengths, {.batch_size = 2}), lengths) == 17);
}

TEST_CASE("training: its largest batch runs once before the first step, and the run's bits are those without it") {
  Run with(true), without(false);
  CHECK(with.steps() == 80);
  CHECK(without.steps() == 80);
  REQUIRE(with.task.asked.size() == without.task.asked.size() + 1);
  CHECK(with.task.asked[0] == largest_step(with.task.lengths(), with.options.batches).micro_batches.at(0));
  CHECK(std::equal(with.task.asked.begin() + 1, with.task.asked.end(), without.task.asked.begin()));
  CHECK(all_values(with.store) == all_values(without.store));
}

TEST_CASE("training: memory that suffices for most batches alone ends the run before its first step") {
  Run run(true);
  const std::vector<int64_t> lengths(run.task.lengths().begin(), run.task.lengths().end());
  run.task.room = most_tokens(largest_step(lengths, run.options.batches), lengths) - 1;
  CHECK_THROWS_WITH_AS(
      run.steps(),
      doctest::Contains("before the first step, the largest batch that may come, which batch_tokens bounds, "),
      std::runtime_error);
  CHECK(run.task.asked.empty());
}

TEST_CASE("training: a short run has no rehearsal") {
  Run with(true, 2), without(false, 2);
  CHECK(with.steps() == 16);
  CHECK(without.steps() == 16);
  CHECK(with.task.asked == without.task.asked);
}
