// SPDX-License-Identifier: Apache-2.0
// Reads lines, and holds them to a format.
#include "models/data/sequences/sequence_rows.h"

#include <algorithm>

#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int32_t most_ids = 1'000'000, most_classes = 100'000;

}  // namespace

void SequenceRows::read_numbers(const Json& row, LabelledSequence& sequence) {
  const Json& rows = row.get_array("rows");
  for (size_t t = 0; t < rows.size(); ++t) {
    const Json& one = rows.get_array(t);
    if (width_ == 0) width_ = std::ssize(one.items());
    if (one.empty() || std::ssize(one.items()) != width_)
      fail("{}: has {} numbers, expected {}", rows.where(t), one.size(), std::max<int64_t>(width_, 1));
    for (size_t i = 0; i < one.size(); ++i)
      sequence.numbers.push_back(static_cast<float>(one.get_number(i, -1e30, 1e30)));
  }
}

void SequenceRows::read_answers(const Json& row, LabelledSequence& sequence) const {
  if (row.contains("answer") && row.contains("answers")) fail("{}: has \"answer\" and \"answers\"", where());
  if (row.contains("answer"))
    sequence.answers.push_back(static_cast<int32_t>(row.get_int("answer", 0, most_classes - 1)));
  else if (row.contains("answers"))
    for (const int64_t answer : row.get_ints("answers", 0, most_classes - 1))
      sequence.answers.push_back(static_cast<int32_t>(answer));
}

bool SequenceRows::next(LabelledSequence& sequence) {
  Json row;
  if (!rows_.next(row)) return false;
  sequence = {};
  if (row.contains("ids") == row.contains("rows")) fail("{}: expected either \"ids\" or \"rows\"", where());
  if (row.contains("ids"))
    for (const int64_t id : row.get_ints("ids", 0, most_ids - 1)) sequence.ids.push_back(static_cast<int32_t>(id));
  else
    read_numbers(row, sequence);
  if (sequence.ids.empty() && sequence.numbers.empty()) fail("{}: the sequence has no rows", where());
  if (answers_ == Answers::needed) read_answers(row, sequence);
  return true;
}

SequenceFormat look_at_sequences(const std::string& path) {
  SequenceRows rows{LineReader(path)};
  SequenceFormat format;
  bool first = true;
  for (LabelledSequence sequence; rows.next(sequence); first = false) {
    const bool ids = !sequence.ids.empty();
    if (first) {
      format.ids = ids;
      format.inputs = ids ? 1 : rows.width();
      format.read = std::ssize(sequence.answers);
    }
    if (sequence.answers.empty()) fail("{}: has no answer", rows.where());
    for (const int32_t id : sequence.ids) format.inputs = std::max<int64_t>(format.inputs, id + 1);
    for (const int32_t answer : sequence.answers) format.classes = std::max<int64_t>(format.classes, answer + 1);
    const int64_t length = rows_of(sequence, format);
    format.longest = std::max(format.longest, length);
    check_sequence(sequence, format, Answers::needed, rows.where());
  }
  if (first) fail("{}: has no sequences", path);
  return format;
}

void check_sequence(const LabelledSequence& sequence, const SequenceFormat& format, Answers answers,
                    const std::string& where) {
  if (!sequence.ids.empty() != format.ids)
    fail("{}: has {}, others have {}", where, format.ids ? "rows" : "ids", format.ids ? "ids" : "rows");
  for (const int32_t id : sequence.ids)
    if (id >= format.inputs) fail("{}: id {}, expected 0 to {}", where, id, format.inputs - 1);
  const int64_t length = rows_of(sequence, format);
  if (length < format.read) fail("{}: {} rows, of which the last {} are answered", where, length, format.read);
  if (answers == Answers::ignored) return;
  if (std::ssize(sequence.answers) != format.read * format.answers)
    fail("{}: {} answers, expected {}", where, sequence.answers.size(), format.read * format.answers);
  for (const int32_t answer : sequence.answers)
    if (answer >= format.classes) fail("{}: answer {}, expected 0 to {}", where, answer, format.classes - 1);
}

}  // namespace thaw
