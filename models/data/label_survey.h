// SPDX-License-Identifier: Apache-2.0
// The label cells of a training file, counted row by row before it is decided what they mean.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/labels.h"
#include "models/data/number_lists.h"

namespace thaw {

class LabelSurvey {
 public:
  // separator: between the labels of a cell; empty: a cell is one label. `called`: how messages call the fields
  // label_separator and problem_type.
  LabelSurvey(std::string file, std::string separator, FieldNames called = {});
  // Throws std::runtime_error "FILE:LINE: ..." on an empty label.
  void add(const std::string& cell, int64_t line);

  int64_t rows() const { return rows_; }
  std::string where(const Sighting& sighting) const;  // "FILE:LINE"
  // In the order of their bytes.
  const std::map<std::string, Sighting>& labels() const { return labels_; }

  // --- one label a cell ---
  int64_t count(NumberForm form) const { return forms_[static_cast<size_t>(form)]; }
  int64_t numbers() const;  // of all forms that are read
  // All are numbers, and one is no integer: to be predicted as numbers, not as classes.
  bool are_numbers() const { return numbers() == rows_ && count(NumberForm::integer) < rows_; }
  const Sighting& not_a_number() const { return not_a_number_; }
  // Numbers beyond f32.
  const Sighting& too_large() const { return too_large_; }
  // A line if there are numbers so large that training on them hardly works; else empty.
  std::string size_warning() const;
  // Throws std::runtime_error on the first cell that is none where more than half are numbers and not all of these are
  // integers: a slip, and without it the column would be numbers to predict.
  void refuse_stray_cells() const;

  // --- several labels a cell ---
  // All cells are 0/1 vectors of one length of at least 2, which is returned; else 0. Throws std::runtime_error if all
  // but empty cells are such vectors.
  int32_t vector_length() const;
  // The same cells, as lists of numbers.
  const NumberLists& number_lists() const { return number_lists_; }
  // Throws std::runtime_error on a cell that has a label twice.
  void refuse_repeated_labels() const;

  // Throws std::runtime_error if every cell is a list in brackets, as programs print their lists.
  void refuse_written_lists() const;
  // What is read, but hardly meant, one line each: numbers that are read as classes or classes as numbers, ...
  std::vector<std::string> number_warnings() const;
  // ... and names that differ in nothing that can be seen, have blanks at their ends, or are nearly as many as the
  // rows.
  std::vector<std::string> name_warnings() const;
  // A line if labels look like several in one, joined by "|"; else empty.
  std::string joined_warning() const;

 private:
  void add_parts(const std::string& cell, int64_t line);
  // cell: what holds the number.
  void add_size(double size, const std::string& number, const std::string& cell, int64_t line);

  std::string file_, separator_;
  FieldNames called_;
  int64_t rows_ = 0;
  std::map<std::string, Sighting> labels_;
  std::array<int64_t, 5> forms_{};
  Sighting not_a_number_, whole_, written_list_, missing_, vector_cell_, large_, too_large_;
  Sighting repeated_, empty_, vector_, other_length_, no_vector_;
  std::string repeated_label_;
  NumberLists number_lists_;
  int32_t length_ = 0;
};

}  // namespace thaw
