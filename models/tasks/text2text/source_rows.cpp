// SPDX-License-Identifier: Apache-2.0
// Reads sources and targets.
#include "models/tasks/text2text/source_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "models/tasks/text2text/comma_list.h"
#include "models/tasks/text2text/label_words.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

TableReading reading(const Text2TextOptions& o) {
  TableReading reading;
  reading.columns = comma_list(o.target_column);
  reading.columns.insert(reading.columns.begin(), o.source_column);
  reading.text_columns = reading.columns;
  return reading;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

}  // namespace

std::vector<std::string> find_label_words(const std::string& file, const Text2TextOptions& options) {
  LabelWordSearch search;
  SourceRows rows(file, options);
  for (SourceRow row; rows.next(row);) search.add(row.references[0]);
  return search.words();
}

std::string column_fault(const Text2TextOptions& options, const FieldNames& called) {
  const std::vector<std::string> targets = comma_list(options.target_column);
  const std::string own = called("target_column");
  for (const std::string& target : targets) {
    if (target.empty()) return fmt::format("{}: {} has an empty name", own, quote(options.target_column));
    if (target == options.source_column)
      return fmt::format("{}, {}: {} is in both", called("source_column"), own, quote(target));
    if (std::ranges::count(targets, target) > 1) return fmt::format("{}: {} is there twice", own, quote(target));
  }
  return {};
}

std::string prefix_fault(const TextEncoder& encoder, const std::string& prefix) {
  if (prefix.empty()) return {};
  size_t tokens = 0;
  try {
    encoder.encode(prefix);
    tokens = encoder.encode_whole(prefix, {}).size();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  if (static_cast<int64_t>(tokens) < encoder.max_length()) return {};
  return fmt::format("its {} leave no room for a source within max_length, {}", counted(tokens, "token"),
                     encoder.max_length());
}

void check_source_prefix(const TextEncoder& encoder, const std::string& prefix) {
  const std::string fault = prefix_fault(encoder, prefix);
  check(fault.empty(), "source_prefix: {}", fault);
}

SourceRows::SourceRows(const std::string& file, const Text2TextOptions& o)
    : prefix_(o.source_prefix), targets_(comma_list(o.target_column)), reader_(file, reading(o)) {}

bool SourceRows::next(SourceRow& row) {
  if (!reader_.next(row_)) return false;
  if (is_blank(row_.cells[1])) fail("{}: {} is empty: there is nothing to write", where(), quote(targets_[0]));
  row.source = prefix_ + row_.cells[0];
  row.references = {std::move(row_.cells[1])};
  for (size_t i = 2; i < row_.cells.size(); ++i)
    if (!is_blank(row_.cells[i])) row.references.push_back(std::move(row_.cells[i]));
  return true;
}

}  // namespace thaw
