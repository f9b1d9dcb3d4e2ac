// SPDX-License-Identifier: Apache-2.0
// The training loop on a small task: what it computes, when it stops, which model it ends with.
#include "nn/train/trainer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <stdexcept>

#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/train/checkpoint.h"
#include "tensor/io/json.h"
#include "tests/error_of.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

TrainingOptions options_for(const ScratchFolder& dir) {
  TrainingOptions o = small_training(dir.path() / "run");
  o.num_train_epochs = 4;  // of 8 steps
  o.warmup_ratio = 0.1;
  o.logging_steps = 3;
  return o;
}

struct Lab {
  explicit Lab(double dropout = 0.25) : store(Device::from_environment(), DType::f32, 1), task(store, 48, dropout) {}
  TrainingResult train(const TrainingOptions& options) {
    AdamW optimizer(store, {.weight_decay = 0.1});
    return thaw::train(task, store, optimizer, options);
  }
  ScratchFolder dir;
  ParameterStore store;
  SmallTask task;
};

std::vector<std::string> checkpoint_names(const TrainingOptions& o) {
  std::vector<std::string> names;
  for (const auto& path : list_checkpoints(o.output_dir)) names.push_back(path.filename().string());
  return names;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double worst = 0;
  for (size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(static_cast<double>(a[i]) - b[i]));
  return worst;
}

std::vector<float> weights_after(int64_t batch_size, int64_t accumulation, int64_t batch_tokens) {
  Lab lab(0);
  TrainingOptions o = options_for(lab.dir);
  o.batches.batch_size = batch_size;
  o.batches.accumulation = accumulation;
  o.batches.batch_tokens = batch_tokens;
  o.save_strategy = Interval::never;
  lab.train(o);
  return all_values(lab.store);
}

}  // namespace

TEST_CASE("trainer: it learns, logs and keeps the newest checkpoints") {
  Lab lab;
  const TrainingOptions o = options_for(lab.dir);
  const TrainingResult result = lab.train(o);
  CHECK(result.steps == 32);
  CHECK(result.best.at("loss") < 0.95);  // log(3) = 1.1 by chance
  CHECK(result.train_loss > 0);
  CHECK(lab.task.evaluations == 4);
  CHECK_FALSE(lab.store.mode().training);
  const auto names = checkpoint_names(o);
  REQUIRE(names.size() >= 2);
  CHECK(names[0] == "checkpoint-32");
  CHECK(names[1] == "checkpoint-24");

  std::ifstream log(o.output_dir / "log.jsonl");
  std::vector<int64_t> train_steps, eval_steps;
  for (std::string line; std::getline(log, line);) {
    const Json record = Json::parse(line, "log");
    (record.get_string("event") == "train" ? train_steps : eval_steps).push_back(record.get_int("step"));
    CHECK(std::isfinite(record.get_number("loss")));
  }
  CHECK(train_steps == std::vector<int64_t>{3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 32});
  CHECK(eval_steps == std::vector<int64_t>{8, 16, 24, 32});
}

TEST_CASE("trainer: whoever wants to look at the record is asked to at the start, after evaluations, at the end") {
  Lab lab;
  TrainingOptions o = options_for(lab.dir);
  o.num_train_epochs = 2;
  std::vector<int64_t> evaluations;  // by then
  o.milestone = [&] {
    CHECK(std::filesystem::exists(o.output_dir / "log.jsonl"));
    evaluations.push_back(lab.task.evaluations);
  };
  lab.train(o);
  CHECK(evaluations == std::vector<int64_t>{0, 1, 2, 2});

  o.output_dir = lab.dir.path() / "failing";
  o.milestone = [] { throw std::runtime_error("no room"); };
  CHECK(error_of<std::runtime_error>([&] { lab.train(o); }) == "no room");
  o.continue_after_failed_save = true;
  CHECK(lab.train(o).steps == 16);
}

