// SPDX-License-Identifier: Apache-2.0
// thaw data: is the data set fit to learn from and to be judged by?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/task_arguments.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model;
  DataArguments data;
  TaskArguments tasks{TaskUse::training};
};

void run(const Arguments& a, Task& task) {
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
  command->get_option("--train-file")->required();
  command->footer(
      a->tasks.help(&TaskHelp::data) +
      "Broken rows are errors that name file and line. finetune and plan print on the standard error what concerns "
      "what "
      "is learnt.\n\n"
      "Example:\n"
      "  thaw data --model data/minilm --train-file data/topics/train.tsv --test-file data/topics/test.tsv");
  command->callback([a, command] { run(*a, a->tasks.chosen(*command, a->model)); });
}

}  // namespace thaw
