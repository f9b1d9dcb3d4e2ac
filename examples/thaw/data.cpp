// SPDX-License-Identifier: Apache-2.0
// thaw data: is the data set fit to learn from and to be judged by?
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "examples/number_options.h"
#include "examples/thaw/arguments.h"
#include "examples/thaw/before_training.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/shown_examples.h"
#include "examples/thaw/task_arguments.h"
#include "models/hub/model_directory.h"
#include "tensor/counted.h"
#include "tensor/dry_device.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model;
  DataArguments data;
  TaskArguments tasks{TaskUse::training};
  int64_t show = 0;  // examples; 0: the report instead
  std::string show_split = "train";
};

// As finetune would read them; nothing is computed.
void show(const Arguments& a, Task& task) {
  const std::vector<DataSplit> splits = a.data.splits();
  const auto split = std::ranges::find(splits, a.show_split, &DataSplit::name);
  const bool own_validation = a.data.own.has_validation && a.show_split == "validation";
  const bool own_test = a.data.own.has_test && a.show_split == "test";
  if (split == splits.end() && !own_validation && !own_test)
    throw CLI::ValidationError("--show-split", fmt::format("{0} needs --{0}-file", a.show_split));
  look_at(task, {.model = a.model}, a.data);
  const DryDevice dry;
  // Of a model that is to be begun from scratch the data are the same.
  const FirstWeights first = has_weights(a.model) ? FirstWeights::checkpoint : FirstWeights::random;
  const std::unique_ptr<TaskModel> model = task.open(a.model, {.device = dry.device(), .first_weights = first});
  const std::unique_ptr<Examples> examples = own_validation ? model->own_validation()
                                             : own_test     ? model->own_test()
                                                            : model->read(split->file);
  examples->begin_epoch(0);
  for (const std::string& line : examples->notes()) fmt::print(stderr, "{}\n", one_line(line));

  std::vector<int64_t> firsts = examples->first_of_groups();  // what is judged as one is shown as one
  const auto groups = std::ssize(firsts), count = std::min(a.show, groups);
  firsts.push_back(examples->size());
  std::vector<ShownExample> shown;
  bool marks = false;
  for (int64_t example = 0; example < firsts[static_cast<size_t>(count)]; ++example) {
    shown.push_back(examples->show(example));
    marks |= std::ranges::any_of(shown.back().tokens, &ShownExample::Token::has_loss);
  }
  const ShownLook look = ShownLook::of_standard_output();
  fmt::print("{} of {}, {}\n", count, counted(groups, "example"), model->description());
  if (marks) fmt::print("{}", marks_text(look));
  for (const ShownExample& example : shown) fmt::print("\n{}", shown_text(example, look));
}

void run(const Arguments& a, Task& task) {
  check_data_files(a.data);
  const DataReport report = task.check_data(a.model, a.data.splits());
  fmt::print("{}\n", report.text);
  for (const std::string& line : report.warnings) fmt::print("warning: {}\n", line);
  fmt::print("{} warning{}\n", report.warnings.size(), report.warnings.size() == 1 ? "" : "s");
}

}  // namespace

void add_data(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("data", "check a data set: labels, duplicates, leaks between splits, lengths, unknown tokens");
  command
      ->add_option("--model", a->model,
                   "whose tokenizer and limit texts are measured by (without: tokens are not looked at)")
      ->type_name("DIR");
  add_data_options(*command, a->data, a->tasks);
  const char* group = "Examples, instead of the report";
  CLI::Option* shown = add_number(*command, "--show", a->show, WholeRange{.least = 1},
                                  "show the first so many examples as the model would see them: tokens, those that "
                                  "the loss is about and what they should be, labels, what is cut off")
                           ->group(group)
                           ->needs(command->get_option("--model"));
  add_word(*command, "--show-split", a->show_split, {"train", "validation", "test"}, "of which file")
      ->group(group)
      ->needs(shown);
  command->footer(
      a->tasks.help(&TaskHelp::data) +
      "Broken rows are errors that name file and line. finetune and plan print on the standard error what concerns "
      "what is learnt.\n\n"
      "--show is worth a look before a training: is each text cut where it may be, does each word have its label? "
      "Tokens that the\n"
      "loss is about are coloured, or have a star where there is no colour (NO_COLOR); behind -> stands what they "
      "should be.\n\n"
      "Examples:\n"
      "  thaw data --model data/minilm --train-file data/topics/train.tsv --test-file data/topics/test.tsv\n"
      "  thaw data --model data/minilm --train-file data/topics/train.tsv --show 3\n"
      "  thaw data --model data/minilm --train-file train.txt --task mlm --show 3   # the words that are masked first");
  command->callback([a, command] {
    Task& task = a->tasks.chosen(*command, a->model);
    take_own_data(*command, task, a->data);
    a->show > 0 ? show(*a, task) : run(*a, task);
  });
}

}  // namespace thaw