TEST_CASE("trainer: the same run twice gives the same bits, another seed others") {
  const auto run = [](uint64_t seed) {
    Lab lab;
    TrainingOptions o = options_for(lab.dir);
    o.seed = seed;
    lab.train(o);
    return all_values(lab.store);
  };
  CHECK(run(1) == run(1));
  CHECK(run(1) != run(2));
}

TEST_CASE("trainer: accumulation and limits on tokens change nothing but rounding") {
  const std::vector<float> whole = weights_after(12, 1, 0);
  CHECK(largest_difference(whole, weights_after(4, 3, 0)) < 2e-4);
  CHECK(largest_difference(whole, weights_after(12, 1, 20)) < 2e-4);
  CHECK(largest_difference(whole, weights_after(6, 1, 0)) > 1e-2);
}

TEST_CASE("trainer: what is frozen stays as it is to the bit") {
  Lab lab;
  const RowRanges rows = RowRanges::parse("5:7,10,19");
  FreezeMask::all_frozen().train("head.*").apply(lab.store);
  lab.store.find("words.weight").train_rows(rows);
  const std::vector<float> words = lab.store.find("words.weight").value().to_host<float>();
  const std::vector<float> norm = lab.store.find("norm.weight").value().to_host<float>();
  lab.train(options_for(lab.dir));
  const std::vector<float> after = lab.store.find("words.weight").value().to_host<float>();
  for (size_t i = 0; i < words.size(); ++i)
    CHECK((words[i] != after[i]) == rows.place_of(static_cast<int64_t>(i / 8)).has_value());
  CHECK(lab.store.find("norm.weight").value().to_host<float>() == norm);
}

TEST_CASE("trainer: early stopping, and the best model at the end") {
  Lab lab;
  TrainingOptions o = options_for(lab.dir);
  o.eval_strategy = Interval::steps;
  o.eval_steps = 4;
  o.save_strategy = Interval::never;
  o.metric_for_best_model = "accuracy";
  o.early_stopping_patience = 2;
  o.load_best_model_at_end = true;
  lab.task.metrics_to_report = {0.1, std::nan(""), 0.5, 0.5, 0.4, 0.9};
  const TrainingResult result = lab.train(o);
  CHECK(result.stopped_early);
  CHECK(result.steps == 20);
  CHECK(result.best_step == 12);
  CHECK(result.best.at("accuracy") == 0.5);
  CHECK(lab.store.find("head.weight").value().to_host<float>() == lab.task.at_evaluation[2]);
  CHECK(lab.task.at_evaluation[2] != lab.task.at_evaluation[4]);
  CHECK(checkpoint_names(o) == std::vector<std::string>{"checkpoint-12", "checkpoint-4"});
}

TEST_CASE("trainer: the best checkpoint outlives newer ones") {
  Lab lab;
  TrainingOptions o = options_for(lab.dir);
  o.metric_for_best_model = "accuracy";
  o.save_total_limit = 1;
  lab.task.metrics_to_report = {0.9, 0.1, 0.2, 0.3};
  const TrainingResult result = lab.train(o);
  CHECK_FALSE(result.stopped_early);
  CHECK(checkpoint_names(o) == std::vector<std::string>{"checkpoint-32", "checkpoint-8"});
}

TEST_CASE("trainer: a loss that is not finite stops the run before it reaches the weights") {
  Lab lab;
  lab.task.poisoned_call = 10;
  TrainingOptions o = options_for(lab.dir);
  CHECK_THROWS_WITH_AS(lab.train(o),
                       doctest::Contains("the first tensor that is not finite: the gradient of words.weight"),
                       std::runtime_error);
  for (const float v : all_values(lab.store)) REQUIRE(std::isfinite(v));

  Lab other;
  other.task.poisoned_call = 10;
  o = options_for(other.dir);
  o.skip_nonfinite_steps = true;
  const TrainingResult result = other.train(o);
  CHECK(result.steps == 32);
  CHECK(std::isfinite(result.train_loss));
  for (const float v : all_values(other.store)) REQUIRE(std::isfinite(v));
}

