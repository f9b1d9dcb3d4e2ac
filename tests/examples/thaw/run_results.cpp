// SPDX-License-Identifier: Apache-2.0
// Result files, with metrics that are not finite and of finished runs.
#include "examples/thaw/run_results.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <variant>

#include "models/tasks/classification/task.h"
#include "models/tasks/frozen/task.h"
#include "tensor/io/json.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("run results: a metric that is not finite is null, and loses no file") {
  const ScratchFolder dir;
  const RunResults results(dir.path());
  results.write_metrics("eval", {{"loss", std::nan("")}, {"accuracy", 0.5}}, 7);
  const Json json = Json::read(dir / "eval_results.json");
  CHECK(json.at("loss").is_null());
  CHECK(json.get_number("accuracy") == 0.5);
  CHECK(!json.contains("frozen_dtype"));
  results.write_metrics("eval", {{"accuracy", 0.5}}, 7, FrozenDType::int8);
  CHECK(Json::read(dir / "eval_results.json").get_string("frozen_dtype") == "int8");
  CHECK_NOTHROW(results.print());
  TrainingResult result;
  result.train_loss = std::numeric_limits<double>::infinity();
  results.write_training({}, result, {}, 7, {1, 2e9});
  CHECK(Json::read(dir / "train_results.json").at("train_loss").is_null());
  CHECK_NOTHROW(results.print());
}

TEST_CASE("run results: a finished run is known by its recipe, and the difference is named") {
  const ScratchFolder dir;
  const RunResults results(dir.path());
  const Fingerprint recipe{{"--learning-rate", "0.001"}};
  CHECK_FALSE(results.is_finished(recipe));
  CHECK_NOTHROW(results.check_new());
  results.write_training(recipe, {}, {}, 7, {1, 2e9});
  CHECK(results.is_finished(recipe));
  CHECK_THROWS_WITH_AS(results.is_finished({{"--learning-rate", "0.01"}}),
                       doctest::Contains("(--learning-rate was 0.001, is 0.01)"), std::runtime_error);
  CHECK_THROWS_WITH_AS(results.is_finished({}), doctest::Contains("(--learning-rate was 0.001, is not given)"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(results.is_finished({{"--learning-rate", "0.001"}, {"--test-file", "checksum 1"}}),
                       doctest::Contains("(--test-file was not given)"), std::runtime_error);
  CHECK_THROWS_WITH_AS(results.is_finished({{"--learning-rate", "0.001"}, {"--num-train-epochs", "9"}}),
                       doctest::Contains(("(to train for longer: with --model " + dir.path().string() + ")").c_str()),
                       std::runtime_error);
  CHECK(results.fault(recipe, ClassificationTask()).find("config.json") != std::string::npos);
  CHECK_THROWS_WITH_AS(results.check_new(), doctest::Contains("train_results.json of a former run"),
                       std::runtime_error);
  dir.write("train_results.json", R"({"recipe": "--learning-rate 0.001; "})");  // an older version's
  CHECK_THROWS_AS(results.is_finished(recipe), std::runtime_error);
}

TEST_CASE("run results: those of a split that a command does not compute are not lost") {
  const ScratchFolder dir;
  const RunResults results(dir.path());
  results.write_metrics("test", {{"loss", 1}}, 7);
  CHECK_NOTHROW(results.check_splits(false, true));
  CHECK_THROWS_WITH_AS(results.check_splits(true, false), doctest::Contains("test_results.json: would be lost"),
                       std::runtime_error);
  CHECK_THROWS_AS(results.check_new(), std::runtime_error);
  for (const std::string option : {"--validation-file", "--validation-split"})
    CHECK(results.fault({{option, "checksum 1"}}, ClassificationTask()).find("eval_results.json is not there") !=
          std::string::npos);
}

TEST_CASE("run results: those of data that an option of the task names are not lost either") {
  const ScratchFolder dir;
  const RunResults results(dir.path());
  FrozenTask task;
  for (const OptionField& option : task.options(TaskUse::training))
    if (option.name == "problem") *std::get<std::string*>(option.field) = "bit-xor";
  CHECK(results.fault({}, task).find("eval_results.json is not there") != std::string::npos);
  results.write_metrics("eval", {{"loss", 1}}, 7);
  CHECK(results.fault({}, task).find("test_results.json is not there") != std::string::npos);
  results.write_metrics("test", {{"loss", 1}}, 7);
  CHECK(results.fault({}, task).find("_results.json is not there") == std::string::npos);
}
