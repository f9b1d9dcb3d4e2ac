// SPDX-License-Identifier: Apache-2.0
// Labels as data files write them: one of a set, several of a set, or a number.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// The labels of a problem and their numbers.
class LabelSet {
 public:
  LabelSet() = default;
  // In this order. Throws std::invalid_argument on one that is there twice.
  explicit LabelSet(std::vector<std::string> names);
  // The order of labels found in data: by number if all are integers, else by their bytes. So it depends on the set
  // alone, never on the rows.
  static LabelSet of_values(const std::set<std::string>& values);

  int32_t size() const { return static_cast<int32_t>(names_.size()); }
  const std::vector<std::string>& names() const { return names_; }
  bool contains(std::string_view name) const { return ids_.find(name) != ids_.end(); }
  // Throws std::runtime_error "train.tsv:118: unknown label "x" (known: a, b, c)".
  int32_t id(std::string_view name, const std::string& where) const;

 private:
  std::vector<std::string> names_;
  std::map<std::string, int32_t, std::less<>> ids_;
};

// The labels of a cell, between separators; an empty cell has none. Throws std::runtime_error (WHERE: ...) on an empty
// one or one that is there twice.
std::vector<std::string> split_labels(const std::string& cell, const std::string& separator, const std::string& where);

// A finite decimal number, all of the cell. Throws std::runtime_error (WHERE: ...).
double parse_number_label(const std::string& cell, const std::string& where);
bool is_integer_label(std::string_view cell);
bool is_number_label(const std::string& cell);

}  // namespace thaw
