// SPDX-License-Identifier: Apache-2.0
// Questions on texts in SQuAD's JSON: {"version", "data": [{"title", "paragraphs": [{"context", "qas": [{"id",
// "question", "answers": [{"text", "answer_start"}], "is_impossible"}]}]}]}.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "examples/data/file_set.h"

namespace thaw {

struct MadeQuestion {
  std::string id, text;
  std::string answer;       // empty: the context has none
  size_t answer_start = 0;  // in the context, in bytes; the files count code points
};

struct QuestionedText {
  std::string title, context;
  std::vector<MadeQuestion> questions;
};

// Adds the texts to the files. Throws std::invalid_argument if an answer is not in its context where it says.
void add_squad(FileSet& files, const std::filesystem::path& path, const std::vector<QuestionedText>& texts);

// A question with several answers keeps the first. Throws std::runtime_error ("FILE: key.path: what is wrong").
std::vector<QuestionedText> read_squad(const std::filesystem::path& path);

}  // namespace thaw
