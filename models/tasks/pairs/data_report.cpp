// SPDX-License-Identifier: Apache-2.0
// Finds what is there twice: pairs, pictures or sounds, texts.
#include "models/tasks/pairs/data_report.h"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "models/tasks/medium.h"
#include "models/tasks/pairs/filed_pairs.h"
#include "models/tasks/text_survey.h"

namespace thaw {
namespace {

// Things of one kind over all splits, and those that are there again.
class Repetitions {
 public:
  explicit Repetitions(std::string_view things) : things_(things) {}

  void begin(const DataSplit& split) { splits_.push_back({split.name, {}, {}}); }
  void add(const std::string& thing, const std::string& where) {
    const size_t number = splits_.size() - 1;
    const auto [found, is_new] = seen_.try_emplace(thing, Place{number, where});
    if (is_new) return;
    const std::string both = fmt::format("{} repeats {}", where, found->second.where);
    const size_t earlier = found->second.split;
    (earlier == number ? splits_[number].again : splits_[number].leaks[splits_[earlier].name]).add(both);
  }
  void warn_of(size_t split, std::vector<std::string>& lines) const {
    const Split& of = splits_[split];
    warn(lines, of.name, of.again, fmt::format("{} that are there again", things_));
    for (const auto& [other, leak] : of.leaks)
      warn(lines, of.name, leak, fmt::format("{} that {} has too (its score would flatter)", things_, other));
  }

 private:
  struct Split {
    std::string name;
    Occurrence again;
    std::map<std::string, Occurrence> leaks;  // by the earlier split's name
  };
  struct Place {
    size_t split;
    std::string where;
  };
  std::string_view things_;
  std::vector<Split> splits_;
  std::unordered_map<std::string, Place> seen_;
};

}  // namespace

DataReport report_pairs(const std::vector<DataSplit>& splits, const PairOptions& options, const TextEncoder* encoder) {
  TextSurvey tokens(encoder);
  Repetitions pairs("pairs"), files(name_of(options.files)), texts("texts");
  std::vector<Occurrence> empty(splits.size());
  for (size_t i = 0; i < splits.size(); ++i) {
    tokens.begin(splits[i]);
    for (Repetitions* one : {&pairs, &files, &texts}) one->begin(splits[i]);
    FiledPairs rows(splits[i].file, options);
    for (FiledPair row; rows.next(row);) {
      const std::string shown = medium_of(options.files).shown(row.file);
      const std::string &text = row.text.cells[0], &where = row.text.where;
      if (text.empty()) empty[i].add(where);
      pairs.add(shown + text, where);
      files.add(shown, where);
      texts.add(text, where);
      tokens.add({text, {}, {}, where});
    }
    tokens.end();
  }
  DataReport report{tokens.rows_text() + tokens.lengths_text(), {}};
  for (size_t i = 0; i < splits.size(); ++i) {
    warn(report.warnings, splits[i].name, empty[i], "empty texts");
    for (const Repetitions* one : {&pairs, &files, &texts}) one->warn_of(i, report.warnings);
    if (encoder)
      for (const std::string& line : tokens.token_warnings(i)) report.warnings.push_back(line);
  }
  return report;
}

}  // namespace thaw
