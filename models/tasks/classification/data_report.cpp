// SPDX-License-Identifier: Apache-2.0
// Counts labels and tells of them.
#include "models/tasks/classification/data_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "models/data/look_alikes.h"
#include "models/tasks/classification/labelled_rows.h"
#include "models/tasks/medium.h"
#include "models/tasks/text_survey.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

struct SplitLabels {
  std::string name;
  std::map<std::string, int64_t> counts;  // how often; regression: empty
  std::vector<double> values;             // regression: the numbers, [rows, outputs]
  Occurrence without_label, unknown_label;
};

void count_label(const LabelledRow& row, const std::string& where, const Problem& problem, SplitLabels& split) {
  if (problem.type == ProblemType::regression) {
    const std::vector<double> numbers = problem.numbers_of(row.label, where);
    split.values.insert(split.values.end(), numbers.begin(), numbers.end());
    return;
  }
  const std::vector<std::string> labels = problem.labels_of(row.label, where);
  if (labels.empty()) split.without_label.add(where);
  for (const std::string& label : labels) {
    ++split.counts[label];
    if (problem.labels.contains(label)) continue;
    const std::string twin = split.unknown_label.count == 0 ? look_alike_among(label, problem.labels.names()) : "";
    split.unknown_label.add(fmt::format("{}, {}{}", where, quote(label), twin.empty() ? "" : " (" + twin + ")"));
  }
}

// What is in files is told from others by what it shows.
SurveyedRow surveyed(const LabelledRow& row, InputKind reads) {
  const InputRow& input = row.input;
  SurveyedRow surveyed{.text = input.cells[0], .pair = {}, .answer = row.label, .where = input.where};
  if (reads != InputKind::texts) surveyed.text = medium_of(reads).shown(input);
  if (input.cells.size() > 1) surveyed.pair = input.cells[1];
  return surveyed;
}

std::string numbers_text(const std::vector<SplitLabels>& splits, const std::vector<std::string>& outputs) {
  std::string text;
  const auto out = std::back_inserter(text);
  size_t width = 0;
  for (const std::string& name : outputs) width = std::max(width, quote_if_odd(name).size());
  for (const SplitLabels& split : splits) {
    for (size_t output = 0; output < outputs.size(); ++output) {
      double least = split.values[output], most = least, sum = 0;
      for (size_t cell = output; cell < split.values.size(); cell += outputs.size()) {
        least = std::min(least, split.values[cell]);
        most = std::max(most, split.values[cell]);
        sum += split.values[cell];
      }
      fmt::format_to(out, "{:<12} ", split.name);
      if (outputs.size() > 1) fmt::format_to(out, "{:<{}} ", quote_if_odd(outputs[output]), width);
      fmt::format_to(out, "numbers from {:.4g} to {:.4g}, mean {:.4g}\n", least, most,
                     sum * static_cast<double>(outputs.size()) / static_cast<double>(split.values.size()));
    }
  }
  return text;
}

std::string labels_text(const std::vector<SplitLabels>& splits, const Problem& problem, const TextSurvey& texts) {
  std::string text =
      fmt::format("\nproblem: {}{}\n", name_of(problem.type),
                  problem.places.empty() ? "" : fmt::format(" (labels are 0/1 vectors of {})", problem.places.size()));
  if (problem.type == ProblemType::regression) return text + numbers_text(splits, problem.labels.names());
  const auto out = std::back_inserter(text);
  size_t width = 5;
  for (const std::string& label : problem.labels.names()) width = std::max(width, quote_if_odd(label).size());
  fmt::format_to(out, "{:<{}}", "label", width);
  for (const SplitLabels& split : splits) fmt::format_to(out, " {:>18}", split.name);
  text += "\n";
  for (const std::string& label : problem.labels.names()) {
    fmt::format_to(out, "{:<{}}", quote_if_odd(label), width);
    for (size_t i = 0; i < splits.size(); ++i) {
      const auto found = splits[i].counts.find(label);
      const int64_t count = found == splits[i].counts.end() ? 0 : found->second;
      fmt::format_to(out, " {:>10} {:>5.1f} %", count,
                     100.0 * static_cast<double>(count) / static_cast<double>(texts.rows(i)));
    }
    text += "\n";
  }
  return text;
}

}  // namespace

DataReport report_labelled_texts(const std::vector<DataSplit>& splits, const ClassificationOptions& options,
                                 const Problem& problem, const TextEncoder* encoder) {
  TextSurvey texts(encoder);
  std::vector<SplitLabels> labels;
  for (const DataSplit& split : splits) {
    texts.begin(split);
    labels.emplace_back();
    labels.back().name = split.name;
    LabelledRows rows(split.file, options, problem.called);
    LabelledRow row;
    while (rows.next(row)) {
      count_label(row, row.input.where, problem, labels.back());
      texts.add(surveyed(row, options.reads));
    }
    texts.end();
  }
  DataReport report;
  report.text = texts.rows_text() + labels_text(labels, problem, texts) + texts.lengths_text();
  for (const std::string& line : problem.warnings) report.warnings.push_back(one_line(line));
  for (size_t i = 0; i < splits.size(); ++i) {
    std::vector<std::string> own;
    warn(own, splits[i].name, labels[i].without_label, "rows without a label");
    warn(own, splits[i].name, labels[i].unknown_label,
         "labels that the training data does not have (an error in training)");
    const std::vector<std::string> lines = texts.warnings(i, own);
    report.warnings.insert(report.warnings.end(), lines.begin(), lines.end());
  }
  const std::vector<std::string> few = warnings_of_few(labels[0].name, labels[0].counts, "row");
  report.warnings.insert(report.warnings.end(), few.begin(), few.end());
  return report;
}

}  // namespace thaw
