// SPDX-License-Identifier: Apache-2.0
// thaw predict: rows in, what the task predicts of them out, in their order.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <memory>
#include <string>
#include <vector>

#include "examples/thaw/commands.h"
#include "examples/thaw/output_file.h"
#include "examples/thaw/predictions.h"
#include "examples/thaw/task_arguments.h"

namespace thaw {
namespace {

struct Arguments {
  PredictionArguments rows{.output_format = "tsv"};
  std::vector<std::string> files;
  AdapterArguments adapters;
  TaskArguments tasks{TaskUse::prediction};
};

void check_takes_several(const Task& task, const PredictionArguments& rows) {
  if (!task.takes_several_files(rows.model))
    throw CLI::ValidationError(
        "file",
        fmt::format("there are several, and the task {} reads one: a table, or lines, of all rows", task.name()));
  if (!rows.format.empty())
    throw CLI::ValidationError("--format", "is that of a table, and there are several files, which are a row each");
}

}  // namespace

void add_predict(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("predict", "what a fine-tuned model says of new texts, pictures or sounds");
  add_prediction_options(*command, a->rows,
                         {.model = "directory that `thaw finetune` (or the reference library) wrote",
                          .row = "text",
                          .rows = "texts",
                          .output_formats = {"tsv", "jsonl"},
                          .output_format = "tsv (the default) or jsonl",
                          .batch = "texts computed at once; answers come as soon as so many texts are read"});
  a->adapters.add_options_of_rows(*command);
  CLI::Option* by_name = command->get_option("--input-file");
  command->add_option("file", a->files, "the same as --input-file; of pictures and sounds, also several, one each")
      ->type_name("FILE")
      ->excludes(by_name);
  a->tasks.add_options(*command, "Task");
  command->footer(
      a->tasks.help(&TaskHelp::predictions) +
      "\n"
      "Examples:\n"
      "  echo \"A fast-paced arcade shooter.\" | thaw predict --model runs/quickstart\n"
      "  thaw predict --model runs/quickstart new.csv --text-column body --output-format jsonl --probabilities\n"
      "  thaw predict --model base --adapter adapters/acme new.csv   # an adapter of peft, on its base\n"
      "  thaw predict --model base --adapter acme=A --adapter umbra=B --adapter-column customer new.csv\n"
      "  thaw predict --model runs/clothes coat.png boot.jpg\n"
      "  zcat texts.jsonl.gz | thaw predict --model runs/quickstart --format jsonl > labels.tsv");
  command->callback([a, command] {
    check_output_files(*command, {{"--predictions-file"}, {"--null-odds-file"}});
    if (!a->files.empty()) a->rows.file = a->files[0];
    const bool are_several = a->files.size() > 1;
    if (!a->adapters.column().empty()) {
      for (const char* file : {"--predictions-file", "--null-odds-file"})
        if (command->count(file) > 0) throw CLI::ValidationError(file, "not with --adapter-column");
      if (are_several) throw CLI::ValidationError("--adapter-column", "is one of a table, and there are several files");
      return predict_by_adapters(a->adapters, a->rows, request_of(a->rows),
                                 [&](const std::string& directory) { return a->tasks.made(*command, directory); });
    }
    a->rows.model = a->adapters.directory(a->rows.model);
    Task& task = a->tasks.chosen(*command, a->rows.model);
    if (are_several) check_takes_several(task, a->rows);
    const std::unique_ptr<TaskModel> model = open_to_predict(task, a->rows);
    PredictionRequest request = request_of(a->rows);
    if (are_several) request.more_files.assign(a->files.begin() + 1, a->files.end());
    print_predictions(*model, request, a->rows.batch_size);
  });
}

}  // namespace thaw
