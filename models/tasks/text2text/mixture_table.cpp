// SPDX-License-Identifier: Apache-2.0
// Reads the table, cell by cell.
#include "models/tasks/text2text/mixture_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <string_view>

#include "models/data/table.h"
#include "models/tasks/text2text/comma_list.h"
#include "models/tasks/text2text/evaluation.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

const std::vector<std::string> needed{"name", "prefix", "file"};
const std::vector<std::string> known{"name",          "prefix",        "file",   "validation_file",
                                     "source_column", "target_column", "metric", "weight"};

void check_columns(const std::string& file, const std::vector<std::string>& columns) {
  for (const std::string& column : columns)
    if (std::ranges::find(known, column) == known.end())
      fail("{}:1: a column {}; there may be: {}", file, quote(column), listed(known));
  for (const std::string& column : needed)
    if (std::ranges::find(columns, column) == columns.end()) fail("{}:1: has no column {}", file, quote(column));
}

void check_name(const std::string& name, const std::string& where) {
  constexpr std::string_view others = "-_.";
  const auto is_plain = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  };
  if (name.empty() || !std::ranges::all_of(name, is_plain))
    fail("{}: the name {}: letters, digits and {} make one", where, quote(name), others);
}

std::string path_of(const std::string& cell, const std::string& table, const std::string& where) {
  const std::string path = (std::filesystem::path(table).parent_path() / cell).string();
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) fail("{}: {}: there is no such file", where, path);
  return path;
}

double weight_of(const std::string& cell, const std::string& where) {
  double weight = 0;
  const auto [stop, error] = std::from_chars(cell.data(), cell.data() + cell.size(), weight);
  if (error != std::errc() || stop != cell.data() + cell.size() || !(weight > 0) || !std::isfinite(weight))
    fail("{}: the weight {} is no number above 0", where, quote(cell));
  return weight;
}

std::vector<std::string> metrics_of(const std::string& cell, const std::string& where) {
  const std::vector<std::string> all = text2text_metric_names(false);
  std::vector<std::string> metrics = comma_list(cell);
  for (const std::string& metric : metrics)
    if (std::ranges::find(all, metric) == all.end() || metric == "loss")
      fail("{}: {} is no metric of texts; there are: {}", where, quote(metric), listed(all));
  return metrics;
}

}  // namespace

std::vector<MixtureTask> read_mixture_table(const std::string& file) {
  TableReader rows(file);
  const std::vector<std::string>& columns = rows.columns();
  check_columns(file, columns);
  std::vector<MixtureTask> tasks;
  for (TableRow row; rows.next(row);) {
    MixtureTask& task = tasks.emplace_back();
    task.where = rows.where(row);
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::string& column = columns[i];
      const std::string& cell = row.cells[i];
      if (column == "name") task.name = cell;
      if (column == "prefix") task.prefix = cell;
      if (column == "file") task.file = path_of(cell, file, task.where);
      if (cell.empty()) continue;
      if (column == "validation_file") task.validation_file = path_of(cell, file, task.where);
      if (column == "source_column") task.source_column = cell;
      if (column == "target_column") task.target_column = cell;
      if (column == "metric") task.metrics = metrics_of(cell, task.where);
      if (column == "weight") task.weight = weight_of(cell, task.where);
    }
    check_name(task.name, task.where);
    const auto first = std::ranges::find(tasks, task.name, &MixtureTask::name);
    if (first != tasks.end() - 1)
      fail("{}: the name {} is that of {}, too", task.where, quote(task.name), first->where);
    if (!task.metrics.empty() && task.validation_file.empty())
      fail("{}: a metric without a validation_file to count it on", task.where);
    if ((task.weight > 0) != (tasks[0].weight > 0))
      fail("{}: has {} weight, the first task has {}", task.where, task.weight > 0 ? "a" : "no",
           task.weight > 0 ? "none" : "one");
  }
  if (tasks.empty()) fail("{}: has no rows below its header", file);
  return tasks;
}

Text2TextOptions options_of(const MixtureTask& task, Text2TextOptions options) {
  options.source_prefix = task.prefix;
  if (!task.source_column.empty()) options.source_column = task.source_column;
  if (!task.target_column.empty()) options.target_column = task.target_column;
  return options;
}

std::vector<std::string> mixture_metric_names(const std::vector<MixtureTask>& tasks) {
  std::vector<std::string> names{"loss"};
  for (const MixtureTask& task : tasks) {
    if (task.validation_file.empty()) continue;
    names.push_back("loss/" + task.name);
    for (const std::string& metric : task.metrics) names.push_back(metric + "/" + task.name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace thaw
