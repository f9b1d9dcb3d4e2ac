// SPDX-License-Identifier: Apache-2.0
// Gives each model its rows as a file of their own.
#include "examples/thaw/routed_predictions.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "examples/standard_streams.h"
#include "models/data/table.h"
#include "models/tasks/prediction_rows.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// The rows of one model, as JSONL: each in the line that it has in the file, so that errors name that.
class OwnRows {
 public:
  void add(const TableRow& row, const std::vector<std::string>& columns) {
    for (; line_ < row.line; ++line_) text_ += '\n';
    Json json = Json::object();
    for (size_t i = 0; i < columns.size(); ++i) json.set(columns[i], row.cells[i]);
    text_ += json.dump() + "\n";
    ++line_;
  }
  bool empty() const { return text_.empty(); }
  // Once all are added.
  void open(TaskModel& model, PredictionRequest request) {
    stream_ = std::make_unique<std::istringstream>(std::move(text_));
    request.stream_name = request.stream ? request.stream_name : request.file;
    request.stream = stream_.get();
    request.format = TableFormat::jsonl;
    predictor_ = model.predictor(request);
  }
  Predictor& predictor() const { return *predictor_; }

 private:
  std::string text_;
  int64_t line_ = 1;
  std::unique_ptr<std::istringstream> stream_;
  std::unique_ptr<Predictor> predictor_;
};

}  // namespace

void print_routed_predictions(const std::vector<RoutedModel>& models, const std::string& column,
                              const PredictionRequest& request, int64_t rows) {
  std::vector<OwnRows> own(models.size());
  std::vector<size_t> route;  // by row
  {
    TableReader reader = open_rows(request, {}, {});
    const std::vector<std::string>& columns = reader.columns();
    const auto at = std::ranges::find(columns, column);
    if (at == columns.end())
      fail("{}: there is no column {}, but {}", request.stream ? request.stream_name : request.file, quote(column),
           listed(columns));
    std::vector<std::string> names;
    for (const RoutedModel& one : models) names.push_back(one.name);
    for (TableRow row; reader.next(row);) {
      const std::string& name = row.cells[static_cast<size_t>(at - columns.begin())];
      const auto found = std::ranges::find(names, name);
      if (found == names.end())
        fail("{}: {}: {} is no adapter's name; there are: {}", reader.where(row), column, quote(name), listed(names));
      route.push_back(static_cast<size_t>(found - names.begin()));
      own[route.back()].add(row, columns);
    }
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
