// SPDX-License-Identifier: Apache-2.0
// Faults while training: stops, resumed runs, saves that fail, damaged checkpoints, two runs in one directory.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>

#include <fstream>
#include <stdexcept>

#include "nn/train/checkpoint.h"
#include "nn/train/run_lock.h"
#include "nn/train/stop_signals.h"
#include "nn/train/trainer.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

TrainingOptions options_in(const fs::path& directory) {
  TrainingOptions o;
  o.output_dir = directory;
  o.progress = nullptr;
  o.num_train_epochs = 4;
  o.batches.batch_size = 6;
  o.batches.batch_tokens = 20;
  o.learning_rate = 0.02;
  o.eval_strategy = o.save_strategy = Interval::steps;
  o.eval_steps = 6;
  o.save_steps = 4;
  o.metric_for_best_model = "accuracy";
  o.load_best_model_at_end = true;
  o.early_stopping_patience = 3;
  return o;
}
const std::vector<double> scores{0.1, 0.3, 0.2, 0.25, 0.1};  // best at step 12, stopped early after step 30

// A process of its own, as far as a test can have one: new store, new task.
struct Process {
  explicit Process(uint64_t init_seed = 1) : store(Device::from_environment(), DType::f32, init_seed), task(store) {
    task.metrics_to_report = scores;
  }
  ParameterStore store;
  SmallTask task;
};

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Json state_without_time(const fs::path& checkpoint) {
  Json state = Json::read((checkpoint / "trainer_state.json").string());
  CHECK(state.erase("seconds"));
  return state;
}

void no_warning(const std::string& line) { FAIL("unexpected: " << line); }

}  // namespace

TEST_CASE("resume: stopped at any step, a run ends with the bits of an undisturbed one") {
  const ScratchFolder dir;
  Process undisturbed;
  const TrainingResult expected = train(undisturbed.task, undisturbed.store, options_in(dir.path() / "undisturbed"));
  CHECK(expected.stopped_early);
  CHECK(expected.best_step == 12);
  const fs::path last = checkpoint_path(dir.path() / "undisturbed", 30);

  for (const int64_t call : {0, 5, 11, 17, 24, 40}) {
    CAPTURE(call);
    const TrainingOptions o = options_in(dir.path() / fmt::format("stopped-{}", call));
    Process first;
    first.task.signal_call = call;
    const TrainingResult stopped = train(first.task, first.store, o);
    CHECK(stopped.stopped_by_signal);
    CHECK(stopped.steps < 30);
    Process second(2);  // its own first values do not matter
    second.task.evaluations = first.task.evaluations;
    const TrainingResult resumed = train(second.task, second.store, o, latest_checkpoint(o.output_dir, no_warning));
    CHECK(resumed.steps == 30);
    CHECK(resumed.resumed_at == stopped.steps);
    CHECK(resumed.stopped_early);
    CHECK(resumed.best == expected.best);
    CHECK(resumed.train_loss == expected.train_loss);
    CHECK(all_values(second.store) == all_values(undisturbed.store));
    const fs::path own = checkpoint_path(o.output_dir, 30);
    for (const char* file : {"model.safetensors", "optimizer.safetensors"})
      CHECK(content(own / file) == content(last / file));
    CHECK(state_without_time(own) == state_without_time(last));
  }
}

TEST_CASE("resume: a finished run has nothing left to do, and still ends with the best model") {
  const ScratchFolder dir;
  const TrainingOptions o = options_in(dir.path());
  Process first, second(2);
  train(first.task, first.store, o);
  const TrainingResult result = train(second.task, second.store, o, latest_checkpoint(o.output_dir, no_warning));
  CHECK(result.steps == 30);
  CHECK(result.resumed_at == 30);
  CHECK(result.stopped_early);
  CHECK(all_values(second.store) == all_values(first.store));
}

