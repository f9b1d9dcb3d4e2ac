// SPDX-License-Identifier: Apache-2.0
// thaw generate: texts of any model that writes, for prompts of the command line, of the standard input or of a file.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "examples/standard_streams.h"
#include "examples/thaw/command_line.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/predictions.h"
#include "examples/thaw/task_arguments.h"
#include "nn/option_field.h"
#include "tensor/io/json.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

constexpr int64_t rows_of_a_file = 1024;  // read at once, to compute those of like lengths together

struct Arguments {
  PredictionArguments rows;
  AdapterArguments adapters;
  std::vector<std::string> prompts;
  TaskArguments tasks = TaskArguments::of_writing_tasks();
};

// Prompts of the command line as rows: a prompt may have line breaks.
std::string rows_of(const std::vector<std::string>& prompts, const std::string& column) {
  std::string rows;
  for (const std::string& prompt : prompts) rows += Json::object().set(column, prompt).dump() + "\n";
  return rows;
}

// As they were typed.
void take_texts(std::vector<std::string>& prompts) {
  for (std::string& prompt : prompts)
    if (prompt.ends_with(no_list)) prompt.pop_back();
}

// Takes "-" alone for what it is elsewhere: the standard input.
void check_prompts(const CLI::App& command, std::vector<std::string>& prompts) {
  const bool is_input = prompts.size() == 1 && prompts[0] == "-";
  for (size_t i = 0; i < prompts.size(); ++i) {
    const std::string where = fmt::format("prompt:{}", i + 1);
    if (prompts[i].empty()) throw CLI::ValidationError(where, "empty: a text was expected");
    if (const size_t bad = utf8_error_offset(prompts[i]); bad < prompts[i].size())
      throw CLI::ValidationError(where, fmt::format("byte {} is not valid UTF-8", bad + 1));
    if (prompts[i] == "-" && !is_input)
      throw CLI::ValidationError(where, "- is the standard input, which has no prompts beside it");
  }
  if (!prompts.empty() && command.count("--input-file") > 0)
    throw CLI::ValidationError("--input-file", "prompts stand on the command line: one or the other");
  if (is_input) prompts.clear();
  if (!prompts.empty() && command.count("--format") > 0)
    throw CLI::ValidationError("--format", "prompts stand on the command line, which has none");
}

// Who reads as it is written, a prompt at a time, wants the text alone.
bool is_conversation(const Arguments& a) {
  return !a.prompts.empty() || (a.rows.file == "-" && a.rows.format.empty() && ::isatty(STDIN_FILENO) == 1);
}

void print_part(std::string_view part) {
  if (part.empty()) return;
  fmt::print("{}", part);
  flush_standard_output();
}

// The column that a task reads prompts from.
std::string column_of_prompts(Task& task) {
  const std::vector<OptionField> fields = task.options(TaskUse::prediction);
  for (const char* name : {"source_column", "prompt_column", "text_column"}) {
    const auto field = std::ranges::find(fields, name, &OptionField::name);
    if (field == fields.end()) continue;
    if (std::string column = value_text(*field); !column.empty()) return column;
  }
  return "text";
}

void generate(Arguments& a, Task& task, const std::string& source_column, bool writes_several) {
  const std::unique_ptr<TaskModel> model = open_to_predict(task, a.rows);
  if (a.rows.output_format.empty()) a.rows.output_format = is_conversation(a) && !writes_several ? "text" : "tsv";
  PredictionRequest request = request_of(a.rows);
  request.batch_size = a.rows.batch_size;
  std::istringstream prompts(rows_of(a.prompts, source_column));
  if (!a.prompts.empty()) {
    request.stream = &prompts;
    request.stream_name = "prompt";
    request.format = TableFormat::jsonl;
  }
  if (request.as_text) request.on_text = print_part;
  const int64_t at_once = request.stream ? a.rows.batch_size : std::max(a.rows.batch_size, rows_of_a_file);
  print_predictions(*model, request, request.as_text ? 1 : at_once);
}

}  // namespace

void add_generate(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("generate", "texts that a model writes");
  command
      ->add_option("prompt", a->prompts,
                   "what to write a text for, or to go on with (default: --input-file); - is the standard input; "
                   "behind -- a prompt may "
                   "look like an option")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("TEXT");
  add_prediction_options(
      *command, a->rows,
      {.model = "directory of a model that writes texts (T5, Flan, mT5, ByT5, ...) or continues them (GPT-1, GPT-2)",
       .row = "prompt",
       .rows = "prompts",
       .output_formats = {"text", "tsv", "jsonl"},
       .output_format = "text: the texts alone, each as it is written, an empty line between two prompts' where each "
                        "has several; tsv or jsonl: with their prompts and, of several, their scores (default: text "
                        "for prompts that are given here or typed, else tsv)",
       .batch = "prompts computed at once, at most; of the standard input, texts come as soon as so many are read"});
  a->adapters.add_options_of_rows(*command);
  a->tasks.add_options(*command, "Generation");
  command->footer(
      "A text is printed as its tokens come where it is printed alone (--output-format text) and no beams are searched."
      "\nWhat is written for a prompt depends on no other prompt, and drawn texts (--do-sample) on --seed and the "
      "prompt's number.\nPrompts of a file are computed with others of like length; texts come in the prompts' order. "
      "A prompt that is too\nlong is an error that says by how much, unless --truncate cuts it. What `thaw finetune` "
      "keeps with a model\n(--source-prefix, --num-beams, ...) counts here as well.\n\n"
      "Examples:\n"
      "  thaw generate --model flan-t5-small \"Translate to German: How old are you?\"\n"
      "  thaw generate --model runs/summaries --input-file news.jsonl --source-column body --output-format jsonl\n"
      "  thaw generate --model runs/summaries --num-beams 4 --num-return-sequences 4 < news.txt > news.tsv\n"
      "  thaw generate --model flan-t5-small --do-sample --top-p 0.9 --seed 7 \"Tell a story of a ship.\"\n"
      "  thaw generate --model gpt2 --max-new-tokens 40 \"The ship\"");
  command->callback([a, command] {
    take_texts(a->prompts);
    check_prompts(*command, a->prompts);
    if (!a->adapters.column().empty()) {
      if (!a->prompts.empty())
        throw CLI::ValidationError("--adapter-column", "prompts stand on the command line, which has no columns");
      if (a->rows.output_format.empty()) a->rows.output_format = "tsv";
      PredictionRequest request = request_of(a->rows);
      request.batch_size = a->rows.batch_size;
      return predict_by_adapters(a->adapters, a->rows, request,
                                 [&](const std::string& directory) { return a->tasks.made(*command, directory); });
    }
    a->rows.model = a->adapters.directory(a->rows.model);
    Task& task = a->tasks.chosen(*command, a->rows.model);
    const auto& changed = a->tasks.changed();
    const bool several = changed.contains("num_return_sequences") && changed.at("num_return_sequences") != "1";
    generate(*a, task, column_of_prompts(task), several);
  });
}

}  // namespace thaw
