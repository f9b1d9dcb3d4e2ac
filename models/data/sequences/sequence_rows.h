// SPDX-License-Identifier: Apache-2.0
// Sequences in a JSONL file, one a line: {"ids": [3, 1, 4], "answer": 2}, or {"rows": [[0.5, 1], [0, 2]], "answers":
// [0, 1]} where the last rows are answered.
#pragma once

#include <istream>
#include <string>

#include "models/data/json_rows.h"
#include "models/data/sequences/sequence.h"

namespace thaw {

class SequenceRows {
 public:
  // width: of all rows of numbers; 0: that of the first.
  explicit SequenceRows(LineReader lines, int64_t width = 0, Answers answers = Answers::needed)
      : rows_(std::move(lines)), width_(width), answers_(answers) {}

  // The next one; false at the end. It may have no answers. std::runtime_error "FILE:LINE: ..." on what is none, and on
  // rows of another width.
  bool next(LabelledSequence& sequence);

  std::string where() const { return rows_.where(); }
  int64_t width() const { return width_; }

 private:
  void read_numbers(const Json& row, LabelledSequence& sequence);
  void read_answers(const Json& row, LabelledSequence& sequence) const;

  JsonRows rows_;
  int64_t width_;
  Answers answers_;
};

// What the sequences of a file have in common: the most different ids, rows and classes. Each must have as many answers
// as the first. std::runtime_error naming file and line.
SequenceFormat look_at_sequences(const std::string& path);
// std::runtime_error "WHERE: ..." if a sequence is not of that format: rows for ids or ids for rows, an id or an answer
// beyond it, fewer rows than are read, another number of answers (Answers::needed).
void check_sequence(const LabelledSequence& sequence, const SequenceFormat& format, Answers answers,
                    const std::string& where);

}  // namespace thaw
