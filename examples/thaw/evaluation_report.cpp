// SPDX-License-Identifier: Apache-2.0
// Tables and JSON of an evaluation.
#include "examples/thaw/evaluation_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "nn/train/metrics_json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int32_t most_classes = 20;  // that a matrix of text has room for
constexpr size_t longest_text = 80;   // bytes of an example, in a table
constexpr size_t longest_name = 40;   // of a class

std::string short_name(const std::string& name) {
  return name.size() > longest_name ? quote(name, longest_name) : quote_if_odd(name);
}

size_t widest(const std::vector<std::string>& names, size_t least) {
  for (const std::string& name : names) least = std::max(least, short_name(name).size());
  return least;
}

// The text as it is told: what was read, else its tokens in a row.
std::string text_of(const ShownExample& example) {
  if (!example.text.empty()) return example.text;
  std::string text;
  for (const ShownExample::Token& token : example.tokens) text += (text.empty() ? "" : " ") + token.text;
  return text;
}

Json scores_json(const std::string& name, const PrecisionRecall& scores) {
  return std::move(Json::object()
                       .set("name", name)
                       .set("precision", scores.precision)
                       .set("recall", scores.recall)
                       .set("f1", scores.f1)
                       .set("support", scores.support));
}

}  // namespace

EvaluationReport::EvaluationReport(const Examples& examples, const Evaluation& evaluation, const ReportOptions& options)
    : words_(examples.words()),
      examples_(evaluation.size()),
      bootstrap_(options.bootstrap),
      metrics_(evaluation.metrics()),
      classes_(evaluation.classes()),
      confusion_(evaluation.confusion()) {
  if (options.bootstrap.samples > 0)
    intervals_ = bootstrap_intervals(
        examples_, [&](std::span<const int64_t> which) { return evaluation.scores(which); }, options.bootstrap);
  std::vector<std::pair<double, int64_t>> wrong;
  for (int64_t example = 0; example < examples_; ++example) {
    const Evaluation::Judgement judgement = evaluation.judgement(example);
    says_words_ = says_words_ || !judgement.said.empty();
    if (judgement.wrongness > 0) wrong.emplace_back(-judgement.wrongness, example);
  }
  const auto count = std::min(std::ssize(wrong), static_cast<ptrdiff_t>(options.worst));
  std::ranges::partial_sort(wrong, wrong.begin() + count);
  const std::vector<int64_t> firsts = examples.first_of_groups();  // what is judged as one is shown by its first
  for (const auto& [wrongness, example] : std::span(wrong).first(static_cast<size_t>(count)))
    worst_.push_back({examples.show(firsts[static_cast<size_t>(example)]), evaluation.judgement(example)});
}

std::vector<std::string> EvaluationReport::class_names() const {
  std::vector<std::string> names;
  for (const auto& [name, scores] : classes_) names.push_back(name);
  return names;
}

std::vector<EvaluationReport::Mean> EvaluationReport::means() const {
  if (confusion_) {
    const ClassReport report = class_report(*confusion_);
    return {{"macro mean", report.macro}, {"weighted mean", report.weighted}};
  }
  std::vector<PrecisionRecall> all;
  for (const auto& [name, scores] : classes_) all.push_back(scores);
  return {{"macro mean", mean_over_classes(all, false)}, {"weighted mean", mean_over_classes(all, true)}};
}

std::string EvaluationReport::metrics_text() const {
  size_t width = 26;
  for (const auto& [name, value] : metrics_) width = std::max(width, name.size());
  std::string text = fmt::format("{:<{}} {:>10}", "metric", width, "value");
  if (!intervals_.empty()) text += fmt::format("   {:.0f} % interval", 100 * bootstrap_.confidence);
  text += "\n";
  for (const auto& [name, value] : metrics_) {
    fmt::format_to(std::back_inserter(text), "{:<{}} {:>10.4f}", name, width, value);
    if (const auto found = intervals_.find(name); found != intervals_.end())
      fmt::format_to(std::back_inserter(text), "   {:.4f} to {:.4f}", found->second.low, found->second.high);
    text += "\n";
  }
  return text;
}

