// SPDX-License-Identifier: Apache-2.0
// Reads the table, cell by cell.
#include "models/tasks/text2text/mixture_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <string_view>
#include <system_error>

#include "models/data/table.h"
#include "models/tasks/text2text/comma_list.h"
#include "models/tasks/text2text/evaluation.h"
#include "models/tasks/text2text/label_words.h"
#include "models/tasks/text2text/source_rows.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

const std::vector<std::string> needed{"name", "prefix", "file"};
const std::vector<std::string> known{"name",          "prefix", "file",        "validation_file", "source_column",
                                     "target_column", "metric", "label_words", "weight"};

// Lists stand for what cells have between commas.
TableReading reading() {
  TableReading reading;
  reading.list_separator = ",";
  reading.text_columns = {"name", "prefix", "file", "validation_file", "source_column"};
  reading.number_columns = {"weight"};
  reading.same_keys = true;
  return reading;
}

// In quotes: they are names of the table, not of options.
std::string known_columns() {
  std::string list;
  for (const std::string& column : known) list += (list.empty() ? "" : ", ") + quote(column);
  return list;
}

void check_columns(const std::string& file, const std::vector<std::string>& columns) {
  for (const std::string& column : columns)
    if (std::ranges::find(known, column) == known.end())
      fail("{}:1: a column {}; there may be: {}", file, quote(column), known_columns());
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
  if (cell.empty()) fail("{}: has no \"file\" to learn from", where);
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
  std::vector<std::string> all = text2text_metric_names(true);
  std::erase(all, "loss");  // each task has it
  std::vector<std::string> metrics = comma_list(cell);
  for (const std::string& metric : metrics) {
    if (std::ranges::find(all, metric) == all.end())
      fail("{}: {} is no metric of texts; there are: {}", where, quote(metric), listed(all));
    if (std::ranges::count(metrics, metric) > 1) fail("{}: the metric {} is there twice", where, quote(metric));
  }
  return metrics;
}

std::vector<std::string> labels_in(const std::string& cell, const std::string& where) {
  std::vector<std::string> words = comma_list(cell);
  if (const std::string fault = label_words_fault(words); !fault.empty())
    fail("{}: \"label_words\": {} has {}", where, quote(cell), fault);
  return words;
}

bool learn_the_same(const MixtureTask& a, const MixtureTask& b) {
  std::error_code error;
  return a.prefix == b.prefix && a.source_column == b.source_column &&
         comma_list(a.target_column)[0] == comma_list(b.target_column)[0] &&
         std::filesystem::equivalent(a.file, b.file, error);
}

// What a row says beside what was said before.
void check_row(const std::vector<MixtureTask>& tasks) {
  const MixtureTask& task = tasks.back();
  check_name(task.name, task.where);
  const FieldNames columns([](std::string_view column) { return quote(column); });
  if (const std::string fault = column_fault(options_of(task, {}), columns); !fault.empty())
    fail("{}: {}", task.where, fault);
  for (size_t i = 0; i + 1 < tasks.size(); ++i) {
    if (tasks[i].name == task.name)
      fail("{}: the name {} is that of {}, too", task.where, quote(task.name), tasks[i].where);
    if (learn_the_same(tasks[i], task))
      fail(
          "{}: learns what {} learns: the same columns of the same file behind the same prefix (a weight says how "
          "often)",
          task.where, tasks[i].where);
  }
  if (!task.metrics.empty() && task.validation_file.empty())
    fail("{}: a metric without a \"validation_file\" to count it on", task.where);
  if (!task.label_words.empty() && !task.counts_labels())
    fail("{}: \"label_words\" without a metric that counts them: accuracy, no_label_error", task.where);
  if ((task.weight > 0) != (tasks[0].weight > 0))
    fail("{}: has {} weight, the first task has {}", task.where, task.weight > 0 ? "a" : "no",
         task.weight > 0 ? "none" : "one");
}

}  // namespace

bool MixtureTask::counts_labels() const {
  return std::ranges::any_of(metrics,
                             [](const auto& metric) { return metric == "accuracy" || metric == "no_label_error"; });
}

std::vector<MixtureTask> read_mixture_table(const std::string& file, const Text2TextOptions& others) {
  TableReader rows(file, reading());
  const std::vector<std::string>& columns = rows.columns();
  check_columns(file, columns);
  std::vector<MixtureTask> tasks;
  for (TableRow row; rows.next(row);) {
    MixtureTask& task = tasks.emplace_back();
    task.where = rows.where(row);
    task.source_column = others.source_column;
    task.target_column = others.target_column;
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
      if (column == "label_words") task.label_words = labels_in(cell, task.where);
      if (column == "weight") task.weight = weight_of(cell, task.where);
    }
    check_row(tasks);
  }
  if (tasks.empty()) fail("{}: has no rows below its header", file);
  return tasks;
}

std::vector<std::string> shared_prefixes(const std::vector<MixtureTask>& tasks) {
  std::map<std::string, std::vector<const MixtureTask*>> of_prefix;
  for (const MixtureTask& task : tasks) of_prefix[task.prefix].push_back(&task);
  std::vector<std::string> lines;
  for (const auto& [prefix, alike] : of_prefix) {
    if (alike.size() == 1) continue;
    std::vector<std::string> names;
    for (const MixtureTask* task : alike) names.push_back(task->name);
    lines.push_back(fmt::format("{}: the prefix {} is that of {}: by their sources alone the model tells them apart",
                                alike[1]->where, quote(prefix), listed(names)));
  }
  return lines;
}

Text2TextOptions options_of(const MixtureTask& task, Text2TextOptions options) {
  options.source_prefix = task.prefix;
  options.source_column = task.source_column;
  options.target_column = task.target_column;
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
