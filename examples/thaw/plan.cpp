// SPDX-License-Identifier: Apache-2.0
// thaw plan: what a training would do, before it does it: what is trained, in how much memory, and what freezing saves.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "examples/thaw/arguments.h"
#include "examples/thaw/before_training.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/encoded_texts.h"
#include "examples/thaw/run_cost.h"
#include "nn/train/training_checks.h"

namespace thaw {
namespace {

struct Arguments {
  ModelArguments model;
  DataArguments data;
  FreezeArguments freeze;
  TrainingOptions training;
};

// Without data: one full batch of texts of the greatest length.
std::vector<int64_t> text_lengths(const Arguments& a, const Problem& problem, const TextClassifier& model) {
  if (!a.data.train_file.empty()) {
    for (const std::string& file : {a.data.validation_file, a.data.test_file})
      if (!file.empty()) read_encoded_texts(file, a.data, problem, model);  // training would need their labels
    return read_encoded_texts(a.data.train_file, a.data, problem, model).lengths;
  }
  return std::vector<int64_t>(static_cast<size_t>(a.training.batches.batch_size * a.training.batches.accumulation),
                              model.max_length());
}

void print_modules(const FreezeReport& report) {
  size_t width = 6;
  for (const auto& group : report.groups) width = std::max(width, group.name.size());
  fmt::print("{:<{}} {:>14} {:>14}\n", "module", width, "trained", "frozen");
  for (const auto& group : report.groups)
    fmt::print("{:<{}} {:>14} {:>14}\n", group.name, width, group.trained, group.frozen);
  fmt::print("{:<{}} {:>14} {:>14}   {:.2f} per mille trained\n", "all", width, report.trained, report.frozen,
             report.per_mille());
}

void print_memory(const MemoryNeed& need) {
  const auto line = [](const char* kind, double bytes) { fmt::print("{:<34} {:>10.1f}\n", kind, bytes / 1e6); };
  fmt::print("\n{:<34} {:>10}\n", "memory", "MB");
  line("weights", need.weights);
  line("gradients", need.gradients);
  line("optimizer (AdamW)", need.optimizer);
  line("activations, largest batch, about", need.activations);
  line("together, about", need.together());
}

void print_flops(const RunCost& costs) {
  const auto line = [](const char* what, double flops, double unfrozen) {
    fmt::print("{:<34} {:>10.3f} {:>22.3f}\n", what, flops / 1e9, unfrozen / 1e9);
  };
  const double now = costs.mean.forward + costs.mean.backward,
               unfrozen = costs.mean_unfrozen.forward + costs.mean_unfrozen.backward;
  fmt::print("\n{:<34} {:>10} {:>22}\n", fmt::format("a step ({:.0f} tokens on average)", costs.tokens), "GFLOP",
             "if nothing were frozen");
  line("forward", costs.mean.forward, costs.mean_unfrozen.forward);
  line("backward", costs.mean.backward, costs.mean_unfrozen.backward);
  line("together", now, unfrozen);
  fmt::print("freezing saves {:.1f} % of a step\n", 100 * (1 - now / unfrozen));
}

void plan(const Arguments& a) {
  const FreezeMask mask = a.freeze.mask();
  Problem problem;
  TextClassifierOptions options{.device = open_device(a.model.device), .max_length = a.data.max_length};
  if (!a.data.train_file.empty()) {
    problem = find_problem(a.data.train_file, a.data, given_problem(a.model, a.data));
    problem.print_warnings();
    check_metric(a.training, a.data, problem.type);
    options.labels = problem.labels.names();
    options.problem_type = problem.type;
  }
  TextClassifier model(a.model.model, options);
  problem.use_labels_of(model);
  if (!a.data.text_pair_column.empty()) check_takes_pairs(a.model.model, model.config(), model.tokenizer());
  for (const std::string& note : model.report().notes) fmt::print("{}\n", note);
  const FreezeReport report = mask.apply(model.store());
  check_trained(report);
  if (!a.training.output_dir.empty()) check_disk(report, a.training);
  const std::vector<int64_t> lengths = text_lengths(a, problem, model);
  const RunCost costs = run_cost(model, model.store(), lengths, a.training, a.model.gradient_checkpointing);
  const MemoryNeed need = memory_need(report, costs, model.store().dtype());

  print_modules(report);
  print_memory(need);
  print_flops(costs);
  if (!a.data.train_file.empty()) {
    const int64_t all = total_steps(a.training, static_cast<int64_t>(lengths.size()));
    fmt::print("{} texts: {} steps an epoch, {} in all, {:.1f} TFLOP\n", lengths.size(), costs.steps_per_epoch, all,
               (costs.mean.forward + costs.mean.backward) * static_cast<double>(all) / 1e12);
    for (const std::string& line : doubtful_options(a.training, all)) fmt::print(stderr, "warning: {}\n", line);
  }
  std::fflush(stdout);
  check_memory(need, model.store().device());
}

}  // namespace

void add_plan(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("plan", "show what would be trained, the memory, the arithmetic, and what freezing saves");
  add_model_options(*command, a->model);
  add_data_options(*command, a->data);
  add_freeze_options(*command, a->freeze);
  add_training_options(*command, a->training);
  command->footer(
      "Takes the options of finetune and trains nothing. With --train-file, the batches are those that training would "
      "see; without,\n"
      "one batch of texts as long as the model takes. A step's arithmetic is that of its matrix products.\n\n"
      "Example:\n"
      "  thaw plan --model data/minilm --train-file data/topics/train.tsv --freeze 'bert.embeddings.*' --batch-size "
      "16");
  command->callback([a, command] {
    check_arguments(*command, a->model, a->data, a->training);
    plan(*a);
  });
}

}  // namespace thaw
