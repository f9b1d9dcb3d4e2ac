// SPDX-License-Identifier: Apache-2.0
// Options; opens, reads, prints.
#include "examples/thaw/predictions.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstdio>
#include <iostream>

#include "examples/number_options.h"
#include "examples/standard_streams.h"
#include "examples/thaw/arguments.h"
#include "examples/thaw/routed_predictions.h"
#include "models/hub/shared_weights.h"
#include "models/tasks/untrained_model.h"
#include "tensor/quote.h"

namespace thaw {

void add_prediction_options(CLI::App& command, PredictionArguments& a, const PredictionWords& words) {
  command.add_option("--model", a.model, words.model)->required()->type_name("DIR");
  command
      .add_option("--device", a.device,
                  "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  command
      .add_option("--input-file", a.file,
                  fmt::format("{}: .tsv, .csv, .jsonl, or .txt with one {} a line; - is the standard input", words.rows,
                              words.row))
      ->type_name("FILE")
      ->default_str(a.file);
  add_word(command, "--format", a.format, {"lines", "tsv", "csv", "jsonl"},
           fmt::format("of the {} (default: by the file's name; of the standard input: lines)", words.rows));
  add_word(command, "--output-format", a.output_format, words.output_formats, words.output_format);
  add_number(command, "--batch-size,--per-device-eval-batch-size", a.batch_size, {.least = 1, .most = 1'000'000},
             words.batch)
      ->default_str(std::to_string(a.batch_size));
}

PredictionRequest request_of(const PredictionArguments& a) {
  PredictionRequest request{.file = a.file};
  request.as_json = a.output_format == "jsonl";
  request.as_text = a.output_format == "text";
  if (a.file == "-") request.stream = &std::cin;
  if (!a.format.empty()) request.format = table_format_named(a.format);
  return request;
}

std::unique_ptr<TaskModel> open_to_predict(Task& task, const PredictionArguments& a) {
  std::unique_ptr<TaskModel> model = task.open(a.model, {.device = open_device(a.device), .trained = true});
  for (const std::string& note : model->report().notes) fmt::print(stderr, "note: {}\n", one_line(note));
  for (const std::string& line : task.warnings()) fmt::print(stderr, "warning: {}\n", one_line(line));
  for (const std::string& line : model->warnings()) fmt::print(stderr, "warning: {}\n", one_line(line));
  warn_if_untrained(*model, a.model);
  return model;
}

void warn_if_untrained(TaskModel& model, const std::string& directory) {
  if (looks_untrained(model.store()))
    fmt::print(stderr,
               "warning: {}: all biases and norms are as in a new model: if it never learnt, it answers by chance\n",
               directory);
}

void predict_by_adapters(AdapterArguments& adapters, const PredictionArguments& a, const PredictionRequest& request,
                         const std::function<std::unique_ptr<Task>(const std::string&)>& make_task) {
  std::vector<RoutedModel> models;
  {
    const SharedWeights shared;
    for (const AdapterArguments::Named& adapter : adapters.on(a.model)) {
      PredictionArguments own = a;
      own.model = adapter.directory;
      RoutedModel& one = models.emplace_back(RoutedModel{adapter.name, make_task(adapter.directory), nullptr});
      one.model = open_to_predict(*one.task, own);
    }
  }
  print_routed_predictions(models, adapters.column(), request, a.batch_size);
}

void print_predictions(TaskModel& model, const PredictionRequest& request, int64_t rows) {
  const std::unique_ptr<Predictor> predictor = model.predictor(request);
  for (const std::string& line : predictor->warnings()) fmt::print(stderr, "warning: {}\n", line);
  fmt::print("{}", predictor->header());
  for (std::string lines; predictor->next(rows, lines);) {
    fmt::print("{}", lines);
    flush_standard_output();
  }
  for (const std::string& line : predictor->notes()) fmt::print(stderr, "note: {}\n", line);
}

}  // namespace thaw
