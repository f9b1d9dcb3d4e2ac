// SPDX-License-Identifier: Apache-2.0
// Counts what people answered.
#include "models/tasks/vqa/answers.h"

#include <fmt/format.h>

#include <map>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

std::vector<std::string> answers_in(const std::string& cell, const std::string& separator, const std::string& where) {
  if (cell.empty()) fail("{}: the answer is empty", where);
  return separator.empty() ? std::vector{cell} : split_cell(cell, separator, where);
}

Truth AnswerReader::truth(const std::string& cell, const std::string& where) {
  const std::vector<std::string> given = answers_in(cell, separator, where);
  if (separator.empty()) return {{answers.id(cell, where), 1}};
  std::map<int32_t, int64_t> people;
  for (const std::string& answer : given) {
    if (answers.contains(answer)) {
      ++people[answers.id(answer, where)];
    } else if (unknown++ == 0) {
      first = fmt::format("{} ({})", quote(answer), where);
    }
  }
  rows_without += people.empty();
  Truth truth;
  for (const auto& [answer, count] : people) truth.push_back({answer, static_cast<float>(vqa_score(count))});
  return truth;
}

ClassificationTargets targets_of(std::span<const Truth* const> truths, int64_t answers) {
  ClassificationTargets targets;
  targets.values.resize(truths.size() * static_cast<size_t>(answers));
  for (size_t row = 0; row < truths.size(); ++row)
    for (const SoftAnswer& soft : *truths[row])
      targets.values[row * static_cast<size_t>(answers) + static_cast<size_t>(soft.answer)] = soft.truth;
  return targets;
}

float truth_of(const Truth& truth, int32_t answer) {
  const auto found = std::ranges::find(truth, answer, &SoftAnswer::answer);
  return found == truth.end() ? 0 : found->truth;
}

int32_t truest(const Truth& truth, int32_t said) {
  const auto best = std::ranges::max_element(truth, {}, &SoftAnswer::truth);
  if (best == truth.end()) return -1;
  return truth_of(truth, said) == best->truth ? said : best->answer;
}

std::string truth_text(const Truth& truth, const std::vector<std::string>& answers) {
  const auto name = [&](const SoftAnswer& soft) { return answers[static_cast<size_t>(soft.answer)]; };
  if (truth.size() == 1 && truth[0].truth == 1) return name(truth[0]);
  Truth sorted = truth;
  std::ranges::stable_sort(sorted, std::greater(), &SoftAnswer::truth);
  std::string text;
  for (const SoftAnswer& soft : sorted)
    text += fmt::format("{}{} ({:.1f})", text.empty() ? "" : "|", name(soft), soft.truth);
  return text;
}

}  // namespace thaw
