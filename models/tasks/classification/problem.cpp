// SPDX-License-Identifier: Apache-2.0
// Decides what labels mean, and reads them so.
#include "models/tasks/classification/problem.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "models/data/label_survey.h"
#include "models/families.h"
#include "models/hub/class_labels.h"
#include "models/tasks/classification/labelled_rows.h"
#include "models/tasks/head_choice.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

LabelSurvey survey_of(const std::string& train_file, const ClassificationOptions& o, const FieldNames& called) {
  LabelledRows rows(train_file, o, called);
  LabelSurvey survey(train_file, o.label_separator, called);
  LabelledRow row;
  while (rows.next(row)) survey.add(row.label, row.line);
  if (survey.rows() == 0) fail_without_rows(train_file, o);
  return survey;
}

ProblemType type_of(const LabelSurvey& survey, const ClassificationOptions& o, const GivenProblem& given) {
  if (given.type) return *given.type;
  if (!o.label_separator.empty())
    return survey.number_lists().are_numbers() ? ProblemType::regression : ProblemType::multi_label;
  return survey.are_numbers() ? ProblemType::regression : ProblemType::single_label;
}

void check_separator(const std::string& train_file, ProblemType type, const ClassificationOptions& o,
                     const GivenProblem& given, const FieldNames& called) {
  check(
      type != ProblemType::multi_label || !o.label_separator.empty(),
      "{}: several labels a row ({}) need {}: what stands between them in the column {}; where a row has one, give {} "
      "single_label_classification",
      train_file, given.type_is_from, called("label_separator"), quote(o.label_column), called("problem_type"));
  const bool is_the_models = given.type && !given.is_option;
  check(type != ProblemType::regression || !is_the_models || given.labels.size() < 2 || !o.label_separator.empty(),
        "{}: {} numbers a row ({}: {}) need {}: what stands between them in the column {}", train_file,
        given.labels.size(), given.type_is_from, listed(given.labels), called("label_separator"),
        quote(o.label_column));
  check(type != ProblemType::single_label || o.label_separator.empty(),
        "{} is for several labels a row, but the problem is {} ({})", called("label_separator"), name_of(type),
        given.type_is_from);
}

std::vector<std::string> places_of(int32_t length, const std::vector<std::string>& model_labels) {
  if (static_cast<int32_t>(model_labels.size()) == length) return model_labels;
  std::vector<std::string> names;
  for (int32_t i = 0; i < length; ++i) names.push_back(std::to_string(i));
  return names;
}

void add_warning(Problem& problem, std::string line) {
  if (!line.empty()) problem.warnings.push_back(std::move(line));
}

// Of as many numbers as the first row has that holds nothing else.
LabelSet outputs_of(const LabelSurvey& survey, const GivenProblem& given, const Problem& problem) {
  const int64_t count = problem.separator.empty() ? 1 : survey.number_lists().length();
  const bool are_the_models = given.models_type == ProblemType::regression && std::ssize(given.labels) == count;
  return LabelSet(are_the_models && count > 1 ? given.labels : made_up_labels(count));
}

void find_outputs(const LabelSurvey& survey, const GivenProblem& given, Problem& problem) {
  problem.labels = outputs_of(survey, given, problem);
  for (const Sighting* odd : {&survey.not_a_number(), &survey.number_lists().no_list(), &survey.too_large()})
    if (odd->count > 0) problem.numbers_of(odd->cell, survey.where(*odd));
  survey.number_lists().refuse_other_lengths(!given.type);
  add_warning(problem, survey.size_warning());
  if (!given.type) add_warning(problem, survey.number_lists().warning());
}

void find_labels(const LabelSurvey& survey, const GivenProblem& given, Problem& problem) {
  if (problem.type == ProblemType::regression) {
    find_outputs(survey, given, problem);
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
  for (const auto& [name, sighting] : survey.labels()) {
    names.insert(name);
    problem.counts[name] = sighting.count;
  }
  problem.labels = LabelSet::of_values(names);
  problem.warnings = survey.name_warnings();
}

}  // namespace

GivenProblem given_problem(const std::string& directory, const ClassificationOptions& options,
                           const FieldNames& called) {
  TextFacts facts;
  if (!directory.empty()) facts = read_facts(directory, options.reads);
  if (!options.problem_type.empty())
    return {find_problem_type(options.problem_type), true, called("problem_type"), facts.labels, facts.problem_type};
  const bool of_numbers = facts.problem_type == ProblemType::regression && facts.labels.size() > 1;
  if (!options.label_separator.empty() && !of_numbers)
    return {{}, true, called("label_separator"), facts.labels, facts.problem_type};
  const std::string origin = fmt::format("problem_type in {}/config.json", directory);
  return {facts.problem_type, false, origin, facts.labels, facts.problem_type};
}

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

