// SPDX-License-Identifier: Apache-2.0
// What is odd about the texts of a data set, whatever is to be learnt from them: row by row, over all splits.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/tasks/task.h"
#include "models/tasks/text_encoder.h"

namespace thaw {

// Something that happened once or often, and where first.
struct Occurrence {
  int64_t count = 0;
  std::string first;

  void add(const std::string& where) {
    if (count++ == 0) first = where;
  }
};

// A line of a report about a split; none if it did not happen.
void warn(std::vector<std::string>& lines, const std::string& split, const Occurrence& what, const std::string& text);

// Lines about labels that a split has hardly enough of to learn them from. counts: how many things (a "row") have each.
std::vector<std::string> warnings_of_few(const std::string& split, const std::map<std::string, int64_t>& counts,
                                         const std::string& thing);

// A row of texts and what should be said of it.
struct SurveyedRow {
  std::string text;  // that is not to be empty; of a picture's, the pair tells which
  std::optional<std::string> pair;
  std::string answer;
  std::string where;  // "FILE:LINE"
  // As they are learnt, where the encoder alone does not make them; whether none are an error is said by who made them.
  std::optional<Encoding> tokens = {};
};

class TextSurvey {
 public:
  // encoder: null if tokens are not to be looked at; it must outlive the survey.
  // `too_long`: what happens to texts that are. `things`: what rows are, if they are no texts.
  explicit TextSurvey(const TextEncoder* encoder, std::string too_long = "which will be cut",
                      std::string_view things = "texts")
      : encoder_(encoder), too_long_(std::move(too_long)), things_(things) {}

  void begin(const DataSplit& split);
  void add(const SurveyedRow& row);
  // Throws std::runtime_error if the split has no rows.
  void end() const;

  int64_t rows(size_t split) const { return splits_[split].rows; }
  // "train              84 rows  FILE" a split; and a table of lengths, empty without an encoder.
  std::string rows_text() const;
  std::string lengths_text() const;
  // Of a split; `own`: lines about its answers, which stand among them.
  std::vector<std::string> warnings(size_t split, const std::vector<std::string>& own) const;
  // Those of them that are about tokens: texts that are too long or have unknown ones.
  std::vector<std::string> token_warnings(size_t split) const;

 private:
  struct Split {
    DataSplit source;
    int64_t rows = 0, tokens = 0, unknown_tokens = 0, tokens_beyond = 0;
    std::vector<int64_t> lengths;  // tokens of each row
    Occurrence empty, duplicate, conflicting, too_long, unknown, no_tokens;
    std::map<std::string, Occurrence> leaks;  // rows that an earlier split has too, by that split's name
  };
  struct Seen {
    size_t split;
    std::string where, answer;
  };
  void count_tokens(const SurveyedRow& row, Split& split) const;
  void compare(const SurveyedRow& row, Split& split);

  const TextEncoder* encoder_;
  std::string too_long_, things_;
  std::vector<Split> splits_;
  std::unordered_map<std::string, Seen> seen_;  // by text and pair
};

// What is odd about the rows of splits, which `read` gives to `take` one by one; what it returns are lines of its own,
// about the split. encoder, too_long, things: as TextSurvey takes them.
using TakeRow = std::function<void(const SurveyedRow&)>;
DataReport report_of_rows(
    const std::vector<DataSplit>& splits, const TextEncoder* encoder, const std::string& too_long,
    const std::function<std::vector<std::string>(const DataSplit& split, const TakeRow& take)>& read,
    std::string_view things = "texts");

}  // namespace thaw
