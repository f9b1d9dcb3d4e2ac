// SPDX-License-Identifier: Apache-2.0
// Counts answers and tells of them.
#include "models/tasks/vqa/data_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "models/tasks/medium.h"
#include "models/tasks/text_survey.h"
#include "models/tasks/vqa/answers.h"
#include "models/tasks/vqa/rows.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

struct AnswerCounts {
  std::map<std::string, int64_t> questions;  // that have each answer
  int64_t rows = 0;
  Occurrence unknown;
};

std::string counts_text(const std::string& split, const AnswerCounts& counts) {
  const auto most = std::ranges::max_element(counts.questions, {}, [](const auto& entry) { return entry.second; });
  return fmt::format("{:<12} {:>8} answers, the most frequent {} ({:.1f} % of the questions)\n", split,
                     counts.questions.size(), quote(most->first),
                     100.0 * static_cast<double>(most->second) / static_cast<double>(counts.rows));
}

}  // namespace

DataReport report_questions(const std::vector<DataSplit>& splits, const VqaOptions& options, const FieldNames& called,
                            const TextEncoder* encoder) {
  std::vector<AnswerCounts> counts;
  std::string path, shown;  // of the row before: questions about a picture mostly follow one another
  const auto read = [&](const DataSplit& split, const TakeRow& take) {
    AnswerCounts& own = counts.emplace_back();
    QuestionRows rows(split.file, options, called);
    for (QuestionRow row; rows.next(row); ++own.rows) {
      if (path_of(row.input) != path || own.rows == 0) {
        shown = medium_of(InputKind::questions).shown(row.input);
        path = path_of(row.input);
      }
      const std::vector<std::string> given = answers_in(row.answer, options.label_separator, row.input.where);
      for (const std::string& answer : std::set(given.begin(), given.end())) {
        ++own.questions[answer];
        if (!counts[0].questions.contains(answer))
          own.unknown.add(fmt::format("{}, {}", row.input.where, quote(answer)));
      }
      SurveyedRow surveyed{.text = row.input.cells[1], .pair = shown, .answer = row.answer, .where = row.input.where};
      if (encoder) surveyed.tokens = encoder->encode_whole(row.input.cells[1], {});
      take(surveyed);
    }
    std::vector<std::string> lines;
    warn(lines, split.name, own.unknown,
         options.label_separator.empty() ? "answers that the training data does not have (an error in training)"
                                         : "answers that the training data does not have (they count as wrong)");
    return lines;
  };
  DataReport report = report_of_rows(splits, encoder, "which will be cut", read, "questions");
  report.text += "\n";
  for (size_t i = 0; i < splits.size(); ++i) report.text += counts_text(splits[i].name, counts[i]);
  const std::vector<std::string> few = warnings_of_few(splits[0].name, counts[0].questions, "question");
  report.warnings.insert(report.warnings.end(), few.begin(), few.end());
  return report;
}

}  // namespace thaw
