// SPDX-License-Identifier: Apache-2.0
// Opens, reads, prints.
#include "examples/thaw/predictions.h"

#include <fmt/format.h>

#include <cstdio>

#include "examples/standard_streams.h"
#include "examples/thaw/arguments.h"
#include "tensor/quote.h"

namespace thaw {

std::unique_ptr<TaskModel> open_to_predict(Task& task, const std::string& directory, const std::string& device) {
  std::unique_ptr<TaskModel> model = task.open(directory, {.device = open_device(device), .trained = true});
  for (const std::string& note : model->report().notes) fmt::print(stderr, "note: {}\n", one_line(note));
  for (const std::string& line : task.warnings()) fmt::print(stderr, "warning: {}\n", one_line(line));
  for (const std::string& line : model->warnings()) fmt::print(stderr, "warning: {}\n", one_line(line));
  return model;
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
