// SPDX-License-Identifier: Apache-2.0
// How labels of words are written: columns as CoNLL's, or JSONL.
#pragma once

#include <string>
#include <vector>

#include "models/tasks/tokens/word_reader.h"

namespace thaw {

struct SaidOfWord {
  std::string label;
  double probability = 0;
  bool has_token = true;  // else nothing was computed for it
};

// "WORD<TAB>LABEL" a word, with `probabilities` "<TAB>PROBABILITY" ("-" where nothing was computed), and an empty line.
// Tabs and line breaks of a word become spaces.
std::string tagged_columns(const ReadSentence& sentence, const std::vector<SaidOfWord>& said, bool probabilities);

struct TaggedJsonStyle {
  bool is_text = false;        // the sentence is a line of plain text
  bool entities = false;       // labels name entities
  bool probabilities = false;  // of the labels are wanted
};

// {"tokens": [...], "tags": [...]} and, with `probabilities`, "probabilities": [0.98, null, ...]. Of plain text also
// "text" and, if `entities`, "entities": [{"type", "text", "start", "end"}], in code points of the text.
std::string tagged_json(const ReadSentence& sentence, const std::vector<SaidOfWord>& said,
                        const TaggedJsonStyle& style);

}  // namespace thaw
