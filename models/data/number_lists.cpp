// SPDX-License-Identifier: Apache-2.0
// Counts lists of numbers, and what is none among them.
#include "models/data/number_lists.h"

#include <fmt/format.h>

#include "models/data/labels.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

std::string NumberLists::where(const Sighting& sighting) const { return fmt::format("{}:{}", file_, sighting.line); }

bool NumberLists::add(const std::string& cell, std::span<const std::string> parts, int64_t line) {
  ++rows_;
  bool all_numbers = !parts.empty(), all_with_commas = all_numbers;
  for (const std::string& part : parts) {
    const NumberForm form = number_form(part);
    if (form == NumberForm::none) all_with_commas = false;
    if (form == NumberForm::none || form == NumberForm::with_comma) all_numbers = false;
    if (form == NumberForm::whole) whole_.add(part, line);
    if (form == NumberForm::fraction || form == NumberForm::with_comma) ++fractions_;
    if (form != NumberForm::none && !parse_indicator(part)) ++beyond_vectors_;
  }
  if (!all_numbers) {
    if (all_with_commas) ++with_commas_;
    no_list_.add(cell, line);
    return false;
  }
  ++lists_;
  const auto length = static_cast<int64_t>(parts.size());
  if (length_ == 0) {
    length_ = length;
    first_.add(cell, line);
  }
  if (length != length_) other_length_.add(cell, line);
  return true;
}

void NumberLists::refuse_other_lengths(bool may_be_classes) const {
  if (other_length_.count == 0) return;
  fail("{}: the label {} is a list of another length than the first: {} number{} expected, as in {} on line {}{}",
       where(other_length_), quote(other_length_.cell), length_, length_ == 1 ? " was" : "s were", quote(first_.cell),
       first_.line,
       may_be_classes
           ? fmt::format(" (if they are sets of classes, give {} multi_label_classification)", called_("problem_type"))
           : "");
}

void NumberLists::refuse_stray_cells() const {
  if (lists_ == rows_ || !are_more_than_classes() || 2 * (lists_ + with_commas_) <= rows_) return;
  fail(
      "{}: the label {} is no list of numbers{}, but {} of {} labels {}: if these are numbers to predict, mend it{}; "
      "if "
      "they are sets of classes, give {} multi_label_classification",
      where(no_list_), quote(no_list_.cell), no_list_.cell.find(',') == std::string::npos ? "" : comma_hint,
      lists_ + with_commas_, rows_, with_commas_ > 0 ? "look like one" : "are",
      no_list_.count > 1 ? fmt::format(" and the {} others", no_list_.count - 1) : "", called_("problem_type"));
}

std::string NumberLists::warning() const {
  if (fractions_ > 0 || whole_.count == 0) return "";
  return fmt::format(
      "{}: no label has a fraction, but some are written like {}: they are read as numbers to predict (regression); "
      "sets of classes are written without a point, or take {} multi_label_classification",
      where(whole_), quote(whole_.cell), called_("problem_type"));
}

}  // namespace thaw
