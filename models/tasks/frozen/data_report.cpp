// SPDX-License-Identifier: Apache-2.0
// Counts sequences and answers.
#include "models/tasks/frozen/data_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "models/tasks/frozen/longer_sequences.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

using Counts = std::map<int32_t, int64_t>;  // of answers

int32_t most_frequent(const Counts& counts) {
  return std::ranges::max_element(counts, {}, [](const auto& count) { return count.second; })->first;
}

// What answers are likeliest where nothing else is known, or the first id.
struct Guesser {
  Counts all;
  std::map<int32_t, Counts> by_first;

  explicit Guesser(const std::vector<LabelledSequence>& train) {
    for (const LabelledSequence& sequence : train)
      for (const int32_t answer : sequence.answers) {
        ++all[answer];
        if (!sequence.ids.empty()) ++by_first[sequence.ids[0]][answer];
      }
  }
  double share_right(const std::vector<LabelledSequence>& sequences, bool by_first_id) const {
    int64_t right = 0, count = 0;
    const int32_t usual = most_frequent(all);
    for (const LabelledSequence& sequence : sequences) {
      int32_t guess = usual;
      if (by_first_id)
        if (const auto found = by_first.find(sequence.ids[0]); found != by_first.end())
          guess = most_frequent(found->second);
      right += std::ranges::count(sequence.answers, guess);
      count += std::ssize(sequence.answers);
    }
    return static_cast<double>(right) / static_cast<double>(std::max<int64_t>(count, 1));
  }
};

std::string key_of(const LabelledSequence& sequence) {
  const auto bytes = [](const auto& values) {
    return std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
  };
  return std::string(bytes(sequence.ids)) + std::string(bytes(sequence.numbers));
}

std::string line_of(const std::string& name, const std::vector<LabelledSequence>& sequences,
                    const SequenceFormat& format) {
  check(!sequences.empty(), "{}: has no sequences", name);
  int64_t rows = 0, shortest = INT64_MAX, longest = 0;
  for (const LabelledSequence& sequence : sequences) {
    const int64_t length = rows_of(sequence, format);
    rows += length;
    shortest = std::min(shortest, length);
    longest = std::max(longest, length);
  }
  return fmt::format("{}: {} of {} to {} rows ({:.1f} on average)\n", name, counted(std::ssize(sequences), "sequence"),
                     shortest, longest, static_cast<double>(rows) / static_cast<double>(sequences.size()));
}

std::string row_text(const SequenceFormat& format, const std::vector<LabelledSequence>& train) {
  if (!format.ids) return counted(format.inputs, "number");
  std::set<int32_t> ids;
  for (const LabelledSequence& sequence : train) ids.insert(sequence.ids.begin(), sequence.ids.end());
  return fmt::format("an id from 0 to {} ({} of them in use)", format.inputs - 1, ids.size());
}

// What learns from such answers says them always.
std::string warning_of_answers(const std::string& name, const Counts& answers) {
  if (answers.size() != 1) return "";
  return fmt::format("{}: all answers are {}: there is nothing to learn", name, answers.begin()->first);
}

// Sequences that were there before: in which split first, and in which again.
class Repetitions {
 public:
  void add(const LabelledSequence& sequence, size_t split) {
    const auto [first, is_new] = seen_.try_emplace(key_of(sequence), Place{split, &sequence});
    if (is_new) return;
    Count& count = counts_[{first->second.split, split}];
    ++count.all;
    count.other_answers += first->second.sequence->answers != sequence.answers;
  }
  std::vector<std::string> warnings(const std::vector<std::string>& names) const {
    std::vector<std::string> lines;
    for (const auto& [where, count] : counts_) {
      const auto& [first, again] = where;
      lines.push_back(fmt::format("{}: {} {}", names[again], counted(count.all, "sequence"),
                                  first == again ? "there before" : fmt::format("of {}, too", names[first])));
      if (count.other_answers > 0)
        lines.back() += fmt::format(" ({} with {})", count.other_answers,
                                    count.other_answers == 1 ? "another answer" : "other answers");
    }
    return lines;
  }

 private:
  struct Place {
    size_t split;
    const LabelledSequence* sequence;
  };
  struct Count {
    int64_t all = 0, other_answers = 0;
  };
  std::unordered_map<std::string, Place> seen_;
  std::map<std::pair<size_t, size_t>, Count> counts_;
};

}  // namespace

DataReport report_of_sequences(const SequenceFormat& format,
                               const std::vector<std::pair<std::string, std::vector<LabelledSequence>>>& splits) {
  DataReport report;
  Repetitions repetitions;
  std::vector<std::string> names;
  for (const auto& [name, sequences] : splits) {
    report.text += line_of(name, sequences, format);
    for (const LabelledSequence& sequence : sequences) repetitions.add(sequence, names.size());
    names.push_back(name);
  }
  report.warnings = repetitions.warnings(names);
  for (size_t i = 1; i < splits.size(); ++i) {
    LongerSequences longer(format.longest);
    for (const LabelledSequence& sequence : splits[i].second) longer.add(rows_of(sequence, format));
    if (const std::string line = longer.to_text(); !line.empty())
      report.warnings.push_back(fmt::format("{}: {}", names[i], line));
  }
  const Guesser guesser(splits.front().second);
  report.text += fmt::format("{} a row, {} in the last {}, each from 0 to {} ({} of them in use)\n",
                             row_text(format, splits.front().second), counted(format.answers * format.read, "answer"),
                             format.read == 1 ? "one" : fmt::format("{} rows", format.read), format.classes - 1,
                             guesser.all.size());
  if (std::string line = warning_of_answers(names[0], guesser.all); !line.empty())
    report.warnings.push_back(std::move(line));
  const auto& [judged, sequences] = splits.back();
  report.text += fmt::format("of {}, always the most frequent answer: {:.4f} right\n", judged,
                             guesser.share_right(sequences, false));
  if (format.ids && format.read * format.answers == 1)
    report.text +=
        fmt::format("of {}, by the first id alone: {:.4f} right\n", judged, guesser.share_right(sequences, true));
  if (report.text.ends_with('\n')) report.text.pop_back();
  return report;
}

}  // namespace thaw
