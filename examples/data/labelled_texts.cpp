// SPDX-License-Identifier: Apache-2.0
// Labelled texts and samples of them.
#include "examples/data/labelled_texts.h"

#include <algorithm>
#include <map>

#include "examples/data/draw.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

LabelledTexts labelled_texts(const Table& table, const std::filesystem::path& file, const std::string& text_column,
                             const std::string& label_column) {
  const auto text = table.column(text_column, file), label = table.column(label_column, file);
  LabelledTexts result;
  for (const auto& row : table.rows) {
    result.texts.push_back(row[text]);
    result.labels.push_back(row[label]);
  }
  return result;
}

std::vector<size_t> sample_per_class(const std::vector<std::string>& labels, int per_class, uint64_t seed) {
  const auto wanted = static_cast<size_t>(per_class);
  std::map<std::string, std::vector<size_t>> rows_of;
  for (size_t i = 0; i < labels.size(); ++i) rows_of[labels[i]].push_back(i);
  Draw draw(seed);
  std::vector<size_t> chosen;
  for (auto& [label, rows] : rows_of) {
    if (rows.size() < wanted) fail("the label {} has {} rows, fewer than {}", quote(label), rows.size(), per_class);
    draw.shuffle(rows);
    chosen.insert(chosen.end(), rows.begin(), rows.begin() + per_class);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::string majority_label(const std::vector<std::string>& labels) {
  std::map<std::string, int> counts;
  for (const auto& label : labels) ++counts[label];
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  check(most != counts.end(), "majority_label: no labels");
  return most->first;
}

double share_of(const std::vector<std::string>& labels, const std::string& label) {
  return static_cast<double>(std::count(labels.begin(), labels.end(), label)) / static_cast<double>(labels.size());
}

}  // namespace thaw
