// SPDX-License-Identifier: Apache-2.0
// Decides what labels mean, and reads them so.
#include "examples/thaw/problem.h"

#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "examples/thaw/labelled_rows.h"
#include "models/data/label_survey.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

LabelSurvey survey_of(const std::string& train_file, const DataArguments& a) {
  LabelledRows rows(train_file, a);
  LabelSurvey survey(train_file, a.label_separator);
  LabelledRow row;
  while (rows.next(row)) survey.add(row.label, rows.line());
  if (survey.rows() == 0) fail("{}: has no rows below its header", train_file);
  return survey;
}

ProblemType type_of(const LabelSurvey& survey, const DataArguments& a, const GivenProblem& given) {
  if (given.type) return *given.type;
  if (!a.label_separator.empty()) return ProblemType::multi_label;
  return survey.are_numbers() ? ProblemType::regression : ProblemType::single_label;
}

void check_separator(const std::string& train_file, ProblemType type, const DataArguments& a,
                     const GivenProblem& given) {
  check(type != ProblemType::multi_label || !a.label_separator.empty(),
        "{}: several labels a row ({}) need --label-separator: what stands between them in the column {}; where a row "
        "has "
        "one, give --problem-type single_label_classification",
        train_file, given.type_is_from, quote(a.label_column));
  check(type == ProblemType::multi_label || a.label_separator.empty(),
        "--label-separator is for several labels a row, but the problem is {} ({})", name_of(type), given.type_is_from);
}

std::vector<std::string> places_of(int32_t length, const std::vector<std::string>& model_labels) {
  if (static_cast<int32_t>(model_labels.size()) == length) return model_labels;
  std::vector<std::string> names;
  for (int32_t i = 0; i < length; ++i) names.push_back(std::to_string(i));
  return names;
}

// What regression says of a cell that is no number.
std::string reason(const std::string& type_is_from) {
  if (type_is_from.empty()) return "as regression needs it";
  const bool is_option = type_is_from.starts_with("--");
  return fmt::format("as regression needs it ({}{})", type_is_from,
                     is_option ? "" : "; --problem-type asks for something else");
}

void find_labels(const LabelSurvey& survey, const GivenProblem& given, Problem& problem) {
  if (problem.type == ProblemType::regression) {
    problem.labels = LabelSet({"LABEL_0"});
    for (const Sighting* odd : {&survey.not_a_number(), &survey.too_large()})
      if (odd->count > 0) problem.number_of(odd->cell, survey.where(*odd));
    if (std::string line = survey.size_warning(); !line.empty()) problem.warnings.push_back(std::move(line));
    return;
  }
  if (problem.type == ProblemType::multi_label) {
    problem.places = places_of(survey.vector_length(), given.labels);
    if (survey.vector_length() > 0) {
      problem.labels = LabelSet(problem.places);
      return;
    }
    problem.places.clear();
    survey.refuse_repeated_labels();
  }
  std::set<std::string> names;
  for (const auto& [name, sighting] : survey.labels()) names.insert(name);
  problem.labels = LabelSet::of_values(names);
  problem.warnings = survey.name_warnings();
}

}  // namespace

std::vector<std::string> Problem::labels_of(const std::string& cell, const std::string& where) const {
  if (type == ProblemType::single_label) return {cell};
  if (places.empty()) return split_labels(cell, separator, where);
  const std::vector<std::string> parts = split_cell(cell, separator, where);
  if (parts.size() != places.size())
    fail("{}: {} is no 0/1 vector of {}, as all training labels are", where, quote(cell), places.size());
  std::vector<std::string> names;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto indicator = parse_indicator(parts[i]);
    if (!indicator) fail("{}: {} is no 0/1 vector, as all training labels are", where, quote(cell));
    if (*indicator) names.push_back(places[i]);
  }
  return names;
}

double Problem::number_of(const std::string& cell, const std::string& where) const {
  return parse_number_label(cell, where, reason(type_is_from));
}

void Problem::add_target(const std::string& cell, const std::string& where, ClassificationTargets& targets) const {
  switch (type) {
    case ProblemType::single_label: targets.classes.push_back(labels.id(cell, where)); break;
    case ProblemType::multi_label: {
      const size_t row = targets.values.size();
      targets.values.resize(row + static_cast<size_t>(labels.size()), 0.0);
      for (const std::string& label : labels_of(cell, where))
        targets.values[row + static_cast<size_t>(labels.id(label, where))] = 1;
      break;
    }
    case ProblemType::regression: targets.values.push_back(number_of(cell, where)); break;
  }
}

void Problem::use_labels_of(const TextClassifier& model) {
  labels = model.labels_are_numbers() ? LabelSet::numbered(model.labels()) : LabelSet(model.labels());
}

void Problem::print_warnings() const {
  if (!places.empty()) fmt::print(stderr, "labels are read as 0/1 vectors of {}: {}\n", places.size(), listed(places));
  for (const std::string& line : warnings) fmt::print(stderr, "warning: {}\n", one_line(line));
}

Problem find_problem(const std::string& train_file, const DataArguments& a, const GivenProblem& given) {
  const LabelSurvey survey = survey_of(train_file, a);
  Problem problem;
  problem.type = type_of(survey, a, given);
  problem.separator = a.label_separator;
  if (given.type) problem.type_is_from = given.type_is_from;
  check_separator(train_file, problem.type, a, given);
  if (!given.type && problem.separator.empty()) survey.refuse_stray_cells();
  if (!given.type || problem.type == ProblemType::multi_label) survey.refuse_written_lists();
  find_labels(survey, given, problem);
  if (!given.type && problem.separator.empty())
    for (std::string& line : survey.number_warnings()) problem.warnings.push_back(std::move(line));
  const bool is_option = given.type_is_from.starts_with("--");
  if (given.type == ProblemType::single_label && !is_option && survey.are_numbers())
    problem.warnings.push_back(fmt::format(
        "{}: the labels are numbers, but are read as {} classes ({}): --problem-type regression predicts numbers",
        train_file, problem.labels.size(), given.type_is_from));
  if (problem.type == ProblemType::single_label && problem.labels.size() < 2)
    fail("{}: every row has the label {}: there is nothing to tell apart", train_file,
         quote(problem.labels.names()[0]));
  if (problem.labels.size() == 0) fail("{}: no row has a label", train_file);
  return problem;
}

}  // namespace thaw
