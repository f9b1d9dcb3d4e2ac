// SPDX-License-Identifier: Apache-2.0
// thaw data: is the data set fit to learn from and to be judged by?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "examples/thaw/commands.h"
#include "examples/thaw/data_report.h"
#include "models/text_classifier.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int64_t few_rows = 8;        // fewer examples of a label than this are hardly learnt from
constexpr size_t most_lines = 10;      // of labels with few rows
constexpr double many_unknown = 0.01;  // share of tokens from which on the vocabulary hardly fits the texts

struct Arguments {
  std::string model, problem_type;
  DataArguments data;
};

int64_t at_share(std::vector<int64_t> sorted, double share) {
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

void print_labels(const DataReport& report) {
  const auto& splits = report.splits();
  const Problem& problem = report.problem();
  fmt::print("\nproblem: {}{}\n", name_of(problem.type),
             problem.places.empty() ? "" : fmt::format(" (labels are 0/1 vectors of {})", problem.places.size()));
  if (report.problem().type == ProblemType::regression) {
    for (const SplitReport& split : splits) {
      const auto [least, most] = std::ranges::minmax_element(split.values);
      double sum = 0;
      for (const double value : split.values) sum += value;
      fmt::print("{:<12} numbers from {:.4g} to {:.4g}, mean {:.4g}\n", split.name, *least, *most,
                 sum / static_cast<double>(split.rows));
    }
    return;
  }
  size_t width = 5;
  for (const std::string& label : report.problem().labels.names()) width = std::max(width, quote_if_odd(label).size());
  fmt::print("{:<{}}", "label", width);
  for (const SplitReport& split : splits) fmt::print(" {:>18}", split.name);
  fmt::print("\n");
  for (const std::string& label : report.problem().labels.names()) {
    fmt::print("{:<{}}", quote_if_odd(label), width);
    for (const SplitReport& split : splits) {
      const auto found = split.labels.find(label);
      const int64_t count = found == split.labels.end() ? 0 : found->second;
      fmt::print(" {:>10} {:>5.1f} %", count, 100.0 * static_cast<double>(count) / static_cast<double>(split.rows));
    }
    fmt::print("\n");
  }
}

void print_lengths(const DataReport& report) {
  fmt::print("\n{:<12} {:>12} {:>12} {:>12} {:>12} {:>14}\n", "tokens", "median", "95 %", "longest", "all", "unknown");
  for (const SplitReport& split : report.splits()) {
    std::vector<int64_t> sorted = split.lengths;
    std::ranges::sort(sorted);
    fmt::print(
        "{:<12} {:>12} {:>12} {:>12} {:>12} {:>12.3f} %\n", split.name, at_share(sorted, 0.5), at_share(sorted, 0.95),
        sorted.back(), split.tokens,
        100.0 * static_cast<double>(split.unknown_tokens) / static_cast<double>(std::max<int64_t>(split.tokens, 1)));
  }
}

// One line for each thing that is odd; returns how many.
int print_warnings(const DataReport& report) {
  int warnings = 0;
  for (const std::string& line : report.problem().warnings) {
    ++warnings;
    fmt::print("warning: {}\n", one_line(line));
  }
  const auto warn = [&](const SplitReport& split, const Occurrence& what, const std::string& text) {
    if (what.count == 0) return;
    ++warnings;
    fmt::print("warning: {}: {}: {}, the first {}\n", split.name, text, what.count, one_line(what.first));
  };
  const SplitReport& train = report.splits()[0];
  for (const SplitReport& split : report.splits()) {
    warn(split, split.empty, "empty texts");
    warn(split, split.no_tokens, "texts without a token (an error in training)");
    warn(split, split.without_label, "rows without a label");
    warn(split, split.unknown_label, "labels that the training data does not have (an error in training)");
    warn(split, split.duplicate, "duplicates");
    for (const auto& [other, leak] : split.leaks)
      warn(split, leak, fmt::format("texts that {} has too (its score would flatter)", other));
    warn(split, split.conflicting, "texts that have another label elsewhere");
    warn(split, split.too_long, fmt::format("texts of more than {} tokens, which will be cut", report.max_length()));
    if (static_cast<double>(split.unknown_tokens) > many_unknown * static_cast<double>(split.tokens))
      warn(split, split.unknown, "texts with tokens that the vocabulary does not know");
  }
  size_t few = 0;
  for (const auto& [label, count] : train.labels) {
    if (count >= few_rows || ++few > most_lines) continue;
    ++warnings;
    fmt::print("warning: train: the label {} has {} row{}\n", quote(label), count, count == 1 ? "" : "s");
  }
  if (few > most_lines) {
    ++warnings;
    fmt::print("warning: train: {} more labels have fewer than {} rows\n", few - most_lines, few_rows);
  }
  return warnings;
}

void run(const Arguments& a) {
  check_data_arguments(a.data);
  const GivenProblem given = given_problem({.model = a.model, .problem_type = a.problem_type}, a.data);
  Problem problem = find_problem(a.data.train_file, a.data, given);
  // A model that knows all of these labels knows its others, too.
  const auto is_known = [&](const std::string& label) {
    return std::ranges::find(given.labels, label) != given.labels.end();
  };
  if (problem.type != ProblemType::regression && std::ranges::all_of(problem.labels.names(), is_known))
    problem.labels = LabelSet(given.labels);
  std::unique_ptr<Tokenizer> tokenizer;
  int64_t max_length = 0;
  if (!a.model.empty()) {
    tokenizer = load_tokenizer(a.model);
    const BertConfig config = read_config<BertConfig>(a.model);
    max_length = length_limit(config, *tokenizer, a.data.max_length);
    if (!a.data.text_pair_column.empty()) check_takes_pairs(a.model, config, *tokenizer);
  }
  DataReport report(problem, a.data, tokenizer.get(), max_length);
  report.add("train", a.data.train_file);
  if (!a.data.validation_file.empty()) report.add("validation", a.data.validation_file);
  if (!a.data.test_file.empty()) report.add("test", a.data.test_file);

  for (const SplitReport& split : report.splits())
    fmt::print("{:<12} {:>8} rows  {}\n", split.name, split.rows, split.file);
  print_labels(report);
  if (tokenizer) print_lengths(report);
  fmt::print("\n");
  const int warnings = print_warnings(report);
  fmt::print("{} warning{}\n", warnings, warnings == 1 ? "" : "s");
}

}  // namespace

