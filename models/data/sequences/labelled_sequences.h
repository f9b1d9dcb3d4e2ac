// SPDX-License-Identifier: Apache-2.0
// Sequences of a file of any kind that is known.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/data/sequences/image_files.h"
#include "models/data/sequences/sequence.h"
#include "models/data/sequences/sequence_rows.h"

namespace thaw {

// What the sequences of a file have in common; `patch`: of pictures. Errors name what is wrong with the file.
SequenceFormat format_of_file(const std::string& path, int64_t patch);

// One sequence after the other, each held to the format. Errors are std::runtime_error and name file and line, or the
// file and the number of the picture.
class SequenceReader {
 public:
  // Of a file, by its name. Pictures that make sequences of another format are an error.
  SequenceReader(const std::string& path, const SequenceFormat& format, int64_t patch, Answers answers);
  // Of JSONL.
  SequenceReader(LineReader lines, const SequenceFormat& format, Answers answers);

  bool next(LabelledSequence& sequence);  // false at the end
  std::string where() const;              // of the last one

 private:
  SequenceFormat format_;
  Answers answers_;
  std::optional<SequenceRows> rows_;  // else pictures
  std::string path_;
  LabelledPictures pictures_;
  int64_t patch_ = 0, taken_ = 0;  // side of a patch; pictures that were given
};

// All of a file, with their answers. std::runtime_error, of sequences of more than `most_rows` rows, too, and of a file
// without any.
std::vector<LabelledSequence> read_labelled_sequences(const std::string& path, const SequenceFormat& format,
                                                      int64_t patch, int64_t most_rows = INT64_MAX);

}  // namespace thaw