TEST_CASE("resume: a damaged checkpoint falls back to the one before, with a warning, and is replaced") {
  const ScratchFolder dir;
  const TrainingOptions o = options_in(dir.path());
  Process first;
  train(first.task, first.store, o);
  const fs::path newest = checkpoint_path(dir.path(), 30);
  std::string bytes = content(newest / "optimizer.safetensors");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(newest / "optimizer.safetensors", std::ios::binary) << bytes;
  std::vector<std::string> warnings;
  const auto found = latest_checkpoint(dir.path(), [&](const std::string& line) { warnings.push_back(line); });
  CHECK(found == checkpoint_path(dir.path(), 28));
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("checkpoint-30: damaged") != std::string::npos);
  CHECK(warnings[0].find("optimizer.safetensors: its checksum") != std::string::npos);
  Process second(2);
  second.task.evaluations = 4;
  train(second.task, second.store, o, found);
  CHECK(all_values(second.store) == all_values(first.store));
  CHECK(latest_checkpoint(dir.path(), no_warning) == newest);

  fs::remove(newest / "trainer_state.json");
  warnings.clear();
  CHECK(latest_checkpoint(dir.path(), [&](const std::string& line) { warnings.push_back(line); }) ==
        checkpoint_path(dir.path(), 28));
  CHECK(warnings.size() == 1);
}

TEST_CASE("resume: another recipe is no continuation, and a new run keeps off an old one's checkpoints") {
  const ScratchFolder dir;
  TrainingOptions o = options_in(dir.path());
  Process first;
  train(first.task, first.store, o);
  o.learning_rate = 0.01;
  Process second;
  CHECK_THROWS_WITH_AS(train(second.task, second.store, o, latest_checkpoint(o.output_dir, no_warning)),
                       doctest::Contains("was written by a run with other options: learning_rate was 0.02, is 0.01"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(train(second.task, second.store, o), doctest::Contains("holds checkpoints of a former run"),
                       std::runtime_error);
}

TEST_CASE("faults: a failed save leaves the former checkpoint, and may be survived") {
  const ScratchFolder dir;
  TrainingOptions o = options_in(dir.path() / "stops");
  Process first;
  first.task.failing_save = 1;
  CHECK_THROWS_WITH_AS(train(first.task, first.store, o), doctest::Contains("No space left on device"),
                       std::runtime_error);
  CHECK(latest_checkpoint(o.output_dir, no_warning) == checkpoint_path(o.output_dir, 4));
  CHECK_FALSE(fs::exists(o.output_dir / "checkpoint-6.tmp"));

  o.output_dir = dir.path() / "goes-on";
  o.continue_after_failed_save = true;
  Process second, undisturbed;
  second.task.failing_save = 1;
  CHECK(train(second.task, second.store, o).steps == 30);
  o.output_dir = dir.path() / "undisturbed";
  train(undisturbed.task, undisturbed.store, o);
  CHECK(all_values(second.store) == all_values(undisturbed.store));
}

TEST_CASE("faults: a limit on file sizes is an error that names the file") {
  const ScratchFolder dir;
  const TrainingOptions o = options_in(dir.path());
  rlimit former{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &former) == 0);
  const rlimit small{1500, former.rlim_max};
  Process process;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string message;
  try {
    train(process.task, process.store, o);
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &former);
  CHECK(message.find(dir.path().string()) == 0);
  CHECK(message.find("File too large") != std::string::npos);
  CHECK(list_checkpoints(dir.path()).empty());
}

TEST_CASE("faults: two runs in one directory") {
  const ScratchFolder dir;
  Process process;
  const RunLock other(dir.path());
  CHECK_THROWS_WITH_AS(train(process.task, process.store, options_in(dir.path())),
                       doctest::Contains("another run (process "), std::runtime_error);
}

TEST_CASE("faults: memory that does not suffice is one line that says for what") {
  const ScratchFolder dir;
  struct Greedy : SmallTask {
    using SmallTask::SmallTask;
    Variable loss(std::span<const int64_t> examples, double weight) override {
      if (calls == 2) throw OutOfMemory("cpu", size_t{5} << 30, MemoryStats{});
      return SmallTask::loss(examples, weight);
    }
  };
  ParameterStore store(Device::from_environment(), DType::f32, 1);
  Greedy task(store);
  TrainingOptions o = options_in(dir.path());
  o.batches.batch_tokens = 0;
  CHECK_THROWS_WITH_AS(train(task, store, o), doctest::Contains("step 3, 6 examples with "), std::runtime_error);
}

TEST_CASE("signals: the handlers are put back") {
  struct sigaction before {
  }, after{};
  sigaction(SIGTERM, nullptr, &before);
  {
    const StopSignals signals;
    CHECK(StopSignals::received() == 0);
    std::raise(SIGTERM);
    CHECK(StopSignals::received() == SIGTERM);
  }
  sigaction(SIGTERM, nullptr, &after);
  CHECK((before.sa_handler == after.sa_handler));
}
