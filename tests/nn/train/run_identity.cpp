// SPDX-License-Identifier: Apache-2.0
// Which runs are continuations of a checkpoint, and which are not.
#include "nn/train/run_identity.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>

#include "nn/optim/adamw.h"
#include "nn/optim/sgd.h"
#include "nn/train/checkpoint.h"
#include "tensor/io/json.h"
#include "tests/nn/train/small_task.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

TrainingOptions options_in(const ScratchFolder& dir) {
  TrainingOptions o = small_training(dir.path());
  o.max_steps = 6;
  o.eval_strategy = o.save_strategy = Interval::steps;
  o.eval_steps = o.save_steps = 2;
  o.metric_for_best_model = "accuracy";
  return o;
}

using MakeOptimizer = std::function<std::unique_ptr<Optimizer>(ParameterStore&)>;

struct Process {
  Process() : store(Device::from_environment(), DType::f32, 1), task(store) {
    task.metrics_to_report = {0.1, 0.3, 0.2, 0.5};
    task.own_identity = {{"labels", "[neg, pos]"}};
    task.own_validation_identity = {{"validation data", "60 examples"}};
  }
  TrainingResult train(const TrainingOptions& options, const std::optional<std::filesystem::path>& resume = {}) {
    const auto optimizer = make_optimizer(store);
    return thaw::train(task, store, *optimizer, options, resume);
  }
  ParameterStore store;
  SmallTask task;
  MakeOptimizer make_optimizer = [](ParameterStore& s) { return std::make_unique<AdamW>(s); };
};

using Change = std::function<void(TrainingOptions&, SmallTask&)>;

// What a run to step 4 that is resumed with a change says; "" if it goes on. `before` changes both runs.
std::string resumed_with(
    const Change& change, const Change& before = [](auto&, auto&) {}, const MakeOptimizer& optimizer = {}) {
  const ScratchFolder dir;
  TrainingOptions o = options_in(dir);
  Process first, second;
  if (optimizer) second.make_optimizer = optimizer;
  before(o, first.task);
  before(o, second.task);
  first.train(o);
  for (const auto& path : list_checkpoints(o.output_dir))
    if (path.filename() == "checkpoint-6") std::filesystem::remove_all(path);
  change(o, second.task);
  const auto newest = list_checkpoints(o.output_dir).at(0);
  std::string message;
  int64_t steps = o.max_steps;
  try {
    steps = second.train(o, newest).steps;
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  CHECK(steps == o.max_steps);
  CHECK((second.task.calls > 0) == message.empty());
  return message;
}

void with_weights(TrainingOptions&, SmallTask& t) { t.own_identity["weights of model"] = "checksum a"; }

void with_best(TrainingOptions& o, SmallTask&) { o.load_best_model_at_end = true; }

}  // namespace

TEST_CASE("run identity: another seed is told without the weights that it draws; other weights are told") {
  const auto other = [](auto&, SmallTask& t) { t.own_identity["weights of model"] = "checksum b"; };
  CHECK(resumed_with(other, with_weights).find("weights of model were checksum a, are checksum b") !=
        std::string::npos);
  const std::string message = resumed_with(
      [&](TrainingOptions& o, SmallTask& t) {
        other(o, t);
        o.seed = 3;
      },
      with_weights);
  CHECK(message.find("seed was ") != std::string::npos);
  CHECK(message.find("weights") == std::string::npos);
}

TEST_CASE("run identity: data, labels and options that change the weights are refused, in words") {
  CHECK(resumed_with([](auto&, SmallTask& t) {
          t.own_identity["labels"] = "[pos, zzz]";
        }).find("labels were [neg, pos], are [pos, zzz]") != std::string::npos);
  CHECK(resumed_with([](TrainingOptions& o, auto&) { o.batches.batch_size = 7; }).find("batch_size was 6, is 7") !=
        std::string::npos);
  CHECK(resumed_with([](TrainingOptions& o, auto&) { o.max_steps = 8; }).find("steps were 6, are 8") !=
        std::string::npos);
}

