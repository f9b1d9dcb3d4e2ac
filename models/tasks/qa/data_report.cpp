// SPDX-License-Identifier: Apache-2.0
// Counts questions, contexts and windows, and what is odd about them.
#include "models/tasks/qa/data_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "models/data/questions.h"
#include "models/tasks/qa/question_set.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

struct Split {
  DataSplit source;
  int64_t questions = 0, without_answer = 0, contexts = 0;
  std::optional<QuestionSet> set;  // if tokens are looked at
  Occurrence unanswered, empty, repeated_id, repeated, misplaced, cut;
  std::map<std::string, Occurrence> leaks;  // contexts that an earlier split has too, by that split's name
  std::unordered_set<std::string> ids;
  std::set<std::pair<size_t, std::string>> asked;  // number of the context, question
};

struct Seen {
  size_t number, split;  // its own, and of the split that has it first
  std::string where;
};

class QuestionSurvey {
 public:
  QuestionSurvey(const QaOptions& options, const TextEncoder* encoder) : options_(options), encoder_(encoder) {}

  void read(const DataSplit& source) {
    Split& split = splits_.emplace_back();
    split.source = source;
    if (encoder_) split.set.emplace(source.name);
    QuestionReader reader(source.file);
    for (Question question; reader.next(question);) add(question, split);
    if (split.questions == 0) fail("{}: has no questions", source.file);
  }

  std::string text() const {
    std::string text =
        fmt::format("{:<12} {:>10} {:>10} {:>15}  {}\n", "", "questions", "contexts", "without answer", "file");
    const auto out = std::back_inserter(text);
    for (const Split& split : splits_)
      fmt::format_to(out, "{:<12} {:>10} {:>10} {:>15}  {}\n", split.source.name, split.questions, split.contexts,
                     split.without_answer, split.source.file);
    if (!encoder_) return text;
    fmt::format_to(out, "\n{:<12} {:>10} {:>14} {:>10} {:>14}\n", "windows", "all", "one question:", "95 %", "most");
    for (const Split& split : splits_) {
      std::vector<int64_t> counts;
      for (const AskedQuestion& question : split.set->questions()) counts.push_back(question.windows);
      std::ranges::sort(counts);
      const auto at = [&](double share) {
        return counts[static_cast<size_t>(share * static_cast<double>(counts.size() - 1))];
      };
      fmt::format_to(out, "{:<12} {:>10} {:>14} {:>10} {:>14}\n", split.source.name, split.set->windows().size(),
                     fmt::format("median {}", at(0.5)), at(0.95), counts.back());
    }
    return text;
  }

  std::vector<std::string> warnings() const {
    std::vector<std::string> lines;
    const bool may_say_none =
        options_.version_2_with_negative || (!splits_.empty() && splits_[0].without_answer > 0);  // as training has it
    for (const Split& split : splits_) {
      const std::string& name = split.source.name;
      warn(lines, name, split.unanswered, "questions without \"answers\" (an error in training)");
      warn(lines, name, split.empty, "empty contexts");
      if (!split.set) {
        warn(lines, name, split.misplaced, "questions with an answer that is not where its answer_start says");
      } else {
        for (std::string& line : split.set->warnings(may_say_none)) lines.push_back(std::move(line));
        warn(lines, name, split.cut, "questions that leave no room for a context and are cut");
      }
      warn(lines, name, split.repeated_id, "ids that another question has");
      warn(lines, name, split.repeated, "duplicates");
      for (const auto& [other, leak] : split.leaks)
        warn(lines, name, leak, fmt::format("contexts that {} has too (its score would flatter)", other));
    }
    return lines;
  }

 private:
  void add(const Question& question, Split& split) {
    ++split.questions;
    if (!question.is_answered) split.unanswered.add(question.where);
    if (question.is_answered && question.answers.empty()) ++split.without_answer;
    if (question.context.find_first_not_of(" \t\r\n") == std::string::npos) split.empty.add(question.where);
    const std::string named = fmt::format("{}, question {}", question.where, quote(question.id));
    if (!split.ids.insert(question.id).second) split.repeated_id.add(named);
    const size_t context = note_context(question, split);
    if (!split.asked.emplace(context, question.text).second) split.repeated.add(named);
    if (std::ranges::any_of(question.answers, [&](const auto& answer) { return !matches(answer, question.context); }))
      split.misplaced.add(named);
    if (split.set) {
      split.set->add(question, *encoder_, options_);
      if (split.set->texts()[std::ssize(split.set->windows()) - 1].cut > 0) split.cut.add(named);
    }
  }

  // The number of the question's context.
  size_t note_context(const Question& question, Split& split) {
    const size_t current = splits_.size() - 1;
    const auto [found, is_new] =
        contexts_.try_emplace(question.context, Seen{contexts_.size(), current, question.where});
    const Seen& seen = found->second;
    if (is_new) {
      ++split.contexts;
    } else if (seen.split != current && leaked_.emplace(current, seen.number).second) {
      ++split.contexts;
      split.leaks[splits_[seen.split].source.name].add(fmt::format("{} repeats {}", question.where, seen.where));
    }
    return seen.number;
  }

  QaOptions options_;
  const TextEncoder* encoder_;
  std::vector<Split> splits_;
  std::unordered_map<std::string, Seen> contexts_;  // by their texts, each kept once
  std::set<std::pair<size_t, size_t>> leaked_;      // split and context
};

}  // namespace

DataReport report_questions(const std::vector<DataSplit>& splits, const QaOptions& options,
                            const TextEncoder* encoder) {
  QuestionSurvey survey(options, encoder);
  for (const DataSplit& split : splits) survey.read(split);
  return {survey.text(), survey.warnings()};
}

}  // namespace thaw
