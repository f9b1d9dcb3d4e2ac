// SPDX-License-Identifier: Apache-2.0
// A schedule of freezing: what is frozen costs nothing before its step, and a run that is resumed in any phase ends
// with the bits of an undisturbed one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/train/checkpoint.h"
#include "nn/train/trainer.h"
#include "tensor/counters.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr int64_t in_words = 20 * 8, in_norm = 2 * 8, in_head = 3 * 8 + 3;  // numbers of the small task's parameters
constexpr int64_t norm_from = 5, rows_from = 9, all_from = 12, steps = 16;

FreezeMask mask_of(int64_t step) {
  FreezeMask mask = FreezeMask::all_frozen().train("head.*");
  if (step >= norm_from) mask.train("norm.*");
  if (step >= rows_from) mask.train_rows("words.weight", RowRanges::parse("0:6,9,17"));
  if (step >= all_from) mask.train("words.weight");
  return mask;
}

struct Process {
  explicit Process(const std::filesystem::path& directory, uint64_t seed = 1)
      : store(Device::from_environment(), DType::f32, seed), task(store) {
    options.output_dir = directory;
    options.progress = nullptr;
    options.max_steps = steps;
    options.batches.batch_size = 6;
    options.learning_rate = 0.02;
    options.eval_strategy = Interval::never;
    options.save_strategy = Interval::steps;
    options.save_steps = 1;
    options.save_total_limit = 0;
    FreezeMask::all_frozen().apply(store);
    options.freezing = [this](const TrainingClock& now) {
      const int64_t step = now.steps;
      CHECK(now.epochs == step / 8);
      asked.push_back(step);
      const std::string text = mask_of(step).to_text();
      const bool changed = text != last;
      if (changed) mask_of(step).apply(store);
      last = text;
      return changed;
    };
  }
  TrainingResult run(const std::optional<std::filesystem::path>& resume = {}) {
    AdamW optimizer(store);
    options.stop_requested = [&] {
      state_bytes.push_back(optimizer.state_bytes());
      return false;
    };
    return train(task, store, optimizer, options, resume);
  }
  ParameterStore store;
  SmallTask task;
  TrainingOptions options;
  std::string last;
  std::vector<int64_t> asked;
  std::vector<uint64_t> state_bytes;  // after each step
};

}  // namespace

TEST_CASE("gradual unfreezing: the optimizer's state grows with what is trained, and not before") {
  const ScratchFolder dir;
  Process process(dir.path());
  process.run();
  REQUIRE(process.state_bytes.size() == static_cast<size_t>(steps));
  for (int64_t step = 0; step < steps; ++step) {
    CAPTURE(step);
    const int64_t numbers = in_head + (step >= norm_from ? in_norm : 0) +
                            (step >= all_from    ? in_words
                             : step >= rows_from ? 8 * 8
                                                 : 0);
    CHECK(process.state_bytes[static_cast<size_t>(step)] == static_cast<uint64_t>(numbers) * 2 * sizeof(float));
    CHECK(process.asked[static_cast<size_t>(step)] == step);
  }
}

TEST_CASE("gradual unfreezing: the backward pass of what is frozen is not launched") {
  const auto products_until = [](int64_t step) {
    const ScratchFolder dir;
    Process process(dir.path());
    process.options.max_steps = step;
    process.options.lr_scheduler_type = "constant";
    process.options.save_strategy = Interval::never;
    const uint64_t before = counters().matmuls;
    process.run();
    return counters().matmuls - before;
  };
  const uint64_t head_alone = products_until(3) - products_until(2),
                 with_norm = products_until(norm_from + 2) - products_until(norm_from + 1),
                 with_words = products_until(all_from + 2) - products_until(all_from + 1);
  CHECK(head_alone < with_norm);
  CHECK(with_norm < with_words);
}

TEST_CASE("gradual unfreezing: a run killed after any step and resumed ends with the same bits") {
  const ScratchFolder dir;
  Process undisturbed(dir.path() / "undisturbed");
  undisturbed.run();
  const std::vector<float> expected = all_values(undisturbed.store);
  for (const int64_t step : {int64_t{1}, norm_from, norm_from + 1, rows_from, rows_from + 1, all_from, steps - 1}) {
    CAPTURE(step);
    const auto folder = dir.path() / fmt::format("killed-{}", step);
    std::filesystem::create_directory(folder);
    const auto checkpoint = checkpoint_path(folder, step);
    std::filesystem::copy(checkpoint_path(dir.path() / "undisturbed", step), checkpoint);
    Process second(folder, 2);
    CHECK(second.run(checkpoint).resumed_at == step);
    CHECK(all_values(second.store) == expected);
    CHECK(second.asked[1] == step - (step > 1 ? 1 : 0));
  }
}

TEST_CASE("gradual unfreezing: what is unfrozen must be reached by the loss, too") {
  const ScratchFolder dir;
  Process process(dir.path());
  process.store.parameter("norm.spare", {2}, Init::ones()).freeze();
  CHECK_THROWS_WITH_AS(process.run(), doctest::Contains("1 trained parameters got no gradient in step 6: norm.spare"),
                       std::invalid_argument);
}
