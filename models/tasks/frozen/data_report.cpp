// SPDX-License-Identifier: Apache-2.0
// Counts sequences and answers.
#include "models/tasks/frozen/data_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>

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

}  // namespace

DataReport report_of_sequences(const SequenceFormat& format,
                               const std::vector<std::pair<std::string, std::vector<LabelledSequence>>>& splits) {
  DataReport report;
  std::unordered_map<std::string, size_t> seen;  // in which split first
  std::map<std::pair<size_t, size_t>, int64_t> twice;
  for (size_t i = 0; i < splits.size(); ++i) {
    report.text += line_of(splits[i].first, splits[i].second, format);
    for (const LabelledSequence& sequence : splits[i].second)
      if (const auto [place, is_new] = seen.try_emplace(key_of(sequence), i); !is_new) ++twice[{place->second, i}];
  }
  for (const auto& [where, count] : twice) {
    const std::string again = counted(count, "sequence");
    report.warnings.push_back(
        where.first == where.second
            ? fmt::format("{}: {} there before", splits[where.second].first, again)
            : fmt::format("{}: {} of {}, too", splits[where.second].first, again, splits[where.first].first));
  }
  report.text += fmt::format(
      "{} {} a row, {} in the last {}, one of {} each\n", format.inputs, format.ids ? "different ids, one" : "numbers",
      counted(format.answers * format.read, "answer"), counted(format.read, "row"), format.classes);
  const Guesser guesser(splits.front().second);
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
