// SPDX-License-Identifier: Apache-2.0
// thaw predict: rows in, what the task predicts of them out, in their order.
#include <CLI/App.hpp>
#include <memory>

#include "examples/thaw/commands.h"
#include "examples/thaw/output_file.h"
#include "examples/thaw/predictions.h"
#include "examples/thaw/task_arguments.h"

namespace thaw {
namespace {

struct Arguments {
  PredictionArguments rows{.output_format = "tsv"};
  TaskArguments tasks{TaskUse::prediction};
};

}  // namespace

void add_predict(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("predict", "what a fine-tuned model says of new texts");
  add_prediction_options(*command, a->rows,
                         {.model = "directory that `thaw finetune` (or the reference library) wrote",
                          .row = "text",
                          .rows = "texts",
                          .output_formats = {"tsv", "jsonl"},
                          .output_format = "tsv (the default) or jsonl",
                          .batch = "texts computed at once; answers come as soon as so many texts are read"});
  CLI::Option* by_name = command->get_option("--input-file");
  command->add_option("file", a->rows.file, "the same as --input-file")->type_name("FILE")->excludes(by_name);
  a->tasks.add_options(*command, "Task");
  command->footer(
      a->tasks.help(&TaskHelp::predictions) +
      "\n"
      "Examples:\n"
      "  echo \"A fast-paced arcade shooter.\" | thaw predict --model runs/quickstart\n"
      "  thaw predict --model runs/quickstart new.csv --text-column body --output-format jsonl --probabilities\n"
      "  zcat texts.jsonl.gz | thaw predict --model runs/quickstart --format jsonl > labels.tsv");
  command->callback([a, command] {
    Task& task = a->tasks.chosen(*command, a->rows.model);
    check_output_files(*command, {"--predictions-file", "--null-odds-file"});
    const std::unique_ptr<TaskModel> model = open_to_predict(task, a->rows);
    print_predictions(*model, request_of(a->rows), a->rows.batch_size);
  });
}

}  // namespace thaw