TEST_CASE("trainer: weights that are not finite are named first") {
  Lab lab;
  lab.store.find("norm.bias").value().fill_(std::nan(""));
  CHECK_THROWS_WITH_AS(
      lab.train(options_for(lab.dir)),
      doctest::Contains("step 1: loss nan, gradient norm nan: stopped, the weights are those of step 0; the "
                        "first tensor that is not finite: norm.bias"),
      std::runtime_error);
}

TEST_CASE("trainer: weights that the last step spoiled are never kept") {
  for (const bool skips : {false, true}) {
    Lab lab;
    TrainingOptions o = options_for(lab.dir);
    o.save_strategy = Interval::steps;
    o.skip_nonfinite_steps = skips;
    o.warmup_ratio = 0;
    o.lr_scheduler_type = "constant";
    o.learning_rate = 1e38;
    o.max_steps = 1;
    CHECK_THROWS_WITH_AS(lab.train(o), doctest::Contains("step 1: its weights are not kept, "), std::runtime_error);
    CHECK(checkpoint_names(o).empty());
  }
}

TEST_CASE("trainer: a run in which no step had a finite loss is no result") {
  Lab lab;
  TrainingOptions o = options_for(lab.dir);
  o.batches.batch_size = 48;
  o.batches.bucket_steps = 1;
  o.max_steps = 1;
  o.skip_nonfinite_steps = true;
  lab.task.poisoned_call = 0;
  CHECK_THROWS_WITH_AS(lab.train(o), doctest::Contains("no step had a finite loss"), std::runtime_error);
}

TEST_CASE("trainer: a metric that is not finite loses no file, and is never the best") {
  Lab lab;
  TrainingOptions o = options_for(lab.dir);
  o.num_train_epochs = 2;
  o.metric_for_best_model = "accuracy";
  lab.task.metrics_to_report = {std::nan(""), std::nan("")};
  const TrainingResult result = lab.train(o);
  CHECK(result.best_step == -1);
  CHECK(checkpoint_names(o).size() == 2);
  std::ifstream log(o.output_dir / "log.jsonl");
  int64_t nulls = 0;
  for (std::string line; std::getline(log, line);) {
    const Json record = Json::parse(line, "log");
    nulls += record.get_string("event") == "eval" && record.at("accuracy").is_null();
  }
  CHECK(nulls == 2);
}

TEST_CASE("trainer: what cannot be trained is refused") {
  Lab lab;
  TrainingOptions o = options_for(lab.dir);
  o.metric_for_best_model = "f1";
  CHECK_THROWS_WITH_AS(lab.train(o), "metric_for_best_model f1: the evaluation gives accuracy, loss",
                       std::invalid_argument);
  o.eval_strategy = Interval::never;
  o.load_best_model_at_end = true;
  CHECK_THROWS_AS(lab.train(o), std::invalid_argument);
  o.load_best_model_at_end = false;
  o.batches.drop_last = true;
  o.batches.batch_size = 49;
  CHECK_THROWS_WITH_AS(lab.train(o), "train: 48 examples do not fill one step", std::invalid_argument);
  FreezeMask::all_frozen().apply(lab.store);
  CHECK_THROWS_WITH_AS(lab.train(o), "train: every parameter is frozen", std::invalid_argument);
  Lab other;
  AdamW foreign(lab.store);
  CHECK_THROWS_WITH_AS(train(other.task, other.store, foreign, options_for(other.dir)),
                       "train: the optimizer is of another store", std::invalid_argument);
}

TEST_CASE("trainer: a trained parameter that the loss does not reach is named in the first step") {
  Lab lab;
  for (const char* name : {"pooler.weight", "pooler.bias"}) lab.store.parameter(name, {2}, Init::ones());
  const TrainingOptions o = options_for(lab.dir);
  CHECK_THROWS_WITH_AS(lab.train(o),
                       doctest::Contains("2 trained parameters got no gradient in step 1: pooler.weight, pooler.bias;"),
                       std::invalid_argument);
  FreezeMask::all_trained().freeze("pooler.*").train_rows("words.weight", 5, 7).apply(lab.store);
  CHECK(lab.train(o).steps == 32);
}
