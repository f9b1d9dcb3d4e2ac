// SPDX-License-Identifier: Apache-2.0
// Label cells that were cut into parts, as lists of numbers to predict: "0.5|1.2|3.0".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "models/data/field_names.h"
#include "models/data/sighting.h"

namespace thaw {

class NumberLists {
 public:
  // For messages: the file, and what the field problem_type is called.
  NumberLists(std::string file, FieldNames called) : file_(std::move(file)), called_(std::move(called)) {}
  // The next cell and its parts. True if all of them are numbers, and there is one.
  bool add(const std::string& cell, std::span<const std::string> parts, int64_t line);

  // All cells are lists of numbers of which one is not written as an integer, and they are no 0/1 vectors: numbers to
  // predict, not sets of classes.
  bool are_numbers() const { return lists_ == rows_ && are_more_than_classes(); }
  // Of the first list; 0 if there is none.
  int64_t length() const { return length_; }
  const Sighting& no_list() const { return no_list_; }
  // Throws std::runtime_error (FILE:LINE: ...) on the first list that is not as long as the first one. may_be_classes:
  // nobody said that they are numbers to predict.
  void refuse_other_lengths(bool may_be_classes) const;
  // The same on the first cell that is no list of numbers where more than half are and would be numbers to predict.
  void refuse_stray_cells() const;
  // A line if no number has a fraction; else empty.
  std::string warning() const;

 private:
  bool are_more_than_classes() const { return whole_.count + fractions_ > 0 && beyond_vectors_ > 0; }
  std::string where(const Sighting& sighting) const;

  std::string file_;
  FieldNames called_;
  int64_t rows_ = 0, lists_ = 0, length_ = 0;
  int64_t fractions_ = 0, beyond_vectors_ = 0;  // parts
  int64_t with_commas_ = 0;                     // cells that are lists if commas may be in numbers
  Sighting first_, no_list_, other_length_, whole_;
};

}  // namespace thaw