void add_data(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("data", "check a data set: labels, duplicates, leaks between splits, lengths, unknown tokens");
  command
      ->add_option("--model", a->model,
                   "whose tokenizer and limit texts are measured by (without: tokens are not looked at)")
      ->type_name("DIR");
  add_problem_type_option(*command, a->problem_type);
  add_data_options(*command, a->data);
  command->get_option("--train-file")->required();
  command->footer(
      "A duplicate is the same text again in one split. A leak is a text of a later split that an earlier one has too: "
      "a model\n"
      "may know it by heart, and the score says too much. Broken rows are errors that name file and line.\n\n"
      "Warned of, too (each line counts): labels that differ only by blanks, case, Unicode form or in how a number is "
      "written;\n"
      "labels with blanks at an end or characters that show nothing; a few labels that are no numbers among numbers; "
      "class\n"
      "numbers written 1.0, which are read as numbers to predict; missing values (N/A, nan); 0/1 vectors that no "
      "separator cuts;\n"
      "labels of which nearly every row has its own; labels with few rows; empty texts, rows without a label, texts "
      "that "
      "are cut,\n"
      "texts with unknown tokens. finetune and plan print those about labels on the standard error.\n\n"
      "Example:\n"
      "  thaw data --model data/minilm --train-file data/topics/train.tsv --test-file data/topics/test.tsv");
  command->callback([a] { run(*a); });
}

}  // namespace thaw
