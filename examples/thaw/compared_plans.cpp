// SPDX-License-Identifier: Apache-2.0
// Plans and results, read and laid out.
#include "examples/thaw/compared_plans.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>

#include "examples/charts/bar_chart.h"
#include "models/hub/change_directory.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

struct Summary {
  double mean = 0, least = 0, most = 0;
};

template <typename F>
Summary summary_of(const std::vector<PlanResult>& results, F value) {
  Summary s{0, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const PlanResult& result : results) {
    const double x = value(result);
    s.mean += x / static_cast<double>(results.size());
    s.least = std::min(s.least, x);
    s.most = std::max(s.most, x);
  }
  return s;
}

std::string bytes_text(double bytes) {
  return bytes < 1e6 ? fmt::format("{:.1f} kB", bytes / 1e3) : fmt::format("{:.1f} MB", bytes / 1e6);
}

std::string flops_text(double flops) { return std::isfinite(flops) ? fmt::format("{:.2f}", flops / 1e12) : "?"; }

// The words of a line, as a shell takes them: blanks part them but within quotes, which may be empty ('') or a part of
// a word (--lora='r=8 dora'); "#" at the beginning of a word begins a comment. No value if a quote is not closed.
std::optional<std::vector<std::string>> words_of(std::string_view line) {
  constexpr std::string_view blanks = " \t\r", quotes = "'\"`";
  std::vector<std::string> words;
  for (size_t at = line.find_first_not_of(blanks); at < line.size() && line[at] != '#';
       at = line.find_first_not_of(blanks, at)) {
    std::string& word = words.emplace_back();
    for (; at < line.size() && blanks.find(line[at]) == std::string_view::npos; ++at) {
      if (quotes.find(line[at]) == std::string_view::npos) {
        word += line[at];
        continue;
      }
      const size_t end = line.find(line[at], at + 1);
      if (end == std::string_view::npos) return std::nullopt;
      word += line.substr(at + 1, end - at - 1);
      at = end;
    }
  }
  return words;
}

double per_mille(const PlanResult& r) {
  return 1000.0 * static_cast<double>(r.trained) / static_cast<double>(std::max<int64_t>(1, r.trained + r.frozen));
}

}  // namespace

bool is_given_by_compare(const std::string& option) {
  std::string name = option.substr(0, option.find('='));
  std::ranges::replace(name, '_', '-');
  const std::string_view given[] = {"--seed", "--output-dir", "--save", "--resume", "--resume-if-any"};
  return std::ranges::find(given, name) != std::end(given);
}

std::vector<ComparedPlan> read_plans(const std::string& file) {
  std::ifstream in(file);
  if (!in) fail("{}: cannot be read as a list of plans", file);
  std::vector<ComparedPlan> plans;
  int64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const std::string place = fmt::format("{}:{}", file, number);
    const std::optional<std::vector<std::string>> told = words_of(line);
    if (!told) fail("{}: a quote is not closed", place);
    const std::vector<std::string>& words = *told;
    if (words.empty()) continue;
    const std::string name = words[0];
    if (name.empty() || name.starts_with("-") || name.starts_with(".") || name.find('/') != std::string::npos)
      fail("{}: {} is no name of a plan, which is to be that of a folder, too", place, quote(name));
    if (std::ranges::find(plans, name, &ComparedPlan::name) != plans.end())
      fail("{}: there is a plan {} already", place, quote(name));
    if (const auto given = std::ranges::find_if(words, is_given_by_compare); given != words.end())
      fail("{}: {} is given to each run by compare itself", place, *given);
    plans.push_back({name, {words.begin() + 1, words.end()}, number});
  }
  if (plans.empty()) fail("{}: holds no plan", file);
  return plans;
}

PlanResult read_result(const fs::path& run, std::string& metric) {
  const Json training = Json::read((run / "train_results.json").string());
  std::error_code error;
  const bool tested = fs::exists(run / "test_results.json", error);
  const Json judged = Json::read((run / (tested ? "test_results.json" : "eval_results.json")).string());
  if (metric.empty()) {
    for (const JsonMember& member : judged.members())
      if (member.key != "loss" && member.key != "examples" && member.value.is_number() && metric.empty())
        metric = member.key;
    if (metric.empty()) metric = "loss";
  }
  PlanResult result;
  result.metric = judged.get_number(metric);
  result.seconds = training.get_number("train_seconds");
  result.peak_memory_mb = training.get_number("peak_memory_mb");
  result.flops = training.get_number_or("train_flops", std::numeric_limits<double>::quiet_NaN());
  result.trained = training.get_int("trained_parameters");
  result.frozen = training.get_int("frozen_parameters");
  result.saved_bytes = saved_weight_bytes(run.string());
  return result;
}

std::string ComparedResults::table() const {
  size_t width = 4;
  for (const std::string& name : names) width = std::max(width, name.size());
  std::string text = fmt::format("{:<{}} {:>10} {:>24} {:>9} {:>9} {:>8} {:>10}\n", "plan", width, "per mille", metric,
                                 "seconds", "peak MB", "TFLOP", "saved");
  for (size_t i = 0; i < names.size(); ++i) {
    const std::vector<PlanResult>& of = results[i];
    const Summary score = summary_of(of, [](const PlanResult& r) { return r.metric; });
    const std::string spread = of.size() > 1
                                   ? fmt::format("{:.4f} ({:.4f}-{:.4f})", score.mean, score.least, score.most)
                                   : fmt::format("{:.4f}", score.mean);
    text += fmt::format("{:<{}} {:>10.3f} {:>24} {:>9.1f} {:>9.0f} {:>8} {:>10}\n", names[i], width, per_mille(of[0]),
                        spread, summary_of(of, [](const PlanResult& r) { return r.seconds; }).mean,
                        summary_of(of, [](const PlanResult& r) { return r.peak_memory_mb; }).most,
                        flops_text(of[0].flops), bytes_text(static_cast<double>(of[0].saved_bytes)));
  }
  return text;
}

std::string ComparedResults::svg() const {
  BarChart chart{"What each plan takes and gives", names, {}};
  const auto add = [&](const std::string& title, const auto& value, const auto& text) {
    BarMeasure measure{title, {}};
    for (const std::vector<PlanResult>& of : results) {
      const Summary s = summary_of(of, value);
      measure.bars.push_back({s.mean, s.least, s.most, text(s.mean)});
    }
    chart.measures.push_back(std::move(measure));
  };
  add(
      metric, [](const PlanResult& r) { return r.metric; }, [](double x) { return fmt::format("{:.4f}", x); });
  add(
      "seconds", [](const PlanResult& r) { return r.seconds; }, [](double x) { return fmt::format("{:.1f}", x); });
  add(
      "peak MB", [](const PlanResult& r) { return r.peak_memory_mb; },
      [](double x) { return fmt::format("{:.0f}", x); });
  add(
      "TFLOP", [](const PlanResult& r) { return r.flops / 1e12; }, [](double x) { return flops_text(x * 1e12); });
  add(
      "saved", [](const PlanResult& r) { return static_cast<double>(r.saved_bytes); }, bytes_text);
  return bar_chart_svg(chart);
}

}  // namespace thaw
