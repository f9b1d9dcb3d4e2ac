// SPDX-License-Identifier: Apache-2.0
// Gives each model its rows as a file of their own.
#include "examples/thaw/routed_predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "examples/standard_streams.h"
#include "models/data/file_extension.h"
#include "models/data/json_rows.h"
#include "models/data/table.h"
#include "models/data/tagged_words.h"
#include "models/tasks/prediction_rows.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// The rows of one model, as JSONL: each in the line that it has in the file, so that errors name that.
class OwnRows {
 public:
  void add(int64_t line, const std::string& json) {
    for (; line_ < line; ++line_) text_ += '\n';
    text_ += json + "\n";
    ++line_;
  }
  bool empty() const { return text_.empty(); }
  // Once all are added.
  void open(TaskModel& model, const PredictionRequest& request) { open(model, request, TableFormat::jsonl); }
  // JSONL without a row has no columns: a table of these.
  void open_without_rows(TaskModel& model, const PredictionRequest& request, const std::vector<std::string>& columns) {
    for (const std::string& column : columns) {
      text_ += text_.empty() ? "\"" : ",\"";
      for (const char c : column) text_ += c == '"' ? "\"\"" : std::string(1, c);
      text_ += '"';
    }
    text_ += '\n';
    open(model, request, TableFormat::csv);
  }
  Predictor& predictor() const { return *predictor_; }

 private:
  void open(TaskModel& model, PredictionRequest request, TableFormat format) {
    stream_ = std::make_unique<std::istringstream>(std::move(text_));
    request.stream_name = request.stream ? request.stream_name : request.file;
    request.stream = stream_.get();
    request.format = format;
    predictor_ = model.predictor(request);
  }

  std::string text_;
  int64_t line_ = 1;
  std::unique_ptr<std::istringstream> stream_;
  std::unique_ptr<Predictor> predictor_;
};

std::string name_of_rows(const PredictionRequest& request) {
  return request.stream ? request.stream_name : request.file;
}

// Of files in which a row has no columns that could name an adapter.
TableFormat format_with_columns(const Task& task, const PredictionRequest& request) {
  const std::string name = name_of_rows(request);
  if (task.name() == "tokens" && request.format != TableFormat::jsonl &&
      (request.format || request.stream || tagged_format(request.file, "") != TaggedFormat::jsonl))
    fail("{}: a word a line, or a text, has no column with an adapter's name: words are expected as jsonl", name);
  const TableFormat format = request.format   ? *request.format
                             : request.stream ? TableFormat::lines
                                              : table_format(request.file, "--format");
  if (format == TableFormat::lines)
    fail("{}: a text a line has no column with an adapter's name: tsv, csv or jsonl is expected", name);
  if (task.name() == "qa" && !request.format && !request.stream && content_extension(request.file) == ".json")
    fail("{}: SQuAD's form has no column with an adapter's name: .jsonl is expected, or --format jsonl", name);
  return format;
}

// Calls f(line, where, adapter, json) for each row. Returns the columns of a table. Rows of jsonl stay as they are,
// lists and all; but questions without an id, which are known by their numbers, get those of the whole file.
template <typename F>
std::vector<std::string> for_each_row(const PredictionRequest& request, const Task& task, TableFormat format,
                                      const std::string& column, F f) {
  if (format == TableFormat::jsonl) {
    JsonRows rows(request.stream ? LineReader(*request.stream, request.stream_name) : LineReader(request.file));
    int64_t number = 0;
    for (Json row; rows.next(row);) {
      const Json* value = row.find(column);
      const std::string name = value && value->is_integer() ? value->dump() : text_member(row, column);
      const bool needs_id = ++number > 0 && task.name() == "qa" && !row.find("id");
      if (needs_id) row.set("id", number);
      f(rows.number(), rows.where(), name, needs_id ? row.dump() : rows.text());
    }
    return {};
  }
  TableReader reader = open_rows(request, {}, {});
  const std::vector<std::string>& columns = reader.columns();
  const auto at = std::ranges::find(columns, column);
  if (at == columns.end())
    fail("{}: there is no column {}, but {}", name_of_rows(request), quote(column), listed(columns));
  for (TableRow row; reader.next(row);) {
    Json json = Json::object();
    for (size_t i = 0; i < columns.size(); ++i) json.set(columns[i], row.cells[i]);
    f(row.line, reader.where(row), row.cells[static_cast<size_t>(at - columns.begin())], json.dump());
  }
  return columns;
}

}  // namespace

void print_routed_predictions(const std::vector<RoutedModel>& models, const std::string& column,
                              const PredictionRequest& request, int64_t rows) {
  std::vector<OwnRows> own(models.size());
  std::vector<size_t> route;  // by row
  std::vector<std::string> names;
  for (const RoutedModel& one : models) names.push_back(one.name);
  const TableFormat format = format_with_columns(*models.front().task, request);
  const std::vector<std::string> columns = for_each_row(
      request, *models.front().task, format, column,
      [&](int64_t line, const std::string& where, const std::string& name, const std::string& json) {
        const auto found = std::ranges::find(names, name);
        if (found == names.end())
          fail("{}: {}: {} is no adapter's name; there are: {}", where, column, quote(name), listed(names));
        route.push_back(static_cast<size_t>(found - names.begin()));
        own[route.back()].add(line, json);
      });
  if (route.empty()) {
    if (format == TableFormat::jsonl) fail("{}: is empty", name_of_rows(request));
    own.front().open_without_rows(*models.front().model, request, columns);
    fmt::print("{}", own.front().predictor().header());
    return;
  }
  const std::string* header = nullptr;
  std::vector<std::string> headers;
  for (size_t i = 0; i < models.size(); ++i) {
    if (own[i].empty()) continue;
    own[i].open(*models[i].model, request);
    for (const std::string& line : own[i].predictor().warnings())
      fmt::print(stderr, "warning: {}: {}\n", models[i].name, line);
    headers.push_back(own[i].predictor().header());
    if (headers.back() != headers.front())
      fail("predictions of {} have other columns than those before: write them as JSON", models[i].name);
    header = &headers.front();
  }
  if (header) fmt::print("{}", *header);
  for (size_t begin = 0; begin < route.size();) {
    size_t end = begin + 1;
    while (end < route.size() && route[end] == route[begin] && std::cmp_less(end - begin, rows)) ++end;
    std::string lines;
    Predictor& predictor = own[route[begin]].predictor();
    predictor.next(static_cast<int64_t>(end - begin), lines);
    fmt::print("{}", lines);
    flush_standard_output();
    predictor.next(0, lines);  // throws of a row among them that was wrong
    begin = end;
  }
  for (size_t i = 0; i < models.size(); ++i)
    if (!own[i].empty())
      for (const std::string& line : own[i].predictor().notes())
        fmt::print(stderr, "note: {}: {}\n", models[i].name, line);
}

}  // namespace thaw
