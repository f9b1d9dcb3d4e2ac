// SPDX-License-Identifier: Apache-2.0
// thaw predict: texts in, labels and probabilities out, in the order of the texts.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>

#include "examples/standard_streams.h"
#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/number_options.h"
#include "examples/thaw/prediction_writer.h"
#include "models/data/table.h"
#include "models/text_classifier.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

struct Arguments {
  std::string model, device;
  std::string file = "-", format, text_column = "text", text_pair_column;
  int64_t batch_size = 32, max_length = 0;
  PredictionStyle style;
};

TableReader open_texts(const Arguments& a) {
  TableReading reading{.columns = {a.text_column}, .format_option = "--format"};
  if (!a.text_pair_column.empty()) reading.columns.push_back(a.text_pair_column);
  reading.text_columns = reading.columns;
  const bool standard_input = a.file == "-";
  if (a.format.empty() && !standard_input) return TableReader(a.file, reading);
  const TableFormat format = a.format.empty() ? TableFormat::lines : table_format_named(a.format);
  if (standard_input) return TableReader(std::cin, "standard input", format, reading);
  return TableReader(a.file, format, reading);
}

Encoding encode(const TextClassifier& model, const TableRow& row, const std::string& where) {
  try {
    return row.cells.size() > 1 ? model.encode(row.cells[0], row.cells[1]) : model.encode(row.cells[0]);
  } catch (const std::invalid_argument& error) {
    fail("{}: {}", where, error.what());
  }
}

// Its weights are finite, so its sums overflowed.
void check_finite(std::span<const float> scores, const std::string& where) {
  if (!std::ranges::all_of(scores, [](float x) { return std::isfinite(x); }))
    fail("{}: the model's numbers for this text overflow: its output is not finite (NaN or infinity)", where);
}

void predict(const Arguments& a) {
  TextClassifier model(a.model, {.device = open_device(a.device), .max_length = a.max_length, .trained = true});
  if (!a.text_pair_column.empty()) check_takes_pairs(a.model, model.config(), model.tokenizer());
  for (const std::string& note : model.report().notes) fmt::print(stderr, "note: {}\n", one_line(note));
  PredictionStyle style = a.style;
  style.text_names = text_names(a.text_column, a.text_pair_column);
  const PredictionWriter writer(model.problem(), model.labels(), style);
  if (const std::string warning = writer.warning(); !warning.empty()) fmt::print(stderr, "warning: {}\n", warning);
  TableReader reader = open_texts(a);
  writer.write_header();
  const auto width = static_cast<size_t>(model.num_labels());
  std::vector<TableRow> rows;
  const auto flush = [&] {
    std::vector<Encoding> encodings;
    std::vector<const Encoding*> batch;
    for (const TableRow& row : rows) encodings.push_back(encode(model, row, reader.where(row)));
    for (const Encoding& encoding : encodings) batch.push_back(&encoding);
    const std::vector<float> scores = model.predict(batch);
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto row_scores = std::span(scores).subspan(i * width, width);
      check_finite(row_scores, reader.where(rows[i]));
      writer.write(rows[i].cells, row_scores);
    }
    flush_standard_output();
    rows.clear();
  };
  TableRow row;
  while (reader.next(row)) {
    rows.push_back(std::move(row));
    if (static_cast<int64_t>(rows.size()) == a.batch_size) flush();
  }
  if (!rows.empty()) flush();
}

}  // namespace

void add_predict(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("predict", "classify texts with a fine-tuned model");
  command->add_option("--model", a->model, "directory that `thaw finetune` (or the reference library) wrote")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--device", a->device,
                   "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  command
      ->add_option("file", a->file, "texts: .tsv, .csv, .jsonl, or .txt with one text a line; - is the standard input")
      ->capture_default_str();
  add_word(*command, "--format", a->format, {"lines", "tsv", "csv", "jsonl"},
           "of the texts (default: by the file's name; of the standard input: lines)");
  command->add_option("--text-column", a->text_column, "column of the text")->capture_default_str();
  command->add_option("--text-pair-column", a->text_pair_column, "column of a second text");
  add_word(*command, "--output-format", a->style.format, {"tsv", "jsonl"}, "tsv or jsonl")
      ->default_str(a->style.format);
  command->add_flag("--probabilities", a->style.all, "the probability of every label, not of the predicted ones alone");
  add_number(*command, "--threshold", a->style.threshold, NumberRange{.most = 1},
             "probability from which on a label counts as predicted, where a text may have several")
      ->default_str(fmt::format("{}", a->style.threshold));
  add_number(*command, "--batch-size,--per-device-eval-batch-size", a->batch_size, {.least = 1, .most = 1'000'000},
             "texts computed at once; answers come as soon as so many texts are read")
      ->default_str(fmt::format("{}", a->batch_size));
  add_number(*command, "--max-length", a->max_length, WholeRange{},
             "cut texts to so many tokens (default: what model and tokenizer allow, at most 512)");
  command->footer(
      "Output in TSV: label, probability, text (pairs: both texts, under the names of their columns). Several labels\n"
      "are joined by \"|\". "
      "Regression: value, text; of a model with several outputs, a column for each, under its label. A name of\n"
      "a column that is taken already gets a \"_\".\n\n"
      "Examples:\n"
      "  echo \"A fast-paced arcade shooter.\" | thaw predict --model runs/quickstart\n"
      "  thaw predict --model runs/quickstart new.csv --text-column body --output-format jsonl --probabilities\n"
      "  zcat texts.jsonl.gz | thaw predict --model runs/quickstart --format jsonl > labels.tsv");
  command->callback([a] {
    check_data_arguments({.text_column = a->text_column,
                          .text_pair_column = a->text_pair_column,
                          .label_column = "",
                          .max_length = a->max_length});
    predict(*a);
  });
}

}  // namespace thaw
