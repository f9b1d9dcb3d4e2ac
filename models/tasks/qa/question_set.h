// SPDX-License-Identifier: Apache-2.0
// Questions as a model reads them: each in as many windows as its context needs. Q questions, W windows.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/data/questions.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/qa/answers.h"
#include "models/tasks/qa/options.h"
#include "models/tasks/text_encoder.h"
#include "models/tasks/text_survey.h"
#include "models/text/normalized_text.h"

namespace thaw {

// A text that is asked about, kept once for all questions on it.
struct AskedContext {
  std::string text;
  std::vector<TextSpan> tokens;  // their places in it
  uint32_t checksum = 0;         // of the text
};

struct AskedQuestion {
  std::string id, text, where;
  std::shared_ptr<const AskedContext> context;
  std::vector<std::string> answers;  // empty: the context has none
  int64_t first_window = 0, windows = 0;
};

struct QuestionWindow {
  int64_t question = 0;
  ContextPart part;
  int32_t start = 0,
          end = 0;  // the answer's first and last token in the window; 0, the first of all, if it is not in it
};

// Of code points [begin, end): the first and the last token that has one of them; first > last if none has.
struct TokenSpan {
  int32_t first = 0, last = -1;
};
TokenSpan tokens_of(TextSpan place, const std::vector<TextSpan>& tokens);

class QuestionSet {
 public:
  explicit QuestionSet(std::string file) : file_(std::move(file)) {}
  // So many made-up questions of one window each, `length` tokens long.
  static QuestionSet made_up(int64_t count, int64_t length);

  // The answer that windows are to find is the first one. Leading blanks of the question do not count. Throws
  // std::runtime_error that says where, as TextEncoder does.
  void add(const Question& question, const TextEncoder& encoder, const QaOptions& options);

  const EncodedTexts& texts() const { return texts_; }                        // [W]
  const std::vector<QuestionWindow>& windows() const { return windows_; }     // [W]
  const std::vector<AskedQuestion>& questions() const { return questions_; }  // [Q]
  // Answers that are not where they should be, or that no window has whole; what happens to them, and to how many. And
  // questions without an answer, if the model may not say so.
  std::vector<std::string> warnings(bool may_say_none) const;

 private:
  std::shared_ptr<const AskedContext> context_of(const std::string& text, const std::vector<TextWindow>& windows);

  std::string file_;
  EncodedTexts texts_;
  std::vector<QuestionWindow> windows_;
  std::vector<AskedQuestion> questions_;
  std::unordered_map<std::string_view, std::shared_ptr<const AskedContext>> contexts_;  // by their texts
  Occurrence unanswered_, outside_, misplaced_, in_no_window_;
};

}  // namespace thaw