TEST_CASE("run identity: the optimizer, its options and its rules are part of it") {
  const auto with = [](const AdamWOptions& options, const ParameterRules& rules) {
    return resumed_with([](auto&, auto&) {}, [](auto&, auto&) {},
                        [=](ParameterStore& s) { return std::make_unique<AdamW>(s, options, rules); });
  };
  CHECK(with({}, {}) == "");
  CHECK(with({.weight_decay = 0.5}, {}).find("weight_decay was 0, is 0.5") != std::string::npos);
  CHECK(with({.beta1 = 0.8}, {}).find("adam_beta1 was 0.9, is 0.8") != std::string::npos);
  CHECK(with({}, ParameterRules().rate_factor("head.*", 2)).find("parameter_rules was none, is rate_factor head.* 2") !=
        std::string::npos);
  CHECK(resumed_with([](auto&, auto&) {}, [](auto&, auto&) {},
                     [](ParameterStore& s) { return std::make_unique<Sgd>(s, SgdOptions{.momentum = 0.9}); })
            .ends_with("written by a run with other options: optim was adamw, is sgd"));
}

TEST_CASE("run identity: what changes no weight may change") {
  CHECK(resumed_with([](TrainingOptions& o, auto&) {
          o.logging_steps = 1;
          o.save_steps = 3;
          o.save_total_limit = 5;
          o.continue_after_failed_save = true;
          o.batches.batch_tokens = 20;
        }) == "");
  // Evaluations decide nothing here.
  CHECK(resumed_with([](TrainingOptions& o, SmallTask& t) {
          o.eval_steps = 3;
          o.metric_for_best_model = "loss";
          t.own_validation_identity = {};
          t.validates = false;
        }) == "");
}

TEST_CASE("run identity: where batches decide the loss, how they are cut may not change") {
  const auto contrast = [](auto&, SmallTask& t) { t.contrasts = true; };
  CHECK(resumed_with([](auto&, auto&) {}, contrast) == "");
  CHECK(resumed_with([](TrainingOptions& o, auto&) { o.batches.batch_tokens = 20; }, contrast)
            .find("batch_tokens was 0, is 20") != std::string::npos);
}

TEST_CASE("run identity: with a constant rate a run may be prolonged") {
  const auto constant = [](TrainingOptions& o, auto&) { o.lr_scheduler_type = "constant"; };
  CHECK(resumed_with([](TrainingOptions& o, auto&) { o.max_steps = 8; }, constant) == "");
}

TEST_CASE("run identity: where evaluations decide, they must be the same") {
  CHECK(resumed_with([](auto&, auto&) {}, with_best) == "");
  CHECK(resumed_with([](TrainingOptions& o, auto&) { o.eval_steps = 3; }, with_best).find("eval_steps was 2, is 3") !=
        std::string::npos);
  CHECK(resumed_with([](TrainingOptions& o, auto&) { o.metric_for_best_model = "eval_loss"; }, with_best)
            .find("metric_for_best_model was accuracy, is loss") != std::string::npos);
  CHECK(resumed_with([](TrainingOptions& o, auto&) { o.metric_for_best_model = "eval_accuracy"; }, with_best) == "");
  CHECK(
      resumed_with([](auto&, SmallTask& t) { t.own_validation_identity["validation data"] = "61 examples"; }, with_best)
          .find("validation data was 60 examples, is 61 examples") != std::string::npos);
  // The best model so far must be there.
  CHECK(resumed_with(
            [](TrainingOptions& o, SmallTask& t) {
              std::filesystem::remove_all(checkpoint_path(o.output_dir, 2));
              t.metrics_to_report = {0.9, 0.1, 0.1};
            },
            [](TrainingOptions& o, SmallTask& t) {
              o.load_best_model_at_end = true;
              t.metrics_to_report = {0.9, 0.1, 0.1};
            })
            .find("checkpoint-2") != std::string::npos);
}

TEST_CASE("run identity: a checkpoint of another version says what it does not know") {
  const ScratchFolder dir;
  const TrainingOptions o = options_in(dir);
  Process first, second;
  first.train(o);
  const auto state = checkpoint_path(o.output_dir, 6) / "trainer_state.json";
  Json json = Json::read(state.string()), fingerprint = json.get_object("fingerprint");
  fingerprint.erase("labels");
  fingerprint.set("colour", "blue");
  json.set("fingerprint", fingerprint);
  for (const char* key : {"validation", "circumstances", "seconds", "tokens"}) json.erase(key);
  json.write(state.string(), {});
  CHECK_THROWS_WITH_AS(
      second.train(o, checkpoint_path(o.output_dir, 6)),
      doctest::Contains("it does not say (it had none, or another version wrote it): labels; it had what this run has "
                        "not: colour blue"),
      std::runtime_error);
}
