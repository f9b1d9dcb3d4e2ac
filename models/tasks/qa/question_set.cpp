// SPDX-License-Identifier: Apache-2.0
// Cuts questions into windows, and finds their answers in them.
#include "models/tasks/qa/question_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "tensor/io/crc32c.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

// Without blanks at its beginning, as Python's lstrip() leaves it of ASCII.
std::string_view without_leading_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n\v\f"), text.size()));
}

ContextPart part_of_window(const TextWindow& window) {
  const std::vector<int8_t>& sequence = window.encoding.sequence;
  const auto begin = std::ranges::find(sequence, 1);
  return {static_cast<int32_t>(begin - sequence.begin()), static_cast<int32_t>(window.first),
          static_cast<int32_t>(std::count(begin, sequence.end(), 1))};
}

}  // namespace

TokenSpan tokens_of(TextSpan place, const std::vector<TextSpan>& tokens) {
  TokenSpan span;
  bool found = false;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].end <= place.begin || tokens[i].begin >= place.end) continue;
    if (!found) span.first = static_cast<int32_t>(i);
    span.last = static_cast<int32_t>(i);
    found = true;
  }
  return span;
}

QuestionSet QuestionSet::made_up(int64_t count, int64_t length) {
  QuestionSet set("");
  set.texts_ = EncodedTexts::made_up(count, length);
  const auto nothing = std::make_shared<const AskedContext>();
  for (int64_t i = 0; i < count; ++i) {
    set.windows_.push_back({.question = i, .part = {}});
    set.questions_.push_back(
        {.id = {}, .text = {}, .where = {}, .context = nothing, .answers = {}, .first_window = i, .windows = 1});
  }
  return set;
}

std::shared_ptr<const AskedContext> QuestionSet::context_of(const std::string& text,
                                                            const std::vector<TextWindow>& windows) {
  if (const auto known = contexts_.find(text); known != contexts_.end()) return known->second;
  auto context = std::make_shared<AskedContext>();
  context->text = text;
  context->checksum = crc32c(text);
  for (const TextWindow& window : windows) {
    const ContextPart part = part_of_window(window);
    context->tokens.resize(std::max(context->tokens.size(), static_cast<size_t>(part.first + part.count)));
    std::copy_n(window.encoding.offsets.begin() + part.position, part.count, context->tokens.begin() + part.first);
  }
  contexts_.emplace(context->text, context);
  return context;
}

void QuestionSet::add(const Question& question, const TextEncoder& encoder, const QaOptions& options) {
  std::vector<TextWindow> windows = encoder.encode_windows_row(without_leading_blanks(question.text), question.context,
                                                               options.doc_stride, question.where);
  AskedQuestion asked{.id = question.id,
                      .text = question.text,
                      .where = question.where,
                      .context = context_of(question.context, windows),
                      .answers = {},
                      .first_window = static_cast<int64_t>(windows_.size()),
                      .windows = static_cast<int64_t>(windows.size())};
  const std::string named = fmt::format("{}, question {}", question.where, quote(question.id));
  const auto size = static_cast<int64_t>(count_code_points(question.context));
  const auto is_outside = [&](const GivenAnswer& answer) { return answer.start < 0 || answer.start >= size; };
  const auto is_misplaced = [&](const GivenAnswer& answer) { return !matches(answer, question.context); };
  const bool outside = !question.answers.empty() && is_outside(question.answers[0]);  // it is the one to be learnt
  if (outside) {
    outside_.add(named);
  } else if (std::ranges::any_of(question.answers, is_misplaced)) {
    misplaced_.add(named);
  }
  if (question.is_answered && question.answers.empty()) unanswered_.add(named);
  TokenSpan span;
  if (!question.answers.empty() && !outside) {
    const GivenAnswer& answer = question.answers[0];
    const auto begin = static_cast<uint32_t>(answer.start);
    const auto length = static_cast<uint32_t>(count_code_points(answer.text));
    span = tokens_of({begin, begin + length}, asked.context->tokens);
  }
  bool in_any = false;
  for (TextWindow& window : windows) {
    const ContextPart part = part_of_window(window);
    QuestionWindow own{.question = static_cast<int64_t>(questions_.size()), .part = part};
    if (span.first <= span.last && span.first >= part.first && span.last < part.first + part.count) {
      own.start = part.position + span.first - part.first;
      own.end = part.position + span.last - part.first;
      in_any = true;
    }
    windows_.push_back(own);
    texts_.add(std::move(window.encoding), 0);
  }
  if (!question.answers.empty() && !outside && !in_any) in_no_window_.add(named);
  for (const GivenAnswer& answer : question.answers) asked.answers.push_back(answer.text);
  questions_.push_back(std::move(asked));
}

std::vector<std::string> QuestionSet::warnings(bool may_say_none) const {
  std::vector<std::string> lines;
  if (!may_say_none)
    warn(lines, file_, unanswered_, "questions without an answer, which this model never says (they count as wrong)");
  warn(lines, file_, outside_, "questions with an answer_start outside of the context (learnt as if there were none)");
  warn(lines, file_, misplaced_,
       "questions with an answer that is not where its answer_start says (what is there is learnt)");
  warn(lines, file_, in_no_window_, "questions whose answer no window has whole (learnt as if there were none)");
  return lines;
}

}  // namespace thaw
