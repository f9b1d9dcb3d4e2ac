// SPDX-License-Identifier: Apache-2.0
// Faults while training: stops, resumed runs, saves that fail, damaged checkpoints, two runs in one directory.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>

#include "nn/optim/adamw.h"
#include "nn/train/checkpoint.h"
#include "nn/train/run_lock.h"
#include "nn/train/trainer.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tests/error_of.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

TrainingOptions options_in(const fs::path& directory) {
  TrainingOptions o = small_training(directory);
  o.num_train_epochs = 4;
  o.batches.batch_tokens = 20;
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
  TrainingResult train(TrainingOptions options, const std::optional<fs::path>& resume = {}) {
    options.stop_requested = [this] { return task.stopping; };
    AdamW optimizer(store);
    return thaw::train(task, store, optimizer, options, resume);
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
  const TrainingResult expected = undisturbed.train(options_in(dir.path() / "undisturbed"));
  CHECK(expected.stopped_early);
  CHECK(expected.best_step == 12);
  const fs::path last = checkpoint_path(dir.path() / "undisturbed", 30);

  for (const int64_t call : {0, 5, 11, 17, 24, 40}) {
    CAPTURE(call);
    const TrainingOptions o = options_in(dir.path() / fmt::format("stopped-{}", call));
    Process first;
    first.task.stop_call = call;
    const TrainingResult stopped = first.train(o);
    CHECK(stopped.stopped);
    CHECK(stopped.checkpoint == checkpoint_path(o.output_dir, stopped.steps));
    CHECK(stopped.steps < 30);
    Process second(2);  // its own first values do not matter
    second.task.evaluations = first.task.evaluations;
    const TrainingResult resumed = second.train(o, latest_checkpoint(o.output_dir, no_warning));
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

TEST_CASE("resume: of some rows, to the bit; other rows are no continuation") {
  const ScratchFolder dir;
  const auto train_rows = [](Process& process, const char* rows) {
    process.store.find("words.weight").train_rows(RowRanges::parse(rows));
  };
  Process undisturbed;
  train_rows(undisturbed, "2,5:7,19");
  undisturbed.train(options_in(dir.path() / "undisturbed"));
  const TrainingOptions o = options_in(dir.path() / "stopped");
  Process first, second(2), other;
  first.task.stop_call = 11;
  train_rows(first, "2,5:7,19");
  CHECK(first.train(o).stopped);
  train_rows(other, "2,5:8");
  CHECK_THROWS_WITH_AS(other.train(o, latest_checkpoint(o.output_dir, no_warning)),
                       doctest::Contains("was written by a run with other options: trained parameters were 5"),
                       std::runtime_error);
  train_rows(second, "2,5:7,19");
  second.task.evaluations = first.task.evaluations;
  second.train(o, latest_checkpoint(o.output_dir, no_warning));
  CHECK(all_values(second.store) == all_values(undisturbed.store));
}

TEST_CASE("resume: a finished run has nothing left to do, and still ends with the best model") {
  const ScratchFolder dir;
  const TrainingOptions o = options_in(dir.path());
  Process first, second(2);
  first.train(o);
  const TrainingResult result = second.train(o, latest_checkpoint(o.output_dir, no_warning));
  CHECK(result.steps == 30);
  CHECK(result.resumed_at == 30);
  CHECK(result.stopped_early);
  CHECK(all_values(second.store) == all_values(first.store));
}

TEST_CASE("resume: a run that is prolonged to fewer steps than it has is told as finished") {
  const ScratchFolder dir;
  TrainingOptions o = options_in(dir.path());
  o.load_best_model_at_end = false;
  o.early_stopping_patience = 0;
  o.lr_scheduler_type = "constant";
  o.max_steps = 10;
  Process first, second(2);
  first.train(o);
  o.max_steps = 5;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> told(std::tmpfile(), &std::fclose);
  o.progress = told.get();
  CHECK(second.train(o, latest_checkpoint(o.output_dir, no_warning)).steps == 10);
  std::rewind(told.get());
  std::string text(1000, 0);
  text.resize(std::fread(text.data(), 1, text.size(), told.get()));
  CHECK(text.find("all 10 steps are done") != std::string::npos);
  CHECK(text.find("10 of 5") == std::string::npos);
}

TEST_CASE("resume: a damaged checkpoint falls back to the one before, with a warning, and is replaced") {
  const ScratchFolder dir;
  const TrainingOptions o = options_in(dir.path());
  Process first;
  first.train(o);
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
  second.train(o, found);
  CHECK(all_values(second.store) == all_values(first.store));
  CHECK(latest_checkpoint(dir.path(), no_warning) == newest);

  fs::remove(newest / "trainer_state.json");
  warnings.clear();
  CHECK(latest_checkpoint(dir.path(), [&](const std::string& line) { warnings.push_back(line); }) ==
        checkpoint_path(dir.path(), 28));
  CHECK(warnings.size() == 1);
}

TEST_CASE("resume: where the only checkpoint is damaged, that is said, once") {
  const ScratchFolder dir;
  const fs::path only = checkpoint_path(dir.path(), 30);
  fs::create_directories(only);
  const std::string error = error_of<std::runtime_error>([&] { latest_checkpoint(dir.path(), no_warning); });
  CHECK(error.starts_with(only.string() + ": damaged, and there is no other checkpoint ("));
  CHECK(error.ends_with("trainer_state.json: no such file): remove it, or choose another output directory"));
}

TEST_CASE("resume: another recipe is no continuation, and a new run keeps off an old one's checkpoints") {
  const ScratchFolder dir;
  TrainingOptions o = options_in(dir.path());
  Process first;
  first.train(o);
  o.learning_rate = 0.01;
  Process second;
  CHECK_THROWS_WITH_AS(second.train(o, latest_checkpoint(o.output_dir, no_warning)),
                       doctest::Contains("was written by a run with other options: learning_rate was 0.02, is 0.01"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(second.train(o), doctest::Contains("holds checkpoints of a former run"), std::runtime_error);
  // Where it ends decides the rates of a run: what to do in place of resuming it is said.
  o = options_in(dir.path());
  o.num_train_epochs = 5;
  const std::string longer =
      error_of<std::runtime_error>([&] { second.train(o, latest_checkpoint(o.output_dir, no_warning)); });
  CHECK(longer.find("; where a run ends decides its learning rates: to train for longer, begin another run with") !=
        std::string::npos);
}

TEST_CASE("faults: a failed save leaves the former checkpoint, and may be survived") {
  const ScratchFolder dir;
  TrainingOptions o = options_in(dir.path() / "stops");
  Process first;
  first.task.failing_save = 1;
  CHECK_THROWS_WITH_AS(first.train(o), doctest::Contains("No space left on device"), std::runtime_error);
  CHECK(latest_checkpoint(o.output_dir, no_warning) == checkpoint_path(o.output_dir, 4));
  CHECK_FALSE(fs::exists(o.output_dir / "checkpoint-6.tmp"));

  o.output_dir = dir.path() / "goes-on";
  o.continue_after_failed_save = true;
  Process second, undisturbed;
  second.task.failing_save = 1;
  CHECK(second.train(o).steps == 30);
  o.output_dir = dir.path() / "undisturbed";
  undisturbed.train(o);
  CHECK(all_values(second.store) == all_values(undisturbed.store));
}

TEST_CASE("faults: a limit on file sizes is an error that names the file") {
  const ScratchFolder dir;
  const TrainingOptions o = options_in(dir.path());
  rlimit former{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &former) == 0);
  const rlimit small{1500, former.rlim_max};
  Process process;
  const auto former_handler = std::signal(SIGXFSZ, SIG_IGN);  // as programs do
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  std::string message;
  try {
    process.train(o);
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &former);
  std::signal(SIGXFSZ, former_handler);
  CHECK(message.find(dir.path().string()) == 0);
  CHECK(message.find("File too large") != std::string::npos);
  CHECK(list_checkpoints(dir.path()).empty());
}

TEST_CASE("faults: two runs in one directory") {
  const ScratchFolder dir;
  Process process;
  const RunLock other(dir.path());
  CHECK_THROWS_WITH_AS(process.train(options_in(dir.path())), doctest::Contains("another run (process "),
                       std::runtime_error);
}

TEST_CASE("faults: memory that does not suffice is one line that says for what") {  // call 0 is the rehearsal's
  const ScratchFolder dir;
  struct Greedy : SmallTask {
    using SmallTask::SmallTask;
    Variable loss(std::span<const int64_t> examples, double weight) override {
      if (calls == 3) throw OutOfMemory("cpu", size_t{5} << 30, MemoryStats{});
      return SmallTask::loss(examples, weight);
    }
  };
  ParameterStore store(Device::from_environment(), DType::f32, 1);
  Greedy task(store);
  TrainingOptions o = options_in(dir.path());
  o.batches.batch_tokens = 0;
  AdamW optimizer(store);
  CHECK_THROWS_WITH_AS(train(task, store, optimizer, o), doctest::Contains("step 3, 6 examples with "),
                       std::runtime_error);
}
