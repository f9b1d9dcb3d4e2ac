// SPDX-License-Identifier: Apache-2.0
// Questions on texts, and their answers: SQuAD's JSON (1.1 and 2.0), and rows of JSONL as the datasets library writes
// them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <string>
#include <vector>

namespace thaw {

struct GivenAnswer {
  std::string text;
  int64_t start = 0;  // where it should begin in the context, in code points
};

struct Question {
  std::string id, text, context;
  bool is_answered = false;          // it is known what is right: `answers`, or that there is none
  std::vector<GivenAnswer> answers;  // empty: the context has none
  std::string where;                 // "FILE:LINE", or the place in SQuAD's JSON
};

// Is the answer's text where the answer says?
bool matches(const GivenAnswer& answer, const std::string& context);

class QuestionSource;

// Rows of JSONL: {"id", "question", "context", "answers"}, in any order, with other keys beside them. answers is
// {"text": [...], "answer_start": [...]} or a list of {"text", "answer_start"}; without it (or with null) the question
// is one to be answered; with no answers in it, or with "is_impossible": true, there is none. An id may be a number;
// without one it is the row's number. SQuAD's JSON has the same, grouped by contexts: a .json file with "data" in it.
class QuestionReader {
 public:
  // .jsonl, .ndjson and .json, gzip'd or not; .json is either, by what is in it. Throws std::runtime_error that names
  // file, line or key, and what is wrong; next() does, too.
  explicit QuestionReader(const std::filesystem::path& path);
  // Rows, whatever the extension.
  static QuestionReader of_rows(const std::filesystem::path& path);
  // Rows of an open stream, which must outlive the reader; `name` stands for the path in messages.
  static QuestionReader of_rows(std::istream& stream, const std::string& name);
  ~QuestionReader();
  QuestionReader(QuestionReader&&) noexcept;

  // False at the end.
  bool next(Question& question);

 private:
  explicit QuestionReader(std::unique_ptr<QuestionSource> source);

  std::unique_ptr<QuestionSource> source_;
};

}  // namespace thaw
