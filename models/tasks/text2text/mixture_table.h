// SPDX-License-Identifier: Apache-2.0
// A table of tasks that one model learns together, a row each.
#pragma once

#include <string>
#include <vector>

#include "models/tasks/text2text/options.h"

namespace thaw {

struct MixtureTask {
  std::string name;                          // letters, digits, - _ .
  std::string prefix;                        // before each of its sources
  std::string file;                          // to learn from
  std::string validation_file;               // empty: there is none
  std::string source_column, target_column;  // its own, or those of the options
  std::vector<std::string> metrics;          // that it is judged by, beside the loss; of those of texts
  std::vector<std::string> label_words;      // that its targets may be; empty: they are found (mixture_labels.h)
  double weight = 0;                         // its share is to be as this to the others'; 0: no weights are given
  std::string where;                         // "FILE:LINE" of its row

  bool counts_labels() const;  // is one of its metrics about label words?
};

// Columns: name, prefix, file; and, where they are there and a cell is not empty, validation_file, source_column,
// target_column, metric, label_words (of these three several between commas, in JSONL also as a list), weight. Paths
// are relative to the table's own folder; `others` has the columns that a row does not name. std::runtime_error naming
// file and line: another column, a name twice or of other characters, two tasks that learn the same, targets that are
// sources, a file that is not there, a metric that there is not, label words that no metric counts, a weight that is no
// number above 0, weights of some tasks alone, no task.
std::vector<MixtureTask> read_mixture_table(const std::string& file, const Text2TextOptions& others);

// A line for each prefix that several tasks have: nothing tells the model which of them is asked for.
std::vector<std::string> shared_prefixes(const std::vector<MixtureTask>& tasks);

// The options with that task's own prefix and columns.
Text2TextOptions options_of(const MixtureTask& task, Text2TextOptions options);

// "loss", and of each task with validation data "loss/NAME" and its metrics, "METRIC/NAME"; sorted.
std::vector<std::string> mixture_metric_names(const std::vector<MixtureTask>& tasks);

}  // namespace thaw