std::string EvaluationReport::classes_text() const {
  if (classes_.empty()) return {};
  const size_t width = widest(class_names(), 14);
  std::string text =
      fmt::format("\n{:<{}} {:>10} {:>10} {:>10} {:>10}\n", "class", width, "precision", "recall", "F1", "support");
  const auto line = [&](const std::string& name, const PrecisionRecall& s) {
    fmt::format_to(std::back_inserter(text), "{:<{}} {:>10.4f} {:>10.4f} {:>10.4f} {:>10}\n", name, width, s.precision,
                   s.recall, s.f1, s.support);
  };
  for (const auto& [name, scores] : classes_) line(short_name(name), scores);
  for (const auto& [name, scores] : means()) line(name, scores);
  return text;
}

std::string EvaluationReport::confusion_text() const {
  if (!confusion_) return {};
  if (confusion_->classes() > most_classes)
    return fmt::format("\nwhat was taken for what: a table of {} classes is for --confusion FILE.svg or --output\n",
                       confusion_->classes());
  const std::vector<std::string> names = class_names();
  const size_t width = widest(names, 5) + 4;
  std::string text = "\nwhat was taken for what: a row is the truth, a column what the model said\n";
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{:<{}}", "", width);
  for (int32_t said = 0; said < confusion_->classes(); ++said) fmt::format_to(out, " {:>6}", said);
  for (int32_t truth = 0; truth < confusion_->classes(); ++truth) {
    const std::string name = fmt::format("{:>2}  {}", truth, short_name(names[static_cast<size_t>(truth)]));
    fmt::format_to(out, "\n{:<{}}", name, width);
    for (int32_t said = 0; said < confusion_->classes(); ++said)
      fmt::format_to(out, " {:>6}", confusion_->at(truth, said));
  }
  return text + "\n";
}

std::string EvaluationReport::worst_text() const {
  if (worst_.empty()) return {};
  std::string text = fmt::format("\nthe most wrong: how wrong, where; what it is{}; the {}\n",
                                 says_words_ ? ", what the model said" : "", words_.one);
  for (const auto& [example, judgement] : worst_)
    fmt::format_to(std::back_inserter(text), "{:>8.4f}  {}\n{:>8}  {}{}\n{:>8}  {}\n", judgement.wrongness,
                   one_line(example.where), "", quote(judgement.truth),
                   says_words_ ? ", said " + quote(judgement.said) : "", "", quote(text_of(example), longest_text));
  return text;
}

std::string EvaluationReport::to_text() const {
  return metrics_text() + classes_text() + confusion_text() + worst_text();
}

Json EvaluationReport::to_json() const {
  Json json = Json::object();
  json.set("examples", examples_).set("metrics", metrics_json(metrics_));
  if (!intervals_.empty()) {
    Json intervals = Json::object();
    for (const auto& [name, interval] : intervals_)
      intervals.set(
          name, std::move(Json::array().push_back(metric_json(interval.low)).push_back(metric_json(interval.high))));
    json.set("intervals", std::move(intervals))
        .set("confidence", bootstrap_.confidence)
        .set("bootstrap_samples", bootstrap_.samples)
        .set("seed", bootstrap_.seed);
  }
  if (!classes_.empty()) {
    Json classes = Json::array(), averages = Json::array();
    for (const auto& [name, scores] : classes_) classes.push_back(scores_json(name, scores));
    for (const auto& [name, scores] : means()) averages.push_back(scores_json(name, scores));
    json.set("classes", std::move(classes)).set("means", std::move(averages));
  }
  if (confusion_) {
    Json rows = Json::array();
    for (int32_t truth = 0; truth < confusion_->classes(); ++truth) {
      Json row = Json::array();
      for (int32_t said = 0; said < confusion_->classes(); ++said) row.push_back(confusion_->at(truth, said));
      rows.push_back(std::move(row));
    }
    json.set("confusion", std::move(rows));
  }
  Json worst = Json::array();
  for (const auto& [example, judgement] : worst_)
    worst.push_back(std::move(Json::object()
                                  .set("where", example.where)
                                  .set("truth", judgement.truth)
                                  .set("said", judgement.said)
                                  .set("wrongness", metric_json(judgement.wrongness))
                                  .set("text", text_of(example))));
  return std::move(json.set("worst", std::move(worst)));
}

}  // namespace thaw
