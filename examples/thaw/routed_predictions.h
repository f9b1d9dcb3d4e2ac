// SPDX-License-Identifier: Apache-2.0
// Rows that several models predict, each by the one that its row names; their predictions come in the rows' order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/tasks/task.h"

namespace thaw {

struct RoutedModel {
  std::string name;
  std::unique_ptr<Task> task;  // that it was opened for
  std::unique_ptr<TaskModel> model;
};

// Rows of the request's table, of which `column` has the name of one of the models; all of it is read first. Up to
// `rows` that follow one another and are of one model are computed at once. Lines of JSONL reach their model as they
// are. Notes go to the standard error. std::runtime_error FILE:LINE on a row that names none, if predictions of two
// models have other columns, and of a format whose rows have no columns: plain text, CoNLL, SQuAD.
void print_routed_predictions(const std::vector<RoutedModel>& models, const std::string& column,
                              const PredictionRequest& request, int64_t rows);

}  // namespace thaw
