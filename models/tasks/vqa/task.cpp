// SPDX-License-Identifier: Apache-2.0
// Options, answers and data of the task.
#include "models/tasks/vqa/task.h"

#include <optional>
#include <set>
#include <utility>

#include "models/tasks/vqa/answers.h"
#include "models/tasks/vqa/data_report.h"
#include "models/tasks/vqa/model.h"
#include "models/tasks/vqa/rows.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

std::vector<OptionField> VqaTask::options(TaskUse use) {
  VqaOptions& o = options_;
  std::vector<OptionField> list = {
      kept_column("image_column", o.image_column,
                  "column of the picture's path (PNG, JPEG, PPM, PGM), from the folder that the table is in"),
      kept_column("text_column", o.text_column, "column of the question"), max_length_option()};
  if (use == TaskUse::prediction) {
    list.push_back({"probabilities", &o.probabilities, "how probable every answer is, not the predicted one alone"});
    return list;
  }
  list.push_back(kept_column("label_column", o.label_column, "column of the answer"));
  list.push_back({.name = "label_separator",
                  .field = &o.label_separator,
                  .help =
                      "a row has the answers of several people, joined by this: one that n of them gave is true to the "
                      "degree min(1, .3 n); kept with the model for evaluate",
                  .kept = true,
                  .of_data = true});
  return list;
}

TaskHelp VqaTask::help() const {
  return {.data =
              "Data: a table with the columns of a picture's path, a question and its answer. Every picture is read. A "
              "duplicate is a question\nagain about a picture of the same pixels in one split, a leak one that an "
              "earlier split has too. Warned of, too: answers of\nfew questions, or that the training data do not "
              "have, questions that are cut or have unknown tokens.",
          .predictions = "Of a table. Output in TSV: label (the most probable answer), probability, image, text."};
}

void VqaTask::check_options(TaskUse use) const {
  std::vector<std::pair<std::string_view, std::string>> roles = {{"image_column", options_.image_column},
                                                                 {"text_column", options_.text_column}};
  if (use != TaskUse::prediction) roles.emplace_back("label_column", options_.label_column);
  check_columns(roles);
  check_room(2);
}

void VqaTask::look_at(const std::string&, const std::string& train_file) {
  std::set<std::string> found;
  QuestionRows rows(train_file, options_, called_);
  for (QuestionRow row; rows.next(row);)
    for (std::string& answer : answers_in(row.answer, options_.label_separator, row.input.where))
      found.insert(std::move(answer));
  if (found.empty()) fail("{}: has no rows below its header", train_file);
  if (found.size() == 1)
    fail("{}: every question has the answer {}: there is nothing to tell apart", train_file, quote(*found.begin()));
  answers_ = LabelSet::of_values(found).names();
}

std::unique_ptr<TaskModel> VqaTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  return std::make_unique<VqaModel>(std::make_shared<QuestionAnswerer>(directory, pipeline_options(opening), answers_),
                                    options_, called_);
}

bool VqaTask::would_find(std::string_view option, const std::string& directory, const std::string&) const {
  return option == "max_length" && open_question_encoder(directory, 0).max_length() == max_length();
}

DataReport VqaTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  std::optional<TextEncoder> encoder;
  if (!directory.empty()) encoder = open_question_encoder(directory, max_length());
  return report_questions(splits, options_, called_, encoder ? &*encoder : nullptr);
}

}  // namespace thaw
