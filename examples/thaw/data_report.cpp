// SPDX-License-Identifier: Apache-2.0
// Counts what is in a data set and what is odd about it.
#include "examples/thaw/data_report.h"

#include "models/data/look_alikes.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

DataReport::DataReport(const Problem& problem, const DataArguments& arguments, const Tokenizer* tokenizer,
                       int64_t max_length)
    : problem_(problem), arguments_(arguments), tokenizer_(tokenizer), max_length_(max_length) {}

void DataReport::add(const std::string& name, const std::string& file) {
  SplitReport split;
  split.name = name;
  split.file = file;
  LabelledRows rows(file, arguments_);
  LabelledRow row;
  for (; rows.next(row); ++split.rows) {
    const std::string where = rows.where();
    const bool empty = row.text.find_first_not_of(" \t\r\n") == std::string::npos;
    if (empty) split.empty.add(where);
    count_label(row, where, split);
    if (tokenizer_) count_tokens(row, where, split);
    if (!empty) compare(row, where, split);
  }
  if (split.rows == 0) fail("{}: has no rows below its header", file);
  splits_.push_back(std::move(split));
}

void DataReport::count_label(const LabelledRow& row, const std::string& where, SplitReport& split) const {
  if (problem_.type == ProblemType::regression) {
    split.values.push_back(problem_.number_of(row.label, where));
    return;
  }
  const std::vector<std::string> labels = problem_.labels_of(row.label, where);
  if (labels.empty()) split.without_label.add(where);
  for (const std::string& label : labels) {
    ++split.labels[label];
    if (problem_.labels.contains(label)) continue;
    const std::string twin = split.unknown_label.count == 0 ? look_alike_among(label, problem_.labels.names()) : "";
    split.unknown_label.add(fmt::format("{}, {}{}", where, quote(label), twin.empty() ? "" : " (" + twin + ")"));
  }
}

void DataReport::count_tokens(const LabelledRow& row, const std::string& where, SplitReport& split) const {
  const Encoding encoding = row.pair ? tokenizer_->encode_pair(row.text, *row.pair) : tokenizer_->encode(row.text);
  const auto length = static_cast<int64_t>(encoding.size());
  split.lengths.push_back(length);
  split.tokens += length;
  if (length == 0) split.no_tokens.add(where);
  if (length > max_length_) split.too_long.add(fmt::format("{}, {} tokens", where, length));
  int64_t unknown = 0;
  for (const int32_t id : encoding.ids) unknown += id == tokenizer_->special().unknown;
  split.unknown_tokens += unknown;
  if (unknown > 0) split.unknown.add(where);
}

// The same text again: a duplicate within a split, a leak between splits, and a conflict if the labels differ.
void DataReport::compare(const LabelledRow& row, const std::string& where, SplitReport& split) {
  const auto [found, is_new] =
      seen_.try_emplace(row.text + '\0' + row.pair.value_or(""), Seen{splits_.size(), where, row.label});
  if (is_new) return;
  const Seen& earlier = found->second;
  const std::string both = fmt::format("{} repeats {}", where, earlier.where);
  if (earlier.split == splits_.size()) {
    split.duplicate.add(both);
  } else {
    split.leaks[splits_[earlier.split].name].add(both);
  }
  if (earlier.label != row.label)
    split.conflicting.add(fmt::format("{}: {}, then {}", both, quote(earlier.label), quote(row.label)));
}

}  // namespace thaw
