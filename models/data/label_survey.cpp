// SPDX-License-Identifier: Apache-2.0
// Counts label cells and judges what they are.
#include "models/data/label_survey.h"

#include <algorithm>
#include <limits>
#include <set>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// "[1, 0]", "('a', 'b')": a list as a program prints it, with more than one element or of numbers.
bool is_written_list(std::string_view cell) {
  if (cell.size() < 3) return false;
  const std::string_view ends = "[](){}";
  const size_t open = ends.find(cell.front());
  if (open == std::string_view::npos || open % 2 != 0 || cell.back() != ends[open + 1]) return false;
  const std::string_view inside = cell.substr(1, cell.size() - 2);
  return inside.find(',') != std::string_view::npos || inside.find('\'') != std::string_view::npos ||
         inside.find_first_not_of("0123456789. ") == std::string_view::npos;
}

// "1|0", "1, 0, 1": 0 and 1 with one and the same separator between them, of two or more.
bool is_vector_text(std::string_view cell) {
  const auto bit = [](char c) { return c == '0' || c == '1'; };
  if (cell.size() < 3 || !bit(cell[0])) return false;
  const size_t next = cell.find_first_of("01", 1);
  if (next == 1 || next == std::string_view::npos) return false;
  const std::string_view separator = cell.substr(1, next - 1);
  if (separator.find_first_not_of(" ,;|/\t") != std::string_view::npos) return false;
  for (size_t at = 1; at < cell.size(); at += separator.size() + 1) {
    const size_t digit = at + separator.size();
    if (cell.substr(at, separator.size()) != separator || digit >= cell.size() || !bit(cell[digit])) return false;
  }
  return true;
}

constexpr double large_number = 1e6;

// What tables have where a value is missing.
bool is_missing_word(std::string_view cell) {
  constexpr std::string_view words[] = {"N/A",  "n/a",  "NA",   "#N/A",    "#NA",   "<NA>",    "NaN", "nan",
                                        "-nan", "NULL", "null", "#VALUE!", "#REF!", "#DIV/0!", "?"};
  return std::ranges::find(words, cell) != std::end(words);
}

}  // namespace

LabelSurvey::LabelSurvey(std::string file, std::string separator, FieldNames called)
    : file_(std::move(file)),
      separator_(std::move(separator)),
      called_(std::move(called)),
      number_lists_(file_, called_) {}

std::string LabelSurvey::where(const Sighting& sighting) const { return fmt::format("{}:{}", file_, sighting.line); }

void LabelSurvey::add(const std::string& cell, int64_t line) {
  ++rows_;
  if (is_written_list(cell)) written_list_.add(cell, line);
  if (!separator_.empty()) {
    add_parts(cell, line);
    return;
  }
  if (cell.empty()) fail("{}:{}: the label is empty", file_, line);
  labels_[cell].add(cell, line);
  const NumberForm form = number_form(cell);
  ++forms_[static_cast<size_t>(form)];
  if (form == NumberForm::none || form == NumberForm::with_comma) not_a_number_.add(cell, line);
  if (form == NumberForm::whole) whole_.add(cell, line);
  if (form != NumberForm::none) add_size(size_of_number(cell), cell, cell, line);
  if (is_missing_word(cell)) missing_.add(cell, line);
  if (is_vector_text(cell)) vector_cell_.add(cell, line);
}

void LabelSurvey::add_size(double size, const std::string& number, const std::string& cell, int64_t line) {
  if (size > large_number) large_.add(number, line);
  if (size > std::numeric_limits<float>::max()) too_large_.add(cell, line);
}

