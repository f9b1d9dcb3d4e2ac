// SPDX-License-Identifier: Apache-2.0
// Labels as data files write them: one of a set, several of a set, or a number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
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
  // Classes with names that data call by their numbers: "0", "1", ... are the same as the names.
  static LabelSet numbered(std::vector<std::string> names);
  // The order of labels found in data: by number if all are integers, else by their bytes. So it depends on the set
  // alone, never on the rows.
  static LabelSet of_values(const std::set<std::string>& values);

  int32_t size() const { return static_cast<int32_t>(names_.size()); }
  const std::vector<std::string>& names() const { return names_; }
  bool contains(std::string_view name) const { return ids_.find(name) != ids_.end(); }
  // Throws std::runtime_error "train.tsv:118: unknown label "x" (known: a, b, c)"; a known one that looks the same is
  // named.
  int32_t id(std::string_view name, const std::string& where) const;

 private:
  std::vector<std::string> names_;
  std::map<std::string, int32_t, std::less<>> ids_;
};

// What is between the separators of a cell; an empty cell holds nothing. Throws std::runtime_error (WHERE: ...) on an
// empty label.
std::vector<std::string> split_cell(const std::string& cell, const std::string& separator, const std::string& where);
// The same where the parts are labels: one that is there twice is an error, too.
std::vector<std::string> split_labels(const std::string& cell, const std::string& separator, const std::string& where);

// How a cell writes a number, blanks around it and a plus sign before it aside.
enum class NumberForm {
  none,        // none, or not a finite one
  integer,     // 12
  whole,       // 12.0, 1.2e1
  fraction,    // 12.5
  with_comma,  // 12,5 or 1,234.5: no number to programs that read files
};
NumberForm number_form(std::string_view cell);
inline constexpr const char* comma_hint = " (a comma in a number? write 1.5 or 1234)";

// Without its sign; 0 of what is no number.
double size_of_number(std::string_view cell);

// A decimal number that is finite in f32; blanks around it and a plus sign are allowed. Throws std::runtime_error
// (WHERE: ...), whose end is `why`: who wants a number.
double parse_number_label(const std::string& cell, const std::string& where,
                          std::string_view why = "as regression needs it");
bool is_integer_label(std::string_view cell);

// An element of a 0/1 vector, which some programs write for a set of labels: 0, 1, 0.0, 1.0, false, true.
std::optional<bool> parse_indicator(std::string_view part);

}  // namespace thaw
