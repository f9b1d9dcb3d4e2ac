// SPDX-License-Identifier: Apache-2.0
// The losses of the parts of a training's data in its log.
#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "nn/optim/adamw.h"
#include "nn/train/checkpoint.h"
#include "nn/train/trainer.h"
#include "tensor/io/json.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

TrainingOptions options_in(const fs::path& directory) {
  TrainingOptions o = small_training(directory);
  o.max_steps = 14;
  o.logging_steps = 4;
  o.batches.batch_tokens = 20;
  o.eval_strategy = Interval::never;
  o.save_strategy = Interval::steps;
  o.save_steps = 3;
  return o;
}

std::string by_thirds(int64_t example) { return example % 3 == 0 ? "third" : "rest"; }

// Keeps what it told, call by call.
struct Process {
  explicit Process(const std::function<std::string(int64_t)>& part = by_thirds)
      : store(Device::from_environment(), DType::f32, 1), task(store) {
    task.part = part;
  }
  void train(TrainingOptions options, bool resumes = false) {
    options.stop_requested = [this] { return task.stopping; };
    AdamW optimizer(store);
    thaw::train(task, store, optimizer, options,
                resumes ? latest_checkpoint(options.output_dir, [](const std::string&) {}) : std::nullopt);
  }
  ParameterStore store;
  SmallTask task;
};

// The numbers of the log's lines by step, those that time decides left out.
std::map<int64_t, Metrics> logged(const fs::path& directory) {
  std::map<int64_t, Metrics> lines;
  std::ifstream in(directory / "log.jsonl");
  for (std::string line; std::getline(in, line);) {
    const Json json = Json::parse(line, "log");
    Metrics& numbers = lines[json.get_int("step")];
    for (const JsonMember& m : json.members())
      if (m.key.starts_with("loss")) numbers[m.key] = m.value.as_number();
  }
  return lines;
}

}  // namespace

TEST_CASE("parts of the data: a line of the log has the mean loss of each one's terms since the last") {
  const ScratchFolder dir;
  Process process;
  process.train(options_in(dir.path()));
  const std::map<int64_t, Metrics> lines = logged(dir.path());
  REQUIRE(lines.size() == 4);  // the last is that of step 14

  // The same losses step by step, of a run that logs each and whose parts are its examples.
  const ScratchFolder each;
  Process single([](int64_t example) { return std::to_string(example); });
  TrainingOptions options = options_in(each.path());
  options.logging_steps = 1;
  single.train(options);
  std::map<std::string, PartSum> sums;
  for (const auto& [step, numbers] : logged(each.path())) {
    CHECK(numbers.size() == 1 + 6);
    double sum = 0;
    for (const auto& [name, loss] : numbers) {
      if (name == "loss") continue;
      sum += loss;
      PartSum& of = sums[by_thirds(std::stoll(name.substr(5)))];
      of.loss += loss;
      ++of.terms;
    }
    CHECK(numbers.at("loss") == doctest::Approx(sum / 6).epsilon(1e-6));
    if (step % 4 != 0 && step != 14) continue;
    CAPTURE(step);
    CHECK(lines.at(step).size() == 1 + sums.size());
    for (const auto& [part, of] : sums)
      CHECK(lines.at(step).at("loss/" + part) ==
            doctest::Approx(of.loss / static_cast<double>(of.terms)).epsilon(1e-12));
    sums.clear();
  }
}

TEST_CASE("parts of the data: a run that died between two lines of the log goes on with the same numbers") {
  const ScratchFolder dir;
  Process undisturbed;
  undisturbed.train(options_in(dir.path() / "undisturbed"));
  int64_t died_between = 0;
  for (const int64_t call : {12, 20, 26}) {
    CAPTURE(call);
    const fs::path directory = dir.path() / std::to_string(call);
    Process died;
    died.task.poisoned_call = call;
    CHECK_THROWS(died.train(options_in(directory)));
    REQUIRE(!list_checkpoints(directory).empty());
    const Json state = Json::read((list_checkpoints(directory)[0] / "trainer_state.json").string());
    died_between += state.get_int("step") % 4 != 0 && state.contains("unlogged_parts");
    Process resumed;
    resumed.train(options_in(directory), true);
    CHECK(logged(directory) == logged(dir.path() / "undisturbed"));
  }
  CHECK(died_between > 0);
}

TEST_CASE("parts of the data: a step that is left out is no part of them, and data without parts tell of none") {
  const ScratchFolder dir;
  Process process;
  process.task.poisoned_call = 3;
  TrainingOptions options = options_in(dir.path() / "left_out");
  options.skip_nonfinite_steps = true;
  options.logging_steps = 14;
  process.train(options);
  const auto lines = logged(dir.path() / "left_out");
  REQUIRE(lines.size() == 1);
  CHECK(lines.at(14).size() == 3);
  CHECK(lines.at(14).at("loss/third") < 10);
  CHECK(lines.at(14).at("loss/rest") < 10);

  Process without(nullptr);
  without.train(options_in(dir.path() / "without"));
  for (const auto& [step, numbers] : logged(dir.path() / "without")) CHECK(numbers.size() == 1);
  CHECK_FALSE(Json::read((list_checkpoints(dir.path() / "without")[0] / "trainer_state.json").string())
                  .contains("unlogged_parts"));
}