void LabelSurvey::add_parts(const std::string& cell, int64_t line) {
  const std::vector<std::string> parts = split_cell(cell, separator_, fmt::format("{}:{}", file_, line));
  if (number_lists_.add(cell, parts, line))
    for (const std::string& part : parts) add_size(size_of_number(part), part, cell, line);
  if (parts.empty()) {
    empty_.add(cell, line);
    return;
  }
  std::set<std::string_view> seen;
  bool is_vector = parts.size() > 1;
  for (const std::string& part : parts) {
    is_vector = is_vector && parse_indicator(part);
    if (seen.insert(part).second) {
      labels_[part].add(part, line);
    } else {
      if (repeated_.count == 0) repeated_label_ = part;
      repeated_.add(cell, line);
    }
  }
  if (!is_vector) {
    no_vector_.add(cell, line);
    return;
  }
  vector_.add(cell, line);
  if (length_ == 0) length_ = static_cast<int32_t>(parts.size());
  if (length_ != static_cast<int32_t>(parts.size())) other_length_.add(cell, line);
}

int64_t LabelSurvey::numbers() const {
  return count(NumberForm::integer) + count(NumberForm::whole) + count(NumberForm::fraction);
}

void LabelSurvey::refuse_stray_cells() const {
  const int64_t commas = count(NumberForm::with_comma), readable = numbers();
  const bool not_all_integers = count(NumberForm::whole) + count(NumberForm::fraction) + commas > 0;
  if (readable == rows_ || !not_all_integers || 2 * (readable + commas) <= rows_) return;
  if (vector_cell_.count == rows_) return;  // number_warnings() tells of it
  const bool comma = number_form(not_a_number_.cell) == NumberForm::with_comma;
  fail(
      "{}: the label {} is not a number{}, but {} of {} labels {}: if these are numbers to predict, mend it{}; if they "
      "are classes, give {} single_label_classification",
      where(not_a_number_), quote(not_a_number_.cell), comma ? comma_hint : "", readable + commas, rows_,
      commas > 0 ? "look like numbers" : "are",
      not_a_number_.count > 1 ? fmt::format(" and the {} others", not_a_number_.count - 1) : "",
      called_("problem_type"));
}

int32_t LabelSurvey::vector_length() const {
  if (length_ == 0 || no_vector_.count > 0 || other_length_.count > 0) return 0;
  if (empty_.count > 0)
    fail(
        "{}: has no labels, but {} others have 0/1 vectors of {} (the first at {}): a vector without a 1 is written {}",
        where(empty_), vector_.count, length_, where(vector_),
        quote(fmt::format("0{}0{}", separator_, length_ > 2 ? separator_ + "..." : "")));
  return length_;
}

void LabelSurvey::refuse_repeated_labels() const {
  if (repeated_.count == 0) return;
  std::string hint;
  if (parse_indicator(repeated_label_) && vector_.count > 0)
    hint = other_length_.count > 0 ? fmt::format(": 0/1 vectors must have one length, {} has {}", where(other_length_),
                                                 quote(other_length_.cell))
                                   : fmt::format(": 0/1 vectors must be in every row, {} has {}", where(no_vector_),
                                                 quote(no_vector_.cell));
  fail("{}: the label {} is there twice{}", where(repeated_), quote(repeated_label_), hint);
}

std::string LabelSurvey::joined_warning() const {
  const std::string usual = "|";
  int64_t rows = 0;
  Sighting first;
  for (const auto& [name, sighting] : labels_) {
    if (name.find(usual) == std::string::npos) continue;
    if (rows == 0 || sighting.line < first.line) first = sighting;
    rows += sighting.count;
  }
  if (rows == 0) return {};
  return fmt::format(
      "{}: {} of {} rows have a label with a {}, the first {}: if that stands between several labels, give "
      "{} '{}'; if it is one name, {} single_label_classification",
      where(first), rows, rows_, quote(usual), quote(first.cell), called_("label_separator"), usual,
      called_("problem_type"));
}

void LabelSurvey::refuse_written_lists() const {
  if (written_list_.count == 0 || written_list_.count + empty_.count < rows_) return;
  fail("{}: the label {} is a list as a program prints it: write a|b with {} '|', or JSON lists in a .jsonl file{}",
       where(written_list_), quote(written_list_.cell), called_("label_separator"),
       separator_.empty()
           ? fmt::format("; if it is a name, give {} single_label_classification", called_("problem_type"))
           : "");
}

}  // namespace thaw
