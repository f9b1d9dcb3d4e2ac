// SPDX-License-Identifier: Apache-2.0
// thaw plan: what a training would do, before it does it: what is trained, in how much memory, and what freezing saves.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/encoded_texts.h"
#include "examples/thaw/step_cost.h"
#include "tensor/check.h"

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
  if (!a.data.train_file.empty()) return read_encoded_texts(a.data.train_file, a.data, problem, model).lengths;
  return std::vector<int64_t>(static_cast<size_t>(a.training.batches.batch_size * a.training.batches.accumulation),
                              model.max_length());
}

struct Costs {
  StepCost mean, mean_unfrozen;  // of an optimizer step
  double activation_bytes = 0;   // of the largest micro-batch
  double tokens = 0;             // of a step
  int64_t steps = 0;             // of an epoch
};

Costs epoch_costs(const Arguments& a, const TextClassifier& model, const ParameterStore& store,
                  std::span<const int64_t> lengths) {
  Costs costs;
  const auto steps = epoch_steps(lengths, a.training.batches, a.training.seed, 0);
  costs.steps = static_cast<int64_t>(steps.size());
  check(costs.steps > 0, "{} examples do not fill one step", lengths.size());
  const double share = 1.0 / static_cast<double>(costs.steps);
  for (const StepBatch& step : steps) {
    for (const auto& micro : step.micro_batches) {
      std::vector<int64_t> part;
      for (const int64_t example : micro) part.push_back(lengths[static_cast<size_t>(example)]);
      for (const int64_t length : part) costs.tokens += static_cast<double>(length) * share;
      const bool checkpointing = a.model.gradient_checkpointing;
      const StepCost now = step_cost(model.config(), store, part, {.checkpointing = checkpointing});
      const StepCost unfrozen =
          step_cost(model.config(), store, part, {.all_trained = true, .checkpointing = checkpointing});
      costs.mean.forward += now.forward * share;
      costs.mean.backward += now.backward * share;
      costs.mean_unfrozen.forward += unfrozen.forward * share;
      costs.mean_unfrozen.backward += unfrozen.backward * share;
      costs.activation_bytes = std::max(costs.activation_bytes, now.kept_bytes);
    }
  }
  return costs;
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

void print_memory(const FreezeReport& report, const Costs& costs, DType dtype) {
  const double weights = static_cast<double>((report.trained + report.frozen) * static_cast<int64_t>(size_of(dtype)));
  const double gradients = static_cast<double>(report.gradient_bytes),
               optimizer = static_cast<double>(report.optimizer_bytes);
  const auto line = [](const char* kind, double bytes) { fmt::print("{:<34} {:>10.1f}\n", kind, bytes / 1e6); };
  fmt::print("\n{:<34} {:>10}\n", "memory", "MB");
  line("weights", weights);
  line("gradients", gradients);
  line("optimizer (AdamW)", optimizer);
  line("activations, largest batch, about", costs.activation_bytes);
  line("together, about", weights + gradients + optimizer + costs.activation_bytes);
}

void print_flops(const Costs& costs) {
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
    options.labels = problem.labels.names();
    options.problem_type = problem.type;
  }
  TextClassifier model(a.model.model, options);
  problem.labels = LabelSet(model.labels());
  const FreezeReport report = mask.apply(model.store());
  const std::vector<int64_t> lengths = text_lengths(a, problem, model);
  const Costs costs = epoch_costs(a, model, model.store(), lengths);

  print_modules(report);
  print_memory(report, costs, model.store().dtype());
  print_flops(costs);
  if (a.data.train_file.empty()) return;
  const auto& t = a.training;
  const auto all = t.max_steps > 0
                       ? t.max_steps
                       : static_cast<int64_t>(std::ceil(t.num_train_epochs * static_cast<double>(costs.steps)));
  fmt::print("{} texts: {} steps an epoch, {} in all, {:.1f} TFLOP\n", lengths.size(), costs.steps, all,
             (costs.mean.forward + costs.mean.backward) * static_cast<double>(all) / 1e12);
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
  command->callback([a] { plan(*a); });
}

}  // namespace thaw
