// SPDX-License-Identifier: Apache-2.0
// Lines of the log to panels.
#include "examples/thaw/run_curves.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "nn/train/metrics_json.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

struct Range {
  double least = std::numeric_limits<double>::infinity(), most = -least;
};

Range range_of(const std::vector<ChartPoint>& points, Range range = {}) {
  for (const ChartPoint& p : points) {
    if (!std::isfinite(p.y)) continue;
    range.least = std::min(range.least, p.y);
    range.most = std::max(range.most, p.y);
  }
  return range;
}

// Accuracies, F1, correlations: they go together.
bool is_score(const std::vector<ChartPoint>& points) {
  const Range range = range_of(points);
  return range.least >= -1 && range.most <= 1;
}

std::string last_name(const std::filesystem::path& directory) {
  const std::filesystem::path path = std::filesystem::absolute(directory).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

}  // namespace

void RunCurves::read_on() {
  std::ifstream log(directory_ / "log.jsonl", std::ios::binary);
  log.seekg(read_);
  for (std::string line; std::getline(log, line) && !log.eof();) {  // whole lines alone
    read_ += static_cast<int64_t>(line.size()) + 1;
    try {
      const Json record = Json::parse(line, "log.jsonl");
      const auto step = static_cast<double>(record.get_int("step"));
      auto& event = record.get_string("event") == "train" ? training_ : validation_;
      for (const JsonMember& member : record.members())
        if (member.key != "event" && member.key != "step" && member.key != "time")
          event[member.key].push_back({step, metric_of(member.value)});
    } catch (const std::runtime_error&) {
      continue;  // what a full disk left of a line
    }
  }
}

LineChart RunCurves::chart() const {
  LineChart chart{.title = last_name(directory_), .x_title = "step", .panels = {}, .whole_x = true};
  ChartPanel loss{"loss", {}}, scores{"validation", {}};
  std::vector<ChartPanel> others;
  if (const auto found = training_.find("loss"); found != training_.end())
    loss.series.push_back({"training", found->second});
  for (const auto& [name, points] : validation_) {
    if (name == "loss") {
      loss.series.push_back({"validation", points});
    } else if (is_score(points)) {
      scores.series.push_back({name, points});
    } else {
      others.push_back({"validation: " + name, {{"validation: " + name, points}}});
    }
  }
  Range losses;
  for (const ChartSeries& series : loss.series) losses = range_of(series.points, losses);
  loss.log_y = losses.least > 0 && losses.most > 100 * losses.least;
  if (loss.log_y) loss.title = "loss (logarithmic)";
  for (ChartPanel* panel : {&loss, &scores})
    if (!panel->series.empty()) chart.panels.push_back(std::move(*panel));
  for (ChartPanel& panel : others) chart.panels.push_back(std::move(panel));
  if (const auto found = training_.find("learning_rate"); found != training_.end())
    chart.panels.push_back({"learning rate", {{"learning rate", found->second}}});
  return chart;
}

void RunCurves::update() {
  read_on();
  const LineChart drawn = chart();
  const std::filesystem::path file = directory_ / "curves.svg";
  std::error_code ignored;
  if (drawn.panels.empty()) {
    std::filesystem::remove(file, ignored);
  } else {
    write_file_atomically(file.string(), line_chart_svg(drawn));
  }
}

}  // namespace thaw
