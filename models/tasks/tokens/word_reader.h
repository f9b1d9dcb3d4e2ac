// SPDX-License-Identifier: Apache-2.0
// The sentences that a prediction is asked for: plain text, a sentence a line, or words that are given as such.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/line_reader.h"
#include "models/data/tagged_words.h"
#include "models/tasks/task_model.h"
#include "models/tasks/tokens/options.h"

namespace thaw {

struct ReadSentence {
  std::vector<std::string> words;
  std::string text;                           // of plain text: the line
  std::vector<std::pair<size_t, size_t>> at;  // of plain text: the bytes [begin, end) of each word in it
  std::string where;                          // "FILE:LINE"
};

// The words of a line: what is between its blanks (space, tab and the like).
std::vector<std::pair<size_t, size_t>> words_of_line(const std::string& line);

class WordReader {
 public:
  // Opens the file or stream. Formats: lines (.txt) is plain text; jsonl lists of words; tsv columns, a word a line,
  // as CoNLL's files (.conll, .conllu, ...), whose words are read. std::runtime_error if the name says no such format,
  // std::invalid_argument on another.
  WordReader(const PredictionRequest& request, const TokensOptions& options, const FieldNames& called);

  // False at the end. Errors name file and line.
  bool next(ReadSentence& sentence);
  bool is_text() const { return lines_.has_value(); }

 private:
  std::optional<LineReader> lines_;  // plain text
  std::optional<TaggedWords> words_;
};

}  // namespace thaw
