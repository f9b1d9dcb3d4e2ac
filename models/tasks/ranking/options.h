// SPDX-License-Identifier: Apache-2.0
// What a caller may say of ranking. The names of the fields are those that messages give.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/tasks/classification/options.h"
#include "models/tasks/medium.h"

namespace thaw {

struct RankingOptions {
  InputKind reads = InputKind::texts;  // as the model does
  std::string text_column = "text", text_pair_column;
  std::map<InputKind, std::string> file_columns = usual_file_columns();  // of what is in files

  std::string score_column = "score";
  std::string group_column;  // rows of one are compared; empty: all are of one

  // In the place of scores: columns of two of which the first is better, and of a text that stands before both.
  std::string better_column, worse_column, prompt_column;

  bool has_preferences() const { return !better_column.empty(); }
  // Are two texts read at once?
  bool takes_pairs() const { return !text_pair_column.empty() || !prompt_column.empty(); }

  // Of rows with scores, and of rows to predict: as a classifier reads them.
  ClassificationOptions as_classified() const {
    ClassificationOptions rows{.reads = reads, .text_column = text_column, .text_pair_column = text_pair_column};
    if (const auto file = file_columns.find(reads); file != file_columns.end()) rows.file_column = file->second;
    return rows;
  }

  static std::map<InputKind, std::string> usual_file_columns() {
    std::map<InputKind, std::string> columns;
    for (const Medium& medium : all_media()) columns.emplace(medium.reads, medium.column);
    return columns;
  }
};

}  // namespace thaw
