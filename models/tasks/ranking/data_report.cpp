// SPDX-License-Identifier: Apache-2.0
// Counts pairs, and finds rows again.
#include "models/tasks/ranking/data_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "models/tasks/medium.h"
#include "models/tasks/ranking/score_groups.h"
#include "models/tasks/ranking/scored_rows.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// What a model sees of a row, in bytes by which it is known again.
std::string shown_by(const InputRow& row, InputKind reads) {
  if (reads != InputKind::texts) return medium_of(reads).shown(row);
  std::string shown = row.cells[0];
  for (size_t cell = 1; cell < row.cells.size(); ++cell) shown += '\0' + row.cells[cell];
  return shown;
}

struct Split {
  DataSplit source;
  int64_t rows = 0;
  Occurrence empty, again, contradicted, without_partner;
  std::map<std::string, Occurrence> leaks = {};  // by the name of the earlier split
  std::string text = {};                         // a line of scores and pairs
};

// Rows of all splits, by what the model sees of them.
class ComparedRows {
 public:
  explicit ComparedRows(InputKind reads) : reads_(reads) {}

  // A row that is compared with others of a group, with a score in words.
  void add(const InputRow& row, const std::string& group, const std::string& score, Split& split) {
    const std::string shown = shown_by(row, reads_);
    const bool is_empty = reads_ == InputKind::texts && row.cells.back().find_first_not_of(" \t\r\n") == shown.npos;
    if (is_empty) return split.empty.add(row.where);
    const auto [first, is_first] = seen_.try_emplace(shown, Seen{split.source.name, row.where, {}});
    if (!is_first && first->second.split != split.source.name)
      split.leaks[first->second.split].add(both(row, first->second.where));
    const auto [there, is_new] =
        seen_.try_emplace(fmt::format("{}\n{}\n{}", split.source.name, group, shown), Seen{"", row.where, score});
    if (is_new) return;
    if (there->second.score == score) return split.again.add(both(row, there->second.where));
    split.contradicted.add(
        fmt::format("{}: {}, then {}", both(row, there->second.where), quote(there->second.score), quote(score)));
  }

 private:
  struct Seen {
    std::string split, where, score;
  };
  static std::string both(const InputRow& row, const std::string& earlier) {
    return fmt::format("{} repeats {}", row.where, earlier);
  }

  InputKind reads_;
  std::unordered_map<std::string, Seen> seen_;
};

SurveyedRow surveyed(const InputRow& row) {
  SurveyedRow surveyed{.text = row.cells[0], .pair = {}, .answer = {}, .where = row.where};
  if (row.cells.size() > 1) surveyed.pair = row.cells[1];
  return surveyed;
}

void read_scores(const RankingOptions& options, ComparedRows& seen, TextSurvey* tokens, Split& split) {
  std::vector<double> scores;
  std::vector<int32_t> groups;
  std::vector<std::string> where;
  std::unordered_map<std::string, int32_t> numbers;
  ScoredRows rows(split.source.file, options);
  for (ScoredRow row; rows.next(row);) {
    seen.add(row.input, row.group, fmt::format("{}", row.score), split);
    if (tokens) tokens->add(surveyed(row.input));
    scores.push_back(row.score);
    groups.push_back(numbers.try_emplace(row.group, static_cast<int32_t>(numbers.size())).first->second);
    where.push_back(row.input.where);
  }
  split.rows = std::ssize(scores);
  if (scores.empty()) return;
  const ScoreGroups all(scores, groups);
  int64_t ends = 0;  // of pairs: two of each
  for (int64_t row = 0; row < split.rows; ++row) {
    ends += all.partners(row);
    if (all.partners(row) == 0) split.without_partner.add(where[static_cast<size_t>(row)]);
  }
  split.text = fmt::format("{}, {} of different scores, scores from {:.4g} to {:.4g}",
                           counted(static_cast<int64_t>(numbers.size()), "group"), counted(ends / 2, "pair"),
                           std::ranges::min(scores), std::ranges::max(scores));
}

void read_preferences(const RankingOptions& options, ComparedRows& seen, TextSurvey* tokens, Split& split) {
  PreferredRows rows(split.source.file, options);
  for (PreferredRow row; rows.next(row); ++split.rows) {
    const std::string group = fmt::format("{}", split.rows);  // each pair is one
    seen.add(row.better, group, "better", split);
    seen.add(row.worse, group, "worse", split);
    if (!tokens) continue;
    tokens->add(surveyed(row.better));
    tokens->add(surveyed(row.worse));
  }
  split.text = counted(split.rows, "pair");
}

}  // namespace

DataReport report_ranked_rows(const std::vector<DataSplit>& splits, const RankingOptions& options,
                              const TextEncoder* encoder) {
  ComparedRows seen(options.reads);
  TextSurvey tokens(encoder);
  std::vector<Split> read;
  for (const DataSplit& source : splits) {
    Split& split = read.emplace_back(Split{.source = source});
    tokens.begin(source);
    (options.has_preferences() ? read_preferences : read_scores)(options, seen, encoder ? &tokens : nullptr, split);
    if (split.rows == 0) fail("{}: has no rows below its header", source.file);
  }
  DataReport report;
  for (const Split& split : read)
    fmt::format_to(std::back_inserter(report.text), "{:<12} {:>8} rows  {}\n", split.source.name, split.rows,
                   split.source.file);
  report.text += "\n";
  for (const Split& split : read)
    fmt::format_to(std::back_inserter(report.text), "{:<12} {}\n", split.source.name, split.text);
  report.text += tokens.lengths_text();
  for (size_t i = 0; i < read.size(); ++i) {
    const Split& split = read[i];
    const std::string& name = split.source.name;
    std::vector<std::string>& lines = report.warnings;
    warn(lines, name, split.empty, "empty texts");
    if (split.without_partner.count == split.rows)
      lines.push_back(
          fmt::format("{}: no two rows of a group have different scores: there is nothing to compare "
                      "(an error in training)",
                      name));
    warn(lines, name, split.without_partner, "rows that no other of their group has another score than");
    warn(lines, name, split.again, "rows that are in their group twice");
    warn(lines, name, split.contradicted, "rows that are in their group with another score");
    for (const auto& [other, leak] : split.leaks)
      warn(lines, name, leak, fmt::format("rows that {} has too (its score would flatter)", other));
    if (encoder)
      for (const std::string& line : tokens.token_warnings(i)) lines.push_back(line);
  }
  return report;
}

}  // namespace thaw
