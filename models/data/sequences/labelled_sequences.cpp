// SPDX-License-Identifier: Apache-2.0
// Chooses a reader by the file's name.
#include "models/data/sequences/labelled_sequences.h"

#include "models/data/sequences/image_files.h"
#include "models/data/sequences/sequence_rows.h"
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

std::vector<LabelledSequence> read_labelled_sequences(const std::string& path, const SequenceFormat& format,
                                                      int64_t patch, int64_t most_rows) {
  std::vector<LabelledSequence> sequences;
  if (names_pictures(path)) {
    const LabelledPictures pictures = read_pictures(path);
    const SequenceFormat found = format_of(pictures, path, patch);
    if (found != format)
      fail("{}: gives {} rows of {} numbers, and the model takes {} of {}", path, found.longest, found.inputs,
           format.longest, format.inputs);
    for (int64_t i = 0; i < pictures.count(); ++i) sequences.push_back(picture_sequence(pictures, i, patch));
    return sequences;
  }
  SequenceRows rows(LineReader(path), format.ids ? 0 : format.inputs);
  for (LabelledSequence sequence; rows.next(sequence); sequences.push_back(std::move(sequence))) {
    check_sequence(sequence, format, true, rows.where());
    if (const int64_t length = rows_of(sequence, format); length > most_rows)
      fail("{}: a sequence of {} rows, and the body has positions for {}", rows.where(), length, most_rows);
  }
  if (sequences.empty()) fail("{}: has no sequences", path);
  return sequences;
}

}  // namespace thaw
