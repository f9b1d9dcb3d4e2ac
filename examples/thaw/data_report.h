// SPDX-License-Identifier: Apache-2.0
// What `thaw data` finds out: row by row, over all splits.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "examples/thaw/labelled_rows.h"
#include "examples/thaw/problem.h"
#include "models/text/tokenizer.h"

namespace thaw {

// Something that happened once or often, and where first.
struct Occurrence {
  int64_t count = 0;
  std::string first;

  void add(const std::string& where) {
    if (count++ == 0) first = where;
  }
};

struct SplitReport {
  std::string name, file;
  int64_t rows = 0;
  std::map<std::string, int64_t> labels;  // how often; regression: empty
  std::vector<double> values;             // regression: the numbers
  std::vector<int64_t> lengths;           // tokens of each row, if there is a tokenizer
  int64_t tokens = 0, unknown_tokens = 0;
  Occurrence empty, without_label, unknown_label, duplicate, conflicting, too_long, unknown, no_tokens;
  std::map<std::string, Occurrence> leaks;  // rows that an earlier split has too, by that split's name
};

class DataReport {
 public:
  // tokenizer: null if tokens are not to be looked at; max_length: the most that the model takes.
  DataReport(const Problem& problem, const DataArguments& arguments, const Tokenizer* tokenizer, int64_t max_length);

  // Reads a split; the training split first. Bad rows are errors as they are in training, but for labels that training
  // does not know.
  void add(const std::string& name, const std::string& file);
  const std::vector<SplitReport>& splits() const { return splits_; }
  const Problem& problem() const { return problem_; }
  int64_t max_length() const { return max_length_; }

 private:
  struct Seen {
    size_t split;
    std::string where, label;
  };
  void count_label(const LabelledRow& row, const std::string& where, SplitReport& split) const;
  void count_tokens(const LabelledRow& row, const std::string& where, SplitReport& split) const;
  void compare(const LabelledRow& row, const std::string& where, SplitReport& split);

  const Problem& problem_;
  const DataArguments& arguments_;
  const Tokenizer* tokenizer_;
  int64_t max_length_;
  std::vector<SplitReport> splits_;
  std::unordered_map<std::string, Seen> seen_;  // by text and pair
};

}  // namespace thaw
