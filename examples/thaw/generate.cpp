// SPDX-License-Identifier: Apache-2.0
// thaw generate: texts of any model that writes, for prompts of the command line, of the standard input or of a file.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "examples/number_options.h"
#include "examples/standard_streams.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/predictions.h"
#include "examples/thaw/task_arguments.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

constexpr int64_t rows_of_a_file = 1024;  // read at once, to compute those of like lengths together

struct Arguments {
  std::string model, device;
  std::vector<std::string> prompts;
  std::string file, format, output_format;
  int64_t batch_size = 32;
  TaskArguments tasks{TaskUse::prediction, "text2text"};
};

// Prompts of the command line as rows: a prompt may have line breaks.
std::string rows_of(const std::vector<std::string>& prompts, const std::string& column) {
  std::string rows;
  for (const std::string& prompt : prompts) rows += Json::object().set(column, prompt).dump() + "\n";
  return rows;
}

// Who reads as it is written, a prompt at a time, wants the text alone.
bool is_conversation(const Arguments& a) {
  return !a.prompts.empty() || (a.file == "-" && a.format.empty() && ::isatty(STDIN_FILENO) == 1);
}

void print_part(std::string_view part) {
  if (part.empty()) return;
  fmt::print("{}", part);
  flush_standard_output();
}

void generate(const Arguments& a, Task& task, const std::string& source_column, bool writes_several) {
  const std::unique_ptr<TaskModel> model = open_to_predict(task, a.model, a.device);
  PredictionRequest request{.file = a.file, .batch_size = a.batch_size};
  const std::string usual = is_conversation(a) && !writes_several ? "text" : "tsv";
  const std::string& output = a.output_format.empty() ? usual : a.output_format;
  request.as_json = output == "jsonl";
  request.as_text = output == "text";
  if (!a.format.empty()) request.format = table_format_named(a.format);
  std::istringstream prompts(rows_of(a.prompts, source_column));
  if (!a.prompts.empty()) {
    request.stream = &prompts;
    request.stream_name = "prompt";
    request.format = TableFormat::jsonl;
  } else if (a.file == "-") {
    request.stream = &std::cin;
  }
  if (request.as_text) request.on_text = print_part;
  const int64_t at_once = request.stream ? a.batch_size : std::max(a.batch_size, rows_of_a_file);
  print_predictions(*model, request, request.as_text ? 1 : at_once);
}

}  // namespace

void add_generate(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("generate", "texts that a model writes");
  command->add_option("--model", a->model, "directory of a model that writes texts (T5, Flan, mT5, ByT5, ...)")
      ->required()
      ->type_name("DIR");
  command
      ->add_option("--device", a->device,
                   "where to compute: a name that `thaw devices` prints (default: $THAW_DEVICE, else cpu)")
      ->type_name("NAME");
  CLI::Option* prompts = command->add_option("prompt", a->prompts, "what to write a text for (default: --input-file)")
                             ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
                             ->type_name("TEXT");
  command
      ->add_option("--input-file", a->file,
                   "prompts: .tsv, .csv, .jsonl, or .txt with one prompt a line; - is the standard input")
      ->type_name("FILE")
      ->default_str("-")
      ->excludes(prompts);
  a->file = "-";
  add_word(*command, "--format", a->format, {"lines", "tsv", "csv", "jsonl"},
           "of the prompts (default: by the file's name; of the standard input: lines)")
      ->excludes(prompts);
  add_word(*command, "--output-format", a->output_format, {"text", "tsv", "jsonl"},
           "text: the texts alone, each as it is written; tsv or jsonl: with their prompts and, of several, their "
           "scores (default: text for prompts that are given here or typed, else tsv)");
  add_number(*command, "--batch-size,--per-device-eval-batch-size", a->batch_size, {.least = 1, .most = 1'000'000},
             "prompts computed at once, at most; of the standard input, texts come as soon as so many are read")
      ->default_str(std::to_string(a->batch_size));
  a->tasks.add_options(*command, "Generation");
  command->footer(
      "A text is printed as its tokens come where it is printed alone (--output-format text) and no beams are searched."
      "\nWhat is written for a prompt depends on no other prompt, and drawn texts (--do-sample) on --seed and the "
      "prompt's number.\nPrompts of a file are computed with others of like length; texts come in the prompts' order. "
      "A "
      "prompt that is too long is\nan error that says by how much, unless --truncate cuts it. What `thaw finetune` "
      "keeps with a model (--source-prefix,\n--num-beams, ...) counts here as well.\n\n"
      "Examples:\n"
      "  thaw generate --model flan-t5-small \"Translate to German: How old are you?\"\n"
      "  thaw generate --model runs/summaries --input-file news.jsonl --source-column body --output-format jsonl\n"
      "  thaw generate --model runs/summaries --num-beams 4 --num-return-sequences 4 < news.txt > news.tsv\n"
      "  thaw generate --model flan-t5-small --do-sample --top-p 0.9 --seed 7 \"Tell a story of a ship.\"");
  command->callback([a, command] {
    Task& task = a->tasks.chosen(*command, a->model);
    const auto& changed = a->tasks.changed();
    const auto column = changed.find("source_column");
    const bool several = changed.contains("num_return_sequences") && changed.at("num_return_sequences") != "1";
    generate(*a, task, column == changed.end() ? "source" : column->second, several);
  });
}

}  // namespace thaw
