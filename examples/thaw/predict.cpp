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
  AdapterArguments adapters;
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
  a->adapters.add_options_of_rows(*command);
  CLI::Option* by_name = command->get_option("--input-file");
  command->add_option("file", a->rows.file, "the same as --input-file")->type_name("FILE")->excludes(by_name);
  a->tasks.add_options(*command, "Task");
  command->footer(
      a->tasks.help(&TaskHelp::predictions) +
      "\n"
      "Examples:\n"
      "  echo \"A fast-paced arcade shooter.\" | thaw predict --model runs/quickstart\n"
      "  thaw predict --model runs/quickstart new.csv --text-column body --output-format jsonl --probabilities\n"
      "  thaw predict --model base --adapter adapters/acme new.csv   # an adapter of peft, on its base\n"
      "  thaw predict --model base --adapter acme=A --adapter umbra=B --adapter-column customer new.csv\n"
      "  zcat texts.jsonl.gz | thaw predict --model runs/quickstart --format jsonl > labels.tsv");
  command->callback([a, command] {
    check_output_files(*command, {"--predictions-file", "--null-odds-file"});
    if (!a->adapters.column().empty()) {
      for (const char* file : {"--predictions-file", "--null-odds-file"})
        if (command->count(file) > 0) throw CLI::ValidationError(file, "not with --adapter-column");
      return predict_by_adapters(a->adapters, a->rows, request_of(a->rows),
                                 [&](const std::string& directory) { return a->tasks.made(*command, directory); });
    }
    a->rows.model = a->adapters.directory(a->rows.model);
    Task& task = a->tasks.chosen(*command, a->rows.model);
    const std::unique_ptr<TaskModel> model = open_to_predict(task, a->rows);
    print_predictions(*model, request_of(a->rows), a->rows.batch_size);
  });
}

}  // namespace thaw
