// SPDX-License-Identifier: Apache-2.0
// Chooses a reader by the file's name.
#include "models/data/sequences/labelled_sequences.h"

#include <fmt/format.h>

#include <utility>

#include "tensor/check.h"

namespace thaw {
namespace {

// Errors name the file.
SequenceFormat format_of(const LabelledPictures& pictures, const std::string& path, int64_t patch) try {
  return picture_format(pictures, patch);
} catch (const std::invalid_argument& error) {
  fail("{}: {}", path, error.what());
}

}  // namespace

SequenceFormat format_of_file(const std::string& path, int64_t patch) {
  return names_pictures(path) ? format_of(read_pictures(path), path, patch) : look_at_sequences(path);
}

SequenceReader::SequenceReader(const std::string& path, const SequenceFormat& format, int64_t patch, Answers answers)
    : format_(format), answers_(answers), path_(path), patch_(patch) {
  if (!names_pictures(path)) {
    rows_.emplace(LineReader(path), format.ids ? 0 : format.inputs, answers);
    return;
  }
  pictures_ = read_pictures(path, answers);
  if (format.ids) fail("{}: has pictures, and the model takes ids", path);
  const SequenceFormat found = format_of(pictures_, path, patch);
  if (found != format)
    fail("{}: gives {} rows of {} numbers, and the model takes {} of {}", path, found.longest, found.inputs,
         format.longest, format.inputs);
}

SequenceReader::SequenceReader(LineReader lines, const SequenceFormat& format, Answers answers)
    : format_(format),
      answers_(answers),
      rows_(std::in_place, std::move(lines), format.ids ? 0 : format.inputs, answers) {}

bool SequenceReader::next(LabelledSequence& sequence) {
  if (!rows_) {
    if (taken_ == pictures_.count()) return false;
    sequence = picture_sequence(pictures_, taken_++, patch_);
    return true;
  }
  if (!rows_->next(sequence)) return false;
  check_sequence(sequence, format_, answers_, rows_->where());
  return true;
}

std::string SequenceReader::where() const {
  return rows_ ? rows_->where() : fmt::format("{}: picture {}", path_, taken_);
}

std::vector<LabelledSequence> read_labelled_sequences(const std::string& path, const SequenceFormat& format,
                                                      int64_t patch, int64_t most_rows) {
  std::vector<LabelledSequence> sequences;
  SequenceReader reader(path, format, patch, Answers::needed);
  for (LabelledSequence sequence; reader.next(sequence); sequences.push_back(std::move(sequence)))
    if (const int64_t length = rows_of(sequence, format); length > most_rows)
      fail("{}: a sequence of {} rows, and the body has positions for {}", reader.where(), length, most_rows);
  if (sequences.empty()) fail("{}: has no sequences", path);
  return sequences;
}

}  // namespace thaw
