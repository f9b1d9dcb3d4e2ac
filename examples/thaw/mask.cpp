// SPDX-License-Identifier: Apache-2.0
// thaw mask: which single numbers of a model to train? Chosen by their size or by what they matter to the examples,
// and written as a file for the rule "train PATTERN mask FILE".
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "examples/number_options.h"
#include "examples/thaw/before_training.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/output_file.h"
#include "examples/thaw/training_arguments.h"
#include "examples/thaw/training_run.h"
#include "models/tasks/task_training.h"
#include "nn/freeze/element_choice.h"
#include "nn/freeze/mask_file.h"
#include "nn/train/fisher.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

struct Arguments : TrainingArguments {
  std::string by = "fisher", output;
  ElementChoice choice;
};

// Those that the rules leave trained and the checkpoint has: of random numbers none is better than another. The others
// are frozen, so that no gradient of them is computed.
std::vector<Parameter> candidates(TaskModel& model) {
  std::vector<Parameter> found;
  std::vector<std::string> left_out;
  const std::vector<std::string>& random = model.report().initialised;
  for (const Parameter& p : model.store().trained()) {
    check(!p.trained_rows() && p.trained_elements().empty(), "{}: trained in part already; masks are of whole tensors",
          p.name());
    if (std::ranges::find(random, p.name()) == random.end()) {
      found.push_back(p);
    } else {
      left_out.push_back(p.name());
      p.freeze();
    }
  }
  if (!left_out.empty()) fmt::print("no masks of what the checkpoint does not have: {}\n", fmt::join(left_out, ", "));
  check(!found.empty(), "nothing that the checkpoint has is trained by these rules");
  return found;
}

std::vector<Tensor> fisher(const TrainingRun& run, const Arguments& a) {
  TaskTraining training(*run.model, *run.examples.train, nullptr, TaskArguments::option_names());
  const int64_t examples = std::ssize(training.lengths());
  return fisher_information(training, run.model->store(), [&](int64_t done) {
    if (done % std::max<int64_t>(1, a.training.logging_steps * 10) == 0)
      fmt::print(stderr, "example {}/{}\n", done, examples);
  });
}

void make_mask(const Arguments& a, Task& task) {
  FreezeSchedule rules(a.freeze.schedule().at_start());
  // What a task usually trains is chosen already: without rules, all is looked at.
  if (rules.at_start().rules().empty() && task.has_usual_rules()) rules.add_at_start("train *");
  look_at(task, a.model, a.data);
  const TrainingRun run = open_for_training(a, task, rules);
  ParameterStore& store = run.model->store();
  if (const std::string line = unread_text(run.reports[0]); !line.empty()) fmt::print("{}\n", line);
  const std::vector<Parameter> parameters = candidates(*run.model);
  if (const std::string line = run.base.to_text(); !line.empty()) fmt::print("{}\n", line);

  std::vector<std::vector<float>> scores;
  if (a.by == "fisher") {
    for (const Tensor& information : fisher(run, a)) scores.push_back(information.to_host<float>());
  } else {
    for (const Parameter& p : parameters) scores.push_back(unary(UnaryOp::abs, p.value()).to_host<float>());
  }
  std::vector<std::vector<uint8_t>> chosen = choose_elements(scores, a.choice);

  std::map<std::string, std::vector<uint8_t>> masks;
  int64_t all = 0;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const int64_t ones = std::ranges::count(chosen[i], 1);
    fmt::print("{} {}: {} of {}\n", parameters[i].name(), parameters[i].value().shape(), ones, chosen[i].size());
    all += std::ssize(chosen[i]);
    masks.emplace(parameters[i].name(), std::move(chosen[i]));
  }
  SafetensorsMetadata made{{"base", a.model.model},
                           {"by", a.by},
                           {"keep", fmt::format("{}", a.choice.keep)},
                           {"of", a.choice.per_tensor ? "each tensor" : "all tensors together"},
                           {"scores", a.choice.smallest ? "smallest" : "largest"}};
  if (a.by == "fisher") made["examples"] = fmt::format("{}", run.examples.train->size());
  const MaskFile file(store, std::move(masks), std::move(made));
  file.write(a.output);
  fmt::print("{}: {} of {} numbers ({:.2f} per mille) of {}\n", a.output, file.ones(), all,
             1000.0 * static_cast<double>(file.ones()) / static_cast<double>(all),
             counted(std::ssize(parameters), "tensor"));
  fmt::print("train them by --freeze '*', rules for what else is trained (a new head), and --train '* mask {}'\n",
             a.output);
}

}  // namespace

void add_mask(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("mask", "choose single weights to train, by size or Fisher information");
  add_training_arguments(*command, *a);
  const char* group = "The mask";
  command->add_option("--output", a->output, "file to write (safetensors): 1 for each number that is trained, else 0")
      ->required()
      ->type_name("FILE")
      ->group(group);
  add_word(
      *command, "--by", a->by, {"fisher", "magnitude"},
      "score of a number: fisher, the mean over the training examples of the square of its gradient of one example "
      "alone; magnitude, its absolute value")
      ->default_str(a->by)
      ->group(group);
  add_number(*command, "--keep", a->choice.keep, NumberRange{.most = 1, .above = true}, "share of the numbers to train")
      ->default_str(fmt::format("{}", a->choice.keep))
      ->group(group);
  command->add_flag("--per-tensor", a->choice.per_tensor, "that share of each tensor, not of all together")
      ->group(group);
  command->add_flag("--smallest", a->choice.smallest, "those of the smallest scores, not of the largest")->group(group);
  command->footer(
      "Of the tensors that the rules (--freeze, --train) leave trained and the checkpoint has, chooses the numbers to "
      "be "
      "trained, and\n"
      "writes them down for the rule `train PATTERN mask FILE` of finetune. What is not chosen keeps its bits in "
      "training, under weight\n"
      "decay, too. A mask saves neither time nor memory of a training: gradients and moments are those of whole "
      "tensors.\n\n"
      "--by fisher takes a backward pass for each example (--max-train-samples: of fewer), each in a batch of its own: "
      "the loss is the\n"
      "mean over the example's terms, with its labels, without dropout (FISH masks: Sung et al. 2021).\n\n"
      "Takes the options of finetune. Those on optimizer, schedule, evaluations, checkpoints and --output-dir change "
      "nothing here.\n\n"
      "Examples:\n"
      "  thaw mask --model data/minilm --train-file train.tsv --freeze '*.bias' --keep 0.005 --output "
      "fish.safetensors\n"
      "  thaw finetune --model data/minilm --train-file train.tsv --freeze '*' --train 'classifier.*' \\\n"
      "      --train '* mask fish.safetensors' --output-dir runs/fish");
  command->callback([a, command] {
    Task& task = choose(*command, *a);
    take_own_data(*command, task, a->data);
    check_output_files(*command, {{"--output", ".safetensors"}});
    make_mask(*a, task);
  });
}

}  // namespace thaw
