// SPDX-License-Identifier: Apache-2.0
// thaw plan: what a training would do, before it does it: what is trained, in how much memory, and what freezing saves.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "examples/thaw/before_training.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/compressed_base.h"
#include "examples/thaw/freeze_stages.h"
#include "examples/thaw/kept_texts.h"
#include "examples/thaw/run_cost.h"
#include "examples/thaw/run_examples.h"
#include "examples/thaw/training_arguments.h"
#include "models/tasks/parallel_parts.h"
#include "models/tasks/task_training.h"
#include "nn/train/training_checks.h"
#include "tensor/counted.h"
#include "tensor/dry_device.h"

namespace thaw {
namespace {

struct Arguments : TrainingArguments {
  bool kernels = false;
};

// Without data: one full step of examples of the greatest length. The other files are read, too: training would need
// their labels.
RunExamples examples_of(const Arguments& a, TaskModel& model) {
  if (!a.data.train_file.empty()) return read_examples(model, a.data, a.training.seed);
  RunExamples made_up;
  made_up.train = model.longest(a.training.batches.batch_size * a.training.batches.accumulation);
  return made_up;
}

// The same examples once more, of which nothing is kept yet.
RunExamples read_again(const RunExamples& examples, TaskModel& model) {
  RunExamples again;
  again.train = examples.train->read_by(model);
  if (examples.validation) again.validation = examples.validation->read_by(model);
  return again;
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

void print_memory(const MemoryNeed& need, const std::string& optimizer) {
  const auto line = [](const char* kind, double bytes) { fmt::print("{:<34} {:>10.1f}\n", kind, bytes / 1e6); };
  fmt::print("\n{:<34} {:>10}\n", "memory", "MB");
  line("weights", need.weights);
  if (need.whole_weights > 0) line("weights as they are read, before", need.whole_weights);
  line("gradients", need.gradients);
  line(fmt::format("optimizer ({})", optimizer).c_str(), need.optimizer);
  line("activations, largest batch, about", need.activations);
  if (need.packed_weights > 0) line("frozen weights, packed for products", need.packed_weights);
  if (need.kept > 0) line("kept of what the frozen part gives", need.kept);
  line("the most at once, about", need.most);
}

void print_flops(const MeanCost& mean, std::string_view parts) {
  const auto line = [](const char* what, double flops, double unfrozen) {
    fmt::print("{:<34} {:>10.3f} {:>22.3f}\n", what, flops / 1e9, unfrozen / 1e9);
  };
  fmt::print("\n{:<34} {:>10} {:>22}\n", fmt::format("a step ({:.0f} {} on average)", mean.tokens, parts), "GFLOP",
             "if nothing were frozen");
  line("forward", mean.now.forward, mean.unfrozen.forward);
  line("backward", mean.now.backward, mean.unfrozen.backward);
  line("together", mean.now.together(), mean.unfrozen.together());
  fmt::print("freezing saves {:.1f} % of a step\n", 100 * (1 - mean.now.together() / mean.unfrozen.together()));
}

void print_kernels(const std::vector<KernelUse>& kernels) {
  fmt::print("\n{:<28} {:>6} {:>10} {:>10} {:>10}  {}\n", "kernel, in the largest step", "calls", "GFLOP", "MB read",
             "written", "shapes");
  for (const KernelUse& use : kernels)
    fmt::print("{:<28} {:>6} {:>10.3f} {:>10.2f} {:>10.2f}  {}\n", use.kernel, use.calls, use.flops / 1e9,
               use.bytes_read / 1e6, use.bytes_written / 1e6, use.shapes);
}

struct StageCost {
  MemoryNeed need;
  MeanCost mean;
  std::vector<KernelUse> kernels;
};

// In the order of training: copies of weights that were frozen before a stage are still there in its first step.
std::vector<StageCost> costs_of(const std::vector<FreezeStage>& stages, const FrozenWeights& frozen, TrainingTask& task,
                                ParameterStore& store, const DryDevice& dry, const Arguments& a, const Device& device) {
  std::vector<StageCost> costs;
  for (const FreezeStage& stage : stages) {
    apply_to_train(stage, store);
    frozen.compress(store);
    Rehearsal rehearsal(task, store, dry, a.training, a.optimizer.maker());
    StageCost& cost = costs.emplace_back();
    cost.need = rehearsal.memory_need(device, a.kernels ? &cost.kernels : nullptr);
    cost.mean = rehearsal.mean_cost();
  }
  return costs;
}

// What the frozen part of the first stage gives is there from its second epoch on; what later stages find of theirs is
// not counted. Where validation decides how long they are, each step behind the first epoch may be one of the dearest.
std::string flops_of_all(const std::vector<FreezeStage>& stages, const std::vector<StageCost>& costs,
                         const std::vector<int64_t>& steps, bool keeps, const StepCost& once_kept) {
  const bool known = stages.back().from.is_known();
  const int64_t computed = keeps || !known ? std::min(steps[0], costs[0].mean.steps_per_epoch) : steps[0];
  double later = keeps ? once_kept.together() : costs[0].mean.now.together();
  double flops = costs[0].mean.now.together() * static_cast<double>(computed);
  if (known) {
    flops += later * static_cast<double>(steps[0] - computed);
    for (size_t i = 1; i < costs.size(); ++i) flops += costs[i].mean.now.together() * static_cast<double>(steps[i]);
  } else {
    for (size_t i = 1; i < costs.size(); ++i) later = std::max(later, costs[i].mean.now.together());
    flops += later * static_cast<double>(steps[0] - computed);
  }
  const bool exact = stages.size() == 1 || (known && !keeps);
  return fmt::format("{}{:.1f} TFLOP", exact ? "" : "at most ", flops / 1e12);
}

void print_stages(const std::vector<FreezeStage>& stages, const std::vector<FreezeReport>& reports,
                  const std::vector<StageCost>& costs) {
  fmt::print("{:<20} {:>14} {:>14} {:>16} {:>16}\n", "stage", "trained", "frozen", "GFLOP a step", "MB at most");
  for (size_t i = 0; i < stages.size(); ++i)
    fmt::print("{:<20} {:>14} {:>14} {:>16.3f} {:>16.1f}\n", stages[i].from.to_text(), reports[i].trained,
               reports[i].frozen, costs[i].mean.now.together() / 1e9, costs[i].need.most / 1e6);
}

void plan(const Arguments& a, Task& task) {
  const FreezeSchedule schedule = a.freeze.schedule();
  const Device device = open_device(a.model.device);
  const DryDevice dry;
  const bool has_data = !a.data.train_file.empty();
  if (has_data) {
    look_at(task, a.model, a.data);
    check_evaluation(a.training, task.metric_names(), a.data.has_validation());
  }
  const std::unique_ptr<TaskModel> model =
      task.open(a.model.model, {.device = dry.device(), .first_weights = a.model.first_weights()});
  model->set_checkpointing(a.model.gradient_checkpointing);
  for (const std::string& note : model->report().notes) fmt::print("{}\n", note);
  const std::vector<FreezeStage> stages = schedule_for(schedule, *model).stages(model->store());
  const std::vector<FreezeReport> reports = look_through(stages, model->store());
  const auto whole_weights = static_cast<double>(dry.memory().live_bytes);
  const FrozenWeights frozen = frozen_weights(model->store(), stages, a.freeze.dtype);
  const RunExamples read = examples_of(a, *model);
  Examples* const examples = read.train.get();
  const ExampleWords words = examples->words();
  check_micro_batches(*examples, a.training);
  TaskTraining training(*model, *examples, nullptr);
  std::vector<StageCost> costs = costs_of(stages, frozen, training, model->store(), dry, a, device);
  const auto largest = static_cast<size_t>(
      std::ranges::max_element(costs, {}, [](const StageCost& cost) { return cost.need.most; }) - costs.begin());
  MemoryNeed& need = costs[largest].need;
  const FreezeReport& report = reports[largest];
  const MeanCost& mean = costs[largest].mean;
  const StepCost& first = costs[0].mean.now;
  stages[0].apply(model->store());
  const CompressedWeights compressed = frozen.compress(model->store());
  if (compressed.tensors > 0) need.begin_with(whole_weights);
  KeptTexts kept;
  StepCost once_kept;
  if (has_data) {
    const RunExamples again = read_again(read, *model);
    const bool in_memory = a.cache.folder.empty();
    const int64_t room = std::min(a.cache.memory * 1'000'000, left_on_host(need, device));
    CacheArguments without_numbers = a.cache;  // they are not known here: nor what is in the folder
    without_numbers.folder.clear();
    kept = keep_frozen(again, a.training, without_numbers, in_memory ? room : folder_bytes(a.cache));
    if (const std::string line = unused_cache_text(a.cache, kept, words); !line.empty())
      fmt::print(stderr, "warning: {}\n", line);
    if (kept.kept > 0) {
      TaskTraining later(*model, *again.train, nullptr);
      once_kept = Rehearsal(later, model->store(), dry, a.training, a.optimizer.maker()).cost_once_kept();
    }
  }
  if (a.cache.folder.empty()) need.add_kept(static_cast<double>(kept.bytes), device);
  const double most_optimizer =
      std::ranges::max(costs, {}, [](const StageCost& cost) { return cost.need.optimizer; }).need.optimizer;
  if (!a.training.output_dir.empty()) check_disk(model->store(), most_optimizer, a.training);

  if (stages.size() > 1) {
    print_stages(stages, reports, costs);
    fmt::print("\nthe stage that needs most memory, {}:\n", stages[largest].from.to_text());
  }
  print_modules(report);
  tell_of(report, !says_nothing(schedule), parallel_parts(*model));
  for (const std::string& note : a.optimizer.notes(model->store())) fmt::print("{}\n", note);
  if (compressed.tensors > 0) fmt::print("{}\n", to_text(compressed, a.freeze.dtype));
  print_memory(need, a.optimizer.name());
  print_flops(mean, words.parts);
  if (const std::string line = to_text(kept, a.cache, words); !line.empty()) fmt::print("{}\n", line);
  if (kept.kept > 0)
    fmt::print(
        "then a step{} takes {:.3f} GFLOP forward, {:.3f} together: {:.1f} % and {:.1f} % less from the second epoch "
        "on\n",
        stages.size() > 1 ? " of the first stage" : "", once_kept.forward / 1e9, once_kept.together() / 1e9,
        100 * (1 - once_kept.forward / first.forward), 100 * (1 - once_kept.together() / first.together()));
  if (has_data) {
    const int64_t all = total_steps(a.training, examples->size());
    const std::vector<int64_t> steps = steps_of_stages(stages, a.training, examples->size());
    fmt::print("{}: {} an epoch, {} in all, {}\n", counted(examples->size(), "example"),
               counted(mean.steps_per_epoch, "step"), all,
               flops_of_all(stages, costs, steps, kept.kept > 0, once_kept));
    warn_of_late_stages(stages, a.training, examples->size());
    for (const std::string& line : doubtful_options(a.training, all)) fmt::print(stderr, "warning: {}\n", line);
  }
  if (a.kernels) print_kernels(costs[largest].kernels);
  std::fflush(stdout);
  check_memory(need, device, false);
}

}  // namespace

void add_plan(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("plan", "show what would be trained, the memory, the arithmetic, and what freezing saves");
  add_training_arguments(*command, *a);
  command->add_flag("--kernels", a->kernels,
                    "also what a step launches: each kernel with its shapes, calls, arithmetic and bytes");
  command->footer(
      "Takes the options of finetune and trains nothing: some steps run with the real model on a device that counts "
      "and computes\n"
      "nothing. With --train-file, the batches are those that training would see; without, one step of examples as "
      "long "
      "as the model\n"
      "takes. A step's arithmetic is that of its matrix products.\n\n"
      "Example:\n"
      "  thaw plan --model data/minilm --train-file data/topics/train.tsv --freeze 'bert.embeddings.*' --batch-size "
      "16");
  command->callback([a, command] {
    Task& task = choose(*command, *a);
    take_own_data(*command, task, a->data, false);
    check_arguments(*command, a->model, a->data, a->training, task);
    plan(*a, task);
  });
}

}  // namespace thaw
