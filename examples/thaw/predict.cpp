// SPDX-License-Identifier: Apache-2.0
// thaw predict: rows in, what the task predicts of them out, in their order.
#include <CLI/App.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "examples/number_options.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/output_file.h"
#include "examples/thaw/predictions.h"
#include "examples/thaw/task_arguments.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model, device;
  std::string file = "-", format, output_format = "tsv";
  int64_t batch_size = 32;
  TaskArguments tasks{TaskUse::prediction};
};

PredictionRequest request_of(const Arguments& a) {
  PredictionRequest request{.file = a.file, .as_json = a.output_format == "jsonl"};
  if (a.file == "-") request.stream = &std::cin;
  if (!a.format.empty()) request.format = table_format_named(a.format);
  return request;
}

}  // namespace

void add_predict(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("predict", "what a fine-tuned model says of new texts");
  command->add_option("--model", a->model, "directory that `thaw finetune` (or the reference library) wrote")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--device", a->device,
                   "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  command
      ->add_option("file", a->file, "texts: .tsv, .csv, .jsonl, or .txt with one text a line; - is the standard input")
      ->capture_default_str();
  add_word(*command, "--format", a->format, {"lines", "tsv", "csv", "jsonl"},
           "of the texts (default: by the file's name; of the standard input: lines)");
  add_word(*command, "--output-format", a->output_format, {"tsv", "jsonl"}, "tsv or jsonl")
      ->default_str(a->output_format);
  add_number(*command, "--batch-size,--per-device-eval-batch-size", a->batch_size, {.least = 1, .most = 1'000'000},
             "texts computed at once; answers come as soon as so many texts are read")
      ->default_str(std::to_string(a->batch_size));
  a->tasks.add_options(*command, "Task");
  command->footer(
      a->tasks.help(&TaskHelp::predictions) +
      "\n"
      "Examples:\n"
      "  echo \"A fast-paced arcade shooter.\" | thaw predict --model runs/quickstart\n"
      "  thaw predict --model runs/quickstart new.csv --text-column body --output-format jsonl --probabilities\n"
      "  zcat texts.jsonl.gz | thaw predict --model runs/quickstart --format jsonl > labels.tsv");
  command->callback([a, command] {
    Task& task = a->tasks.chosen(*command, a->model);
    check_output_files(*command, {"--predictions-file", "--null-odds-file"});
    const std::unique_ptr<TaskModel> model = open_to_predict(task, a->model, a->device);
    print_predictions(*model, request_of(*a), a->batch_size);
  });
}

}  // namespace thaw
