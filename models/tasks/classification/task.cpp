// SPDX-License-Identifier: Apache-2.0
// Options, labels and data of the classification task.
#include "models/tasks/classification/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/tasks/classification/data_report.h"
#include "models/tasks/classification/model.h"
#include "models/tasks/classification/threshold.h"
#include "models/tasks/medium.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

std::vector<OptionField> ClassificationTask::options(TaskUse use) {
  ClassificationOptions& o = options_;
  std::vector<OptionField> list = input_options();
  if (use != TaskUse::prediction) {
    list.push_back({"label_column", &o.label_column, "column of the label"});
    list.push_back({.name = "label_separator",
                    .field = &o.label_separator,
                    .help =
                        "a row may have several labels, or several numbers to predict, joined by this; kept with the "
                        "model for evaluate",
                    .kept = true,
                    .of_data = true});
  }
  if (use == TaskUse::training) {
    list.push_back(
        {"problem_type",
         &o.problem_type,
         "what the labels are (default: config.json's, but for sets with a label separator; else regression if all are "
         "numbers, or lists of numbers, and one is not written as an integer; else multi-label with a label separator, "
         "else single-label)",
         {},
         {"single_label_classification", "multi_label_classification", "regression"}});
    for (OptionField& field : o.class_loss.fields()) list.push_back(std::move(field));
    if (o.reads == InputKind::texts)
      list.push_back({.name = "lm_weight",
                      .field = &o.lm_weight,
                      .help =
                          "of a model that reads from left to right (GPT): also learn what comes next in the texts, "
                          "by so much of that loss's mean; GPT-1's authors take 0.5",
                      .range = {0, 1000}});
    list.push_back({"threshold", &o.asked_threshold,
                    "where an example may have several labels, the probability above which one is predicted (default: "
                    "0.5), kept with the model for evaluate and predict; auto: the one with the best micro_f1 on the "
                    "validation data, searched after training (evaluations before take 0.5): often better than 0.5 "
                    "where labels are rare"});
    return list;
  }
  if (use == TaskUse::prediction)
    list.push_back(
        {"probabilities", &o.probabilities, "the probability of every label, not of the predicted ones alone"});
  list.push_back({.name = "threshold",
                  .field = &o.threshold,
                  .help =
                      "where an example may have several labels, the probability above which one is predicted; a model "
                      "that was trained with another keeps that. Higher: fewer labels, more of them right",
                  .range = {0, 1, true, true},
                  .kept = true});
  return list;
}

std::vector<OptionField> ClassificationTask::input_options() {
  return {{"text_column", &options_.text_column, "column of the text"},
          {"text_pair_column", &options_.text_pair_column, "column of a second text: entailment, question pairs"},
          max_length_option()};
}

std::vector<OptionField> ClassificationTask::kept_facts() {
  return {{.name = "takes_pairs", .field = &takes_pairs_, .help = "trained on pairs of texts", .kept = true}};
}

TaskHelp ClassificationTask::help() const {
  return {
      .data =
          "A duplicate is the same text again in one split. A leak is a text of a later split that an earlier one "
          "has too: a model\nmay know it by heart, and the score says too much.\n"
          "Warned of, too (each line counts): labels that differ only by blanks, case, Unicode form or in how a "
          "number is written;\nlabels with blanks at an end or characters that show nothing; a few labels that are "
          "no numbers among numbers; class\nnumbers written 1.0, which are read as numbers to predict; numbers "
          "beyond a million; missing values (N/A, nan); 0/1\nvectors that no separator cuts; labels of which nearly "
          "every row has its own; labels with few rows; empty texts, rows\nwithout a label, texts that are cut, "
          "texts with unknown tokens.",
      .predictions =
          "Output in TSV: label, probability, text (pairs: both texts, under the names of their columns). "
          "Several labels\nare joined by \"|\". Regression: value, text; of a model with several outputs, a "
          "column for each, under its label (JSONL:\n\"values\", an object). A name of a column that is taken already "
          "gets a \"_\"."};
}

