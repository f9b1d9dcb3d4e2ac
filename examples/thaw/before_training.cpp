// SPDX-License-Identifier: Apache-2.0
// Early errors and warnings.
#include "examples/thaw/before_training.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "examples/thaw/compressed_base.h"
#include "examples/thaw/freeze_stages.h"
#include "examples/thaw/run_cost.h"
#include "models/tasks/task_training.h"
#include "nn/train/batches.h"
#include "nn/train/training_checks.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/dry_device.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

void warn_of_unused(const CLI::App& command, const TrainingOptions& o) {
  const auto warn = [&](const char* option, bool used, const char* why) {
    if (!used && command.count(option) > 0) fmt::print(stderr, "warning: {} has no effect: {}\n", option, why);
  };
  warn("--eval-steps", o.eval_strategy == Interval::steps, "--eval-strategy is not steps");
  warn("--save-steps", o.save_strategy == Interval::steps, "--save-strategy is not steps");
  warn("--num-train-epochs", o.max_steps <= 0, "--max-steps says when the run ends");
  warn("--warmup-ratio", o.warmup_steps == 0, "--warmup-steps says how many steps they are");
}

}  // namespace

void check_arguments(const CLI::App& command, const ModelArguments& model, const DataArguments& data,
                     const TrainingOptions& training, const Task& task) {
  check_options(training);
  if (!data.has_validation()) {
    const std::string where = data.own.option.empty() ? "--validation-file or --validation-split"
                                                      : fmt::format("what {} names has none", data.own.option);
    const auto refuse = [&](const std::string& option, bool used) {
      if (used) throw CLI::ValidationError(option, "needs validation data: " + where);
    };
    const std::string of_task = task.needs_validation();
    refuse(of_task, !of_task.empty());
    refuse("--max-eval-samples", data.max_eval_samples > 0);
    refuse("--load-best-model-at-end", training.load_best_model_at_end);
    refuse("--early-stopping-patience", training.early_stopping_patience > 0);
    refuse("unfreezing when validation stalls", training.awaited_stalls > 0);
    refuse("--eval-strategy", training.eval_strategy != Interval::never && command.count("--eval-strategy") > 0);
  }
  if (command.count("--output-dir") > 0) {
    check_output_directory(training.output_dir);
    std::error_code ignored;
    if (std::filesystem::equivalent(training.output_dir, model.model, ignored))
      fail("{}: is --model, too: the model would be overwritten", training.output_dir.string());
  }
  check_data_files(data);
  warn_of_unused(command, training);
}

void take_own_data(const CLI::App& command, const Task& task, DataArguments& data, bool needs_data) {
  data.own = task.own_data();
  for (const char* option : {"--validation-split", "--max-train-samples"}) {
    const CLI::Option* given = command.get_option_no_throw(option);
    if (!given || given->count() == 0) continue;
    if (!data.own.option.empty())
      throw CLI::ValidationError(option, fmt::format("is of --train-file, and {} names the data", data.own.option));
    if (data.train_file.empty()) throw CLI::RequiresError(option, "--train-file");
  }
  if (data.own.option.empty()) {
    if (needs_data && data.train_file.empty()) throw CLI::RequiredError("--train-file");
    return;
  }
  for (const char* option : {"--train-file", "--validation-file", "--test-file"})
    if (command.count(option) > 0)
      throw CLI::ValidationError(option, fmt::format("{} names the data", data.own.option));
  data.train_file = data.own.train;
}

void check_data_file(const std::string& file) {
  std::error_code ignored;
  const std::filesystem::file_type type = std::filesystem::status(file, ignored).type();
  if (type == std::filesystem::file_type::not_found) fail("{}: no such file", file);
  if (type == std::filesystem::file_type::fifo || type == std::filesystem::file_type::character)
    fail("{}: is no regular file, and is read more than once", file);
}

void check_data_files(const DataArguments& data) {
  for (const DataSplit& split : data.splits())
    if (split.name != "train" || data.own.is_file) check_data_file(split.file);
}

