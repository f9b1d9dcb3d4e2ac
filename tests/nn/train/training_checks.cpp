// SPDX-License-Identifier: Apache-2.0
// What is wrong with a run is said before its first step.
#include "nn/train/training_checks.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <stdexcept>

#include "nn/optim/adamw.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::string message_of(const TrainingOptions& options) {
  try {
    check_options(options);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

template <typename Change>
std::string message_after(Change change) {
  TrainingOptions options;
  change(options);
  return message_of(options);
}

struct Lab {
  Lab() : store(Device::from_environment(), DType::f32, 1), task(store) {
    options.output_dir = dir.path() / "run";
    options.progress = nullptr;
    options.max_steps = 2;
    options.save_strategy = Interval::never;
  }
  TrainingResult train() {
    AdamW optimizer(store);
    return thaw::train(task, store, optimizer, options);
  }
  ScratchFolder dir;
  ParameterStore store;
  SmallTask task;
  TrainingOptions options;
};

}  // namespace

TEST_CASE("training checks: options out of range, and options that contradict each other") {
  CHECK(message_of({}).empty());
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::nan("");
  CHECK(message_after([&](auto& o) { o.learning_rate = infinity; }).find("learning_rate inf") == 0);
  CHECK(message_after([&](auto& o) { o.learning_rate = nan; }).find("learning_rate nan") == 0);
  CHECK(message_after([&](auto& o) { o.warmup_ratio = nan; }).find("warmup_ratio nan") == 0);
  CHECK(message_after([](auto& o) { o.num_train_epochs = 0; }) == "train: 0 epochs are not positive");
  CHECK(message_after([](auto& o) {
          o.batches.batch_size = o.batches.accumulation = int64_t{1} << 40;
        }).find("too many examples") != std::string::npos);
  CHECK(message_after([](auto& o) {
          o.lr_scheduler_type = "constant";
          o.warmup_steps = 3;
        }).find("constant_with_warmup has one") != std::string::npos);
  CHECK(message_after([](auto& o) {
          o.eval_strategy = Interval::never;
          o.early_stopping_patience = 1;
        }).find("eval_strategy is \"no\"") != std::string::npos);
  TrainingOptions endless;
  endless.num_train_epochs = 1e300;
  CHECK_THROWS_AS(total_steps(endless, 10), std::invalid_argument);
}

TEST_CASE("training checks: steps of epochs and runs") {
  TrainingOptions o;
  o.batches.batch_size = 4;
  o.num_train_epochs = 1.5;
  CHECK(total_steps(o, 10) == 5);  // ceil(1.5 * 3)
  o.batches.drop_last = true;
  CHECK(total_steps(o, 10) == 3);
  o.warmup_ratio = 0.1;
  CHECK(warmup_steps(o, 25) == 3);
  CHECK(doubtful_options(o, 25).empty());
  o.warmup_steps = 25;
  CHECK(doubtful_options(o, 25).size() == 1);
}

TEST_CASE("training checks: metrics by either name; one that there is not is refused before the first step") {
  CHECK(metric_name("eval_accuracy") == "accuracy");
  CHECK(metric_name("accuracy") == "accuracy");
  TrainingOptions o;
  const std::vector<std::string> names{"accuracy", "loss"};
  for (const char* good : {"loss", "eval_loss", "accuracy", "eval_accuracy"}) {
    o.metric_for_best_model = good;
    CHECK_NOTHROW(check_evaluation(o, names, true));
    CHECK_NOTHROW(check_evaluation(o, names, false));
  }
  for (const char* bad : {"f1", "eval_pearson", "Accuracy", "test_loss", ""}) {
    o.metric_for_best_model = bad;
    CHECK_THROWS_AS(check_evaluation(o, names, true), std::invalid_argument);
    CHECK_THROWS_AS(check_evaluation(o, names, false), std::invalid_argument);
  }
  Lab lab;
  lab.options.metric_for_best_model = "eval_f1";
  CHECK_THROWS_WITH_AS(lab.train(), "metric_for_best_model eval_f1: the evaluation gives accuracy, loss",
                       std::invalid_argument);
  CHECK(lab.task.calls == 0);
}

TEST_CASE("training checks: eval_ and the bare name choose the same best model") {
  for (const char* name : {"accuracy", "eval_accuracy"}) {
    Lab lab;
    lab.options.max_steps = 6;
    lab.options.eval_strategy = Interval::steps;
    lab.options.eval_steps = 2;
    lab.options.metric_for_best_model = name;
    lab.options.load_best_model_at_end = true;
    lab.task.metrics_to_report = {0.2, 0.9, 0.1};
    CHECK(lab.train().best_step == 4);
    CHECK(lab.store.find("head.weight").value().to_host<float>() == lab.task.at_evaluation[1]);
  }
}

TEST_CASE("training checks: the best model and early stopping need validation data") {
  for (const bool best : {true, false}) {
    Lab lab;
    lab.task.validates = false;
    lab.options.load_best_model_at_end = best;
    lab.options.early_stopping_patience = best ? 0 : 2;
    CHECK_THROWS_WITH_AS(lab.train(), doctest::Contains("needs validation data"), std::invalid_argument);
    CHECK(lab.task.calls == 0);
  }
  Lab lab;
  lab.task.validates = false;
  CHECK(lab.train().best_step == -1);
}

TEST_CASE("training checks: the output directory") {
  const ScratchFolder dir;
  dir.write("file", "x");
  CHECK_NOTHROW(check_output_directory(dir.path()));
  CHECK_NOTHROW(check_output_directory(dir.path() / "new" / "below"));
  CHECK_FALSE(std::filesystem::exists(dir.path() / "new"));
  CHECK_THROWS_WITH_AS(check_output_directory(""), "output_dir is empty", std::runtime_error);
  for (const auto& bad : {dir.path() / "file", dir.path() / "file" / "below"})
    CHECK_THROWS_WITH_AS(check_output_directory(bad), doctest::Contains("is not a directory"), std::runtime_error);
  std::filesystem::create_symlink("nowhere", dir.path() / "dangling");
  for (const char* bad : {"dangling", "dangling/", "dangling/below"})
    CHECK_THROWS_WITH_AS(check_output_directory(dir.path() / bad),
                         doctest::Contains("dangling is a link to nowhere, which is not there"), std::runtime_error);
  std::filesystem::create_directory_symlink(dir.path(), dir.path() / "link");
  CHECK_NOTHROW(check_output_directory(dir.path() / "link"));
  if (geteuid() == 0) return;  // who may write anywhere
  std::filesystem::create_directory(dir.path() / "closed");
  chmod((dir.path() / "closed").c_str(), 0500);
  CHECK_THROWS_WITH_AS(check_output_directory(dir.path() / "closed" / "run"), doctest::Contains("Permission denied"),
                       std::runtime_error);
}
