// SPDX-License-Identifier: Apache-2.0
// Samples of labelled tables, and what linear classifiers make of them.
#include "examples/data/table_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "examples/data/baseline.h"
#include "examples/data/labelled_texts.h"
#include "examples/data/sparse.h"
#include "examples/data/tsv.h"
#include "models/data/table.h"
#include "tensor/check.h"
#include "tensor/io/npy.h"

namespace thaw {
namespace {

// A table of labelled texts, or a sample of it.
struct TableOptions {
  std::filesystem::path train;
  std::string text_column = "text", label_column = "label";
  int per_class = 0;
  uint64_t seed = 1;
};

void add_table_options(CLI::App& command, TableOptions& options) {
  command.add_option("train", options.train, "table to train on (TSV with a header)")->required();
  command.add_option("--label-column", options.label_column, "the column of labels")->capture_default_str();
  command.add_option("--per-class", options.per_class, "use so many rows of each label, drawn at random")
      ->check(CLI::Range(1, 1'000'000'000));
  command.add_option("--seed", options.seed, "of the draw")->capture_default_str();
}

struct SampleOptions {
  TableOptions table;
  std::filesystem::path output;
};

void write_sample(const SampleOptions& options) {
  const auto table = read_table(options.table.train);
  const auto label = table.column(options.table.label_column, options.table.train);
  std::vector<std::string> labels;
  for (const auto& row : table.rows) labels.push_back(row[label]);
  Table sample{table.columns, {}};
  for (const auto i : sample_per_class(labels, options.table.per_class, options.table.seed))
    sample.rows.push_back(table.rows[i]);
  write_tsv(options.output, sample);
  fmt::print("{}: {} rows\n", options.output.string(), sample.rows.size());
}

// Two tables, and how closely the first is fitted.
struct BaselineOptions {
  TableOptions table;
  std::filesystem::path test, train_vectors, test_vectors;
  double c = 30;
};

void add_baseline_options(CLI::App& command, BaselineOptions& options) {
  add_table_options(command, options.table);
  command.add_option("test", options.test, "table to measure on")->required();
  command.add_option("--text-column", options.table.text_column, "the column of texts")->capture_default_str();
  command.add_option("-C,--inverse-penalty", options.c, "larger: fits the training data closer")
      ->capture_default_str()
      ->check(CLI::Range(1e-6, 1e6));
}

LabelledTexts read_texts(const std::filesystem::path& path, const TableOptions& options) {
  return labelled_texts(read_table(path), path, options.text_column, options.label_column);
}

// The rows to train on: those drawn, or all.
std::vector<size_t> rows_to_train_on(const LabelledTexts& train, const TableOptions& options) {
  if (options.per_class > 0) return sample_per_class(train.labels, options.per_class, options.seed);
  std::vector<size_t> all(train.labels.size());
  std::iota(all.begin(), all.end(), size_t{0});
  return all;
}

void measure_tfidf(const BaselineOptions& options) {
  const LabelledTexts all = read_texts(options.table.train, options.table);
  const LabelledTexts test = read_texts(options.test, options.table);
  LabelledTexts train;
  for (const size_t i : rows_to_train_on(all, options.table)) {
    train.texts.push_back(all.texts[i]);
    train.labels.push_back(all.labels[i]);
  }
  fmt::print("majority {:.3f}, TF-IDF {:.3f}\n", share_of(test.labels, majority_label(all.labels)),
             tfidf_accuracy(train, test, options.c));
}

// The vectors of a table's rows.
NpyArray read_vectors(const std::filesystem::path& path, const std::filesystem::path& table, size_t rows) {
  NpyArray vectors = read_npy(path.string());
  if (vectors.rows != static_cast<int64_t>(rows))
    fail("{}: {} vectors, but {} has {} rows", path.string(), vectors.rows, table.string(), rows);
  return vectors;
}

void measure_linear(const BaselineOptions& options) {
  const LabelledTexts train = read_texts(options.table.train, options.table);
  const LabelledTexts test = read_texts(options.test, options.table);
  const NpyArray train_vectors = read_vectors(options.train_vectors, options.table.train, train.labels.size());
  const NpyArray test_vectors = read_vectors(options.test_vectors, options.test, test.labels.size());
  if (train_vectors.columns != test_vectors.columns)
    fail("{}: vectors of {} numbers, but those of {} have {}", options.test_vectors.string(), test_vectors.columns,
         options.train_vectors.string(), train_vectors.columns);
  std::vector<std::string> labels;
  const std::vector<size_t> rows = rows_to_train_on(train, options.table);
  for (const size_t i : rows) labels.push_back(train.labels[i]);
  fmt::print("linear classifier {:.3f}\n", linear_accuracy(sparse_rows(train_vectors, rows), labels,
                                                           sparse_rows(test_vectors), test.labels, options.c));
}

}  // namespace

void add_table_commands(CLI::App& app) {
  const auto sample = std::make_shared<SampleOptions>();
  auto* command = app.add_subcommand("sample", "write a table with so many rows of each label");
  add_table_options(*command, sample->table);
  command->get_option("--per-class")->required();
  command->add_option("--output", sample->output, "the table to write")->required();
  command->callback([sample] { write_sample(*sample); });

  const auto baseline = std::make_shared<BaselineOptions>();
  auto* tfidf = app.add_subcommand(
      "tfidf", "the baseline: logistic regression on TF-IDF of words and word pairs; prints test accuracy");
  add_baseline_options(*tfidf, *baseline);
  tfidf->callback([baseline] { measure_tfidf(*baseline); });

  auto* linear = app.add_subcommand(
      "linear", "logistic regression on vectors of the texts, as `thaw embed` writes them; prints test accuracy");
  add_baseline_options(*linear, *baseline);
  linear->add_option("--train-vectors", baseline->train_vectors, ".npy: a vector a row of the first table")->required();
  linear->add_option("--test-vectors", baseline->test_vectors, ".npy: a vector a row of the second table")->required();
  linear->callback([baseline] { measure_linear(*baseline); });
}

}  // namespace thaw