void look_at(Task& task, const ModelArguments& model, const DataArguments& data) {
  check_data_files(data);
  task.look_at(model.model, data.train_file);
  for (const std::string& line : task.notes()) fmt::print(stderr, "{}\n", line);
  for (const std::string& line : task.warnings()) fmt::print(stderr, "warning: {}\n", one_line(line));
}

std::string unread_text(const FreezeReport& report) {
  if (report.unread.empty()) return "";
  return fmt::format("{}: nothing reads {} frozen", listed(report.unread),
                     report.unread.size() == 1 ? "it, so it stays" : "them, so they stay");
}

void check_trained(const FreezeReport& report) {
  if (report.trained == 0)
    fail("every parameter is frozen: there is nothing to train{}",
         report.unread.empty() ? "" : fmt::format(" ({})", unread_text(report)));
  if (!report.new_and_frozen.empty())
    fail("{} {} new (the checkpoint has no such tensor) and frozen: the random numbers would stay; train what is new",
         listed(report.new_and_frozen), report.new_and_frozen.size() == 1 ? "is" : "are");
}

void tell_of(const FreezeReport& report, bool warns, const std::vector<std::vector<std::string>>& parallel) {
  for (const FreezeReport::Rule& rule : report.rules)
    fmt::print("{}: {}\n", rule.text, counted(rule.tensors, "tensor"));
  for (const std::string& note : report.notes) fmt::print("{}\n", note);
  if (const std::string line = unread_text(report); !line.empty()) fmt::print("{}\n", line);
  if (!warns) return;
  for (const std::string& line : frozen_above_trained(report, parallel)) fmt::print(stderr, "warning: {}\n", line);
}

void check_micro_batches(const Examples& examples, const TrainingOptions& training) {
  if (examples.is_learnt_alone()) return;
  int64_t all = 0, alone = 0;
  for (const StepBatch& step : epoch_steps(examples.lengths(), training.batches, training.seed, 0))
    for (const std::vector<int64_t>& micro : step.micro_batches) {
      ++all;
      alone += micro.size() == 1;
    }
  check(alone < all || all == 0,
        "every micro-batch has one example: nothing is learnt, for each has to be told from the others of its "
        "micro-batch (--batch-size, --batch-tokens, more data)");
  if (2 * alone > all)
    fmt::print(stderr, "warning: {} of {} micro-batches have one example, of which nothing is learnt\n", alone, all);
}

int64_t rehearse(TaskModel& model, const std::vector<FreezeStage>& stages, const Examples& examples,
                 const TrainingOptions& training, const OptimizerArguments& optimizer) {
  const DryDevice dry;
  const std::unique_ptr<TaskModel> dry_model = model.on_dry_device(dry.device());
  const std::unique_ptr<Examples> dry_examples = examples.read_by(*dry_model);
  TaskTraining task(*dry_model, *dry_examples, nullptr);
  const Device device = model.store().device();
  if (compressed_weights(model.store()).tensors > 0) {
    stages[0].apply(dry_model->store());
    compress_alike(dry_model->store(), model.store());
  }
  MemoryNeed need;  // of the stage that needs most
  double most_optimizer = 0;
  for (const FreezeStage& stage : stages) {
    apply_to_train(stage, dry_model->store());
    const MemoryNeed of_stage =
        Rehearsal(task, dry_model->store(), dry, training, optimizer.maker()).memory_need(device);
    most_optimizer = std::max(most_optimizer, of_stage.optimizer);
    if (of_stage.most > need.most) need = of_stage;
  }
  check_memory(need, device, true);
  const int64_t left = left_on_host(need, device);
  if (training.output_dir.empty()) return left;
  check_disk(dry_model->store(), most_optimizer, training);
  if (const double bytes = checkpoint_bytes(dry_model->store(), most_optimizer, training); bytes > 0)
    fmt::print("a checkpoint takes about {:.1f} MB\n", bytes / 1e6);
  return left;
}

}  // namespace thaw
