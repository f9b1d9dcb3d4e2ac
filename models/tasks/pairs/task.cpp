// SPDX-License-Identifier: Apache-2.0
// Options and data of the tasks of pairs.
#include "models/tasks/pairs/task.h"

#include <fmt/format.h>

#include <utility>

#include "models/tasks/medium.h"
#include "models/tasks/pairs/data_report.h"
#include "models/tasks/pairs/filed_pairs.h"
#include "tensor/check.h"

namespace thaw {

PairTask::PairTask(InputKind files, FieldNames called)
    : TextTask(std::move(called)), options_{.files = files, .file_column = std::string(medium_of(files).column)} {}

std::string PairTask::candidate_field() const { return fmt::format("candidate_{}", medium_of(options_.files).column); }

std::vector<OptionField> PairTask::options(TaskUse use) {
  PairOptions& o = options_;
  const std::string_view file = medium_of(o.files).column;
  std::vector<OptionField> list = {
      kept_column(fmt::format("{}_column", file), o.file_column,
                  fmt::format("column of the path of a {}, from the folder that the table is in", one_of(o.files))),
      kept_column("text_column", o.text_column,
                  fmt::format("column of the text that belongs to the {}", one_of(o.files))),
      max_length_option()};
  if (use != TaskUse::prediction) return list;
  list.push_back({.name = "candidates",
                  .field = &o.candidates,
                  .help = "a file of texts, of which the best is told of each row",
                  .is_file = true});
  list.push_back({.name = candidate_field(),
                  .field = &o.file_candidates,
                  .help = fmt::format("{} (a table, a list of paths, a folder), of which the best is told of each row, "
                                      "which is a text",
                                      name_of(o.files)),
                  .is_file = true});
  list.push_back({.name = "top",
                  .field = &o.top,
                  .help = "so many candidates are told of a row, each in a line, the best first",
                  .range = {.least = 1, .most = 1'000'000}});
  return list;
}

TaskHelp PairTask::help() const {
  const std::string_view file = medium_of(options_.files).column, files = name_of(options_.files);
  return {
      .data = fmt::format(
          "Data: a table with the paths of {} and texts that belong to them. The partner of each has to be found among "
          "those of its\nmicro-batch: the larger that is (--batch-size; --batch-tokens cuts it), the more is learnt, "
          "and accumulated steps make it no larger.\nPairs that have the same {} or the same text are no wrong answers "
          "to each other; evaluations count the best placed of\nall partners. Warned of: duplicates and leaks of "
          "pairs, "
          "{} and texts, texts that are cut.",
          files, one_of(options_.files), files),
      .predictions = fmt::format(
          "With --candidates, texts, of each {}: text, probability, {} (the softmax over all candidates); with "
          "--candidate-{} of each text\nthe best of those; --top K of each row the K best, with their place. Of pairs, "
          "without candidates: cosine, {}, text.",
          one_of(options_.files), file, file, file)};
}

void PairTask::check_options(TaskUse use) const {
  const PairOptions& o = options_;
  check_columns({{fmt::format("{}_column", medium_of(o.files).column), o.file_column}, {"text_column", o.text_column}});
  check_room(2);
  if (use != TaskUse::prediction) return;
  check(o.candidates.empty() || o.file_candidates.empty(),
        "{}: not with {}: rows are of the other side than candidates", called_(candidate_field()),
        called_("candidates"));
  check(o.top == 1 || !o.candidates.empty() || !o.file_candidates.empty(), "{}: needs {} or {}", called_("top"),
        called_("candidates"), called_(candidate_field()));
}

void PairTask::look_at(const std::string&, const std::string& train_file) { FiledPairs(train_file, options_); }

std::unique_ptr<TaskModel> PairTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  return std::make_unique<PairTaskModel>(
      std::make_shared<PairPipeline>(directory, options_.files, pipeline_options(opening)), options_, called_);
}

bool PairTask::would_find(std::string_view option, const std::string& directory, const std::string&) const {
  return option == "max_length" && open_pair_text_encoder(directory, options_.files, 0).max_length() == max_length();
}

DataReport PairTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  check(!splits.empty(), "there are no data to look at");
  if (directory.empty()) return report_pairs(splits, options_, nullptr);
  const TextEncoder encoder = open_pair_text_encoder(directory, options_.files, max_length());
  return report_pairs(splits, options_, &encoder);
}

}  // namespace thaw