void ClassificationTask::check_options(TaskUse use) const {
  const ClassificationOptions& o = options_;
  std::vector<std::pair<std::string_view, std::string>> roles;
  std::string file_column;
  if (o.reads != InputKind::texts) {
    file_column = fmt::format("{}_column", medium_of(o.reads).column);
    roles = {{file_column, o.file_column}};
  }
  if (o.reads == InputKind::texts) {
    roles = {{"text_column", o.text_column}, {"text_pair_column", o.text_pair_column}};
    check_room(o.text_pair_column.empty() ? 2 : 3);
  }
  if (use != TaskUse::prediction) roles.emplace_back("label_column", o.label_column);
  check_columns(roles);
  o.class_loss.check_smoothing(called_);
  check(o.lm_weight == 0 || o.class_loss.class_weights.empty(), "{}: has no place beside {}", called_("lm_weight"),
        called_("class_weights"));
  const std::string expected = "a number between 0 and 1 was expected, neither of them";
  check(use == TaskUse::training || (o.threshold > 0 && o.threshold < 1), "{} {}: {}", called_("threshold"),
        o.threshold, expected);
  check(use != TaskUse::training || o.asked_threshold.empty() || o.asked_threshold == searched_threshold_word ||
            parse_threshold(o.asked_threshold),
        "{} {}: {}, or {}", called_("threshold"), quote(o.asked_threshold), expected, searched_threshold_word);
}

std::string ClassificationTask::needs_validation() const {
  if (options_.asked_threshold != searched_threshold_word) return {};
  return fmt::format("{} {}", called_("threshold"), searched_threshold_word);
}

void ClassificationTask::check_sets(ProblemType type, bool has_threshold) const {
  check(!has_threshold || type == ProblemType::multi_label, "{} is for several labels a {}, but the problem is {}",
        called_("threshold"), one_of(options_.reads), name_of(type));
}

void ClassificationTask::look_at(const std::string& directory, const std::string& train_file) {
  problem_ = find_problem(train_file, options_, given_problem(directory, options_, called_), called_);
  const auto check_classes = [&](std::string_view option, bool used) {
    check(!used || problem_.type == ProblemType::single_label, "{} is for one label a {}, but the problem is {}",
          called_(option), one_of(options_.reads), name_of(problem_.type));
  };
  check_classes("class_weights", !options_.class_loss.class_weights.empty());
  check_classes("label_smoothing", options_.class_loss.label_smoothing > 0);
  const std::string& asked = options_.asked_threshold;
  check_sets(problem_.type, !asked.empty());
  // That of a model that was trained before was for its own numbers.
  options_.threshold = parse_threshold(asked).value_or(even_threshold);
  has_looked_ = true;
  takes_pairs_ = !options_.text_pair_column.empty();
}

std::vector<std::string> ClassificationTask::warnings() const {
  if (has_looked_ || !takes_pairs_ || !options_.text_pair_column.empty()) return problem_.warnings;
  return {fmt::format("the model was trained on pairs of texts, but there is no {}: it sees the first text alone",
                      called_("text_pair_column"))};
}

std::vector<std::string> ClassificationTask::notes() const {
  if (problem_.places.empty()) return {};
  return {fmt::format("labels are read as 0/1 vectors of {}: {}", problem_.places.size(), listed(problem_.places))};
}

std::unique_ptr<TaskModel> ClassificationTask::open_model(const std::string& directory,
                                                          const TaskOpening& opening) const {
  TextClassifierOptions how;
  how.reads = options_.reads;
  static_cast<TextPipelineOptions&>(how) = pipeline_options(opening);
  if (has_looked_) {
    how.labels = problem_.labels.names();
    how.problem_type = problem_.type;
  }
  auto model = std::make_unique<ClassificationModel>(
      directory, how, has_looked_ ? std::optional(problem_) : std::nullopt, options_, called_);
  check_sets(model->classifier().problem(), options_.threshold != even_threshold);
  return model;
}

bool ClassificationTask::would_find(std::string_view option, const std::string& directory,
                                    const std::string& train_file) const {
  if (option == "threshold") return parse_threshold(options_.asked_threshold) == even_threshold;
  if (option != "problem_type") return TextTask::would_find(option, directory, train_file);
  ClassificationOptions without = options_;
  without.problem_type.clear();
  return find_problem(train_file, without, given_problem(directory, without, called_), called_).type ==
         find_problem_type(options_.problem_type);
}

DataReport ClassificationTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  check(!splits.empty(), "there are no data to look at");
  const GivenProblem given = given_problem(directory, options_, called_);
  Problem problem = find_problem(splits[0].file, options_, given, called_);
  // A model that knows all of these labels knows its others, too.
  const auto is_known = [&](const std::string& label) {
    return std::ranges::find(given.labels, label) != given.labels.end();
  };
  if (problem.type != ProblemType::regression && std::ranges::all_of(problem.labels.names(), is_known))
    problem.labels = LabelSet(given.labels);
  std::optional<TextEncoder> encoder;
  if (!directory.empty() && options_.reads == InputKind::texts) {
    encoder = open_text_encoder(directory, max_length());
    if (!options_.text_pair_column.empty()) encoder->check_takes_pairs();
  }
  return report_labelled_texts(splits, options_, problem, encoder ? &*encoder : nullptr);
}

}  // namespace thaw
