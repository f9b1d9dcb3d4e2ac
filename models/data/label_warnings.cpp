// SPDX-License-Identifier: Apache-2.0
// What a survey of labels warns of.
#include <fmt/format.h>

#include <set>

#include "models/data/label_survey.h"
#include "models/data/look_alikes.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr size_t most_lines = 10;  // of one kind

std::string rows_text(int64_t count) { return fmt::format("{} row{}", count, count == 1 ? "" : "s"); }

}  // namespace

std::vector<std::string> LabelSurvey::number_warnings() const {
  if (are_numbers() && count(NumberForm::fraction) == 0)
    return {fmt::format(
        "{}: no label has a fraction, but some are written like {}: they are read as numbers to predict (regression); "
        "classes are written without a point, or take {} single_label_classification",
        where(whole_), quote(whole_.cell), called_("problem_type"))};
  if (are_numbers()) return {};
  if (vector_cell_.count == rows_)
    return {
        fmt::format("{}: the label {} looks like a 0/1 vector, but is read as the name of a class: {} reads vectors",
                    where(vector_cell_), quote(vector_cell_.cell), called_("label_separator"))};
  const bool few_are_no_numbers = 5 * numbers() >= 4 * rows_;
  if (numbers() < rows_ && numbers() > 0 && (few_are_no_numbers || count(NumberForm::fraction) > 0))
    return {fmt::format("{}: the label {} is not a number, but {} of {} labels are: all are read as classes",
                        where(not_a_number_), quote(not_a_number_.cell), numbers(), rows_)};
  if (missing_.count > 0)
    return {fmt::format("{}: the label {} looks like a missing value, but is read as a class ({})", where(missing_),
                        quote(missing_.cell), rows_text(missing_.count))};
  return {};
}

std::string LabelSurvey::size_warning() const {
  if (large_.count == 0) return "";
  return fmt::format(
      "{}: the label {} is a large number ({} beyond a million): outputs begin near 0, and squares may be beyond f32; "
      "scale the numbers, best to about 1",
      where(large_), quote(large_.cell), rows_text(large_.count));
}

std::vector<std::string> LabelSurvey::name_warnings() const {
  std::vector<std::string> names, lines;
  for (const auto& [name, sighting] : labels_) names.push_back(name);
  std::set<size_t> told;
  const std::vector<LookAlike> pairs = look_alikes(names);
  for (const LookAlike& pair : pairs) {
    told.insert({pair.first, pair.second});
    if (lines.size() >= most_lines) continue;
    const Sighting &a = labels_.at(names[pair.first]), &b = labels_.at(names[pair.second]);
    lines.push_back(
        fmt::format("{}: the labels {} differ {}, but are read as two ({}, the first on line {}; {}, line {})",
                    where(b), quoted_pair(names[pair.first], names[pair.second]), pair.difference, rows_text(a.count),
                    a.line, rows_text(b.count), b.line));
  }
  if (pairs.size() > most_lines)
    lines.push_back(fmt::format("{}: {} more pairs of labels look alike", file_, pairs.size() - most_lines));
  int64_t unseen = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    if (told.contains(i) || !has_unseen(names[i]) || ++unseen > static_cast<int64_t>(most_lines)) continue;
    const Sighting& label = labels_.at(names[i]);
    lines.push_back(
        fmt::format("{}: the label {} has blanks at an end, or characters that show nothing ({}){}", where(label),
                    quote(names[i]), rows_text(label.count),
                    separator_.empty() ? "" : fmt::format("; do blanks belong to {}?", called_("label_separator"))));
  }
  if (unseen > static_cast<int64_t>(most_lines))
    lines.push_back(fmt::format("{}: {} more such labels", file_, unseen - static_cast<int64_t>(most_lines)));
  constexpr int64_t enough_rows = 10;
  const auto distinct = static_cast<int64_t>(names.size());
  if (separator_.empty() && rows_ >= enough_rows && 2 * distinct > rows_)
    lines.push_back(fmt::format(
        "{}: {} different labels in {} rows, such as {}: is this the column of labels?{}", file_, distinct, rows_,
        quote(names[0]),
        numbers() == rows_ ? fmt::format(" Numbers are predicted with {} regression", called_("problem_type")) : ""));
  return lines;
}

}  // namespace thaw