std::vector<double> Problem::numbers_of(const std::string& cell, const std::string& where) const {
  std::string why = "as regression needs it";
  if (given.type)
    why += fmt::format(" ({}{})", given.type_is_from,
                       given.is_option ? "" : fmt::format("; {} asks for something else", called("problem_type")));
  const std::vector<std::string> parts = separator.empty() ? std::vector{cell} : split_cell(cell, separator, where);
  std::vector<double> numbers;
  for (const std::string& part : parts) numbers.push_back(parse_number_label(part, where, why));
  if (std::ssize(numbers) != labels.size())
    fail("{}: the label {} has {} number{}, expected {}: {}", where, quote(cell), numbers.size(),
         numbers.size() == 1 ? "" : "s", labels.size(), listed(labels.names()));
  return numbers;
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
    case ProblemType::regression: {
      const std::vector<double> numbers = numbers_of(cell, where);
      targets.values.insert(targets.values.end(), numbers.begin(), numbers.end());
      break;
    }
  }
}

void Problem::use_labels_of(const TextClassifier& model) {
  labels = model.labels_are_numbers() ? LabelSet::numbered(model.labels()) : LabelSet(model.labels());
}

Problem problem_of(const TextClassifier& model, const std::string& file, const ClassificationOptions& options,
                   const FieldNames& called) {
  Problem problem;
  problem.type = model.problem();
  problem.separator = options.label_separator;
  problem.labels = LabelSet(model.labels());
  problem.called = called;
  check(problem.type != ProblemType::multi_label || !options.label_separator.empty(),
        "{}: several labels a row (as the model was trained) need {}: what stands between them in the column {}", file,
        called("label_separator"), quote(options.label_column));
  check_separator(file, problem.type, options, {problem.type, false, "as the model was trained", model.labels()},
                  called);
  if (problem.type == ProblemType::regression) return problem;
  const LabelSurvey survey = survey_of(file, options, called);
  if (problem.type == ProblemType::multi_label && survey.vector_length() == problem.labels.size()) {
    problem.places = model.labels();
    return problem;
  }
  std::vector<std::string> labels;
  for (const auto& [name, sighting] : survey.labels()) labels.push_back(name);
  if (labels.empty() || !are_class_numbers(labels, model.labels())) return problem;
  problem.labels = LabelSet::numbered(model.labels());
  problem.notes = {fmt::format("{}: the labels {} are taken as numbers of the model's classes (0 is {})", file,
                               listed(labels), quote(model.labels()[0]))};
  return problem;
}

Problem find_problem(const std::string& train_file, const ClassificationOptions& options, const GivenProblem& given,
                     const FieldNames& called) {
  const LabelSurvey survey = survey_of(train_file, options, called);
  Problem problem;
  problem.type = type_of(survey, options, given);
  problem.separator = options.label_separator;
  problem.given = given;
  problem.called = called;
  check_separator(train_file, problem.type, options, given, called);
  if (!given.type) {
    if (problem.separator.empty()) survey.refuse_stray_cells();
    survey.number_lists().refuse_stray_cells();
  }
  if (!given.type || problem.type == ProblemType::multi_label) survey.refuse_written_lists();
  find_labels(survey, given, problem);
  if (problem.type == ProblemType::single_label && !(given.type && given.is_option))
    add_warning(problem, survey.joined_warning());
  if (!given.type && problem.separator.empty())
    for (std::string& line : survey.number_warnings()) problem.warnings.push_back(std::move(line));
  if (given.type == ProblemType::multi_label && survey.number_lists().are_numbers())
    problem.warnings.push_back(
        fmt::format("{}: the labels are lists of numbers, but are read as sets of classes ({}): {} regression predicts "
                    "numbers",
                    train_file, given.type_is_from, called("problem_type")));
  if (given.type == ProblemType::single_label && !given.is_option && survey.are_numbers())
    problem.warnings.push_back(
        fmt::format("{}: the labels are numbers, but are read as {} classes ({}): {} regression predicts numbers",
                    train_file, problem.labels.size(), given.type_is_from, called("problem_type")));
  if (problem.type == ProblemType::single_label && problem.labels.size() < 2)
    fail("{}: every row has the label {}: there is nothing to tell apart", train_file,
         quote(problem.labels.names()[0]));
  if (problem.labels.size() == 0) fail("{}: no row has a label", train_file);
  return problem;
}

}  // namespace thaw
