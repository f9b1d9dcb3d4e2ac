// SPDX-License-Identifier: Apache-2.0
// From scores of tokens to answers, as the reference's postprocess_qa_predictions does it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/tasks/qa/options.h"
#include "models/text/normalized_text.h"

namespace thaw {

// Where a part of a context lies in a window of tokens.
struct ContextPart {
  int32_t position = 0;  // of its first token, in the window
  int32_t first = 0;     // the number of that token in the whole context
  int32_t count = 0;     // tokens
};

// A place in a context that may be the answer; {0, 0} for none.
struct AnswerSpan {
  TextSpan place;  // code points
  float start_logit = 0, end_logit = 0;
  float score() const { return start_logit + end_logit; }
};

// What a model says of one window.
struct WindowAnswers {
  std::vector<AnswerSpan> best;  // by score, at most n_best_size
  AnswerSpan none;               // by its first token
  bool is_finite = true;         // else there are none
};

// logits [tokens of the window, 2] row-major; tokens: the places of all tokens of the context. Tried are the
// n_best_size likeliest starts with as many ends, of all tokens; what is not in the context, ends before it begins or
// is longer than max_answer_length is passed over. Of equal scores the earlier token is the better one.
WindowAnswers best_answers(std::span<const float> logits, const ContextPart& part, std::span<const TextSpan> tokens,
                           const QaOptions& options);

struct Answer {
  std::string text;            // empty: there is none
  int64_t start = 0, end = 0;  // code points of the context; 0 and 0 of none
  double probability = 0;      // softmax over the scores of those that are kept
  float start_logit = 0, end_logit = 0;
};

struct QuestionAnswers {
  std::vector<Answer> best;    // by score, never empty; with version_2_with_negative "none" is among them
  size_t chosen = 0;           // what is said: the best one, or none
  size_t best_text = 0;        // the best one that is not none; best.size() if there is none
  double null_score_diff = 0;  // version_2_with_negative: the score of none, minus that of the best one
  bool is_finite = true;       // of a window's logits one is not

  const Answer& said() const { return best[chosen]; }
};

// Folds the windows of one question. "None" scores as in the window where it scores least. Where no window has an
// answer, there is none (the reference says "empty" then).
QuestionAnswers fold_answers(std::span<const WindowAnswers> windows, const std::string& context,
                             const QaOptions& options);

}  // namespace thaw
