// SPDX-License-Identifier: Apache-2.0
// Options and data of the task of telling what comes next.
#include "models/tasks/lm/task.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "models/data/table.h"
#include "models/tasks/lm/documents.h"
#include "models/tasks/lm/model.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"

namespace thaw {

std::vector<OptionField> LmTask::options(TaskUse) {
  LmOptions& o = options_;
  std::vector<OptionField> list = {
      {.name = "text_column", .field = &o.text_column, .help = "column of the text", .kept = true, .of_data = true},
      {.name = "prompt_column",
       .field = &o.prompt_column,
       .help = "column of what stands before the text (default: none)",
       .kept = true,
       .of_data = true},
      {.name = "prompt_separator",
       .field = &o.prompt_separator,
       .help = "what the text begins with behind a prompt (default: a blank)",
       .kept = true},
      {.name = "mask_prompt",
       .field = &o.mask_prompt,
       .help = "a prompt is read and not learnt: the loss is on the text behind it alone (default: true)",
       .kept = true},
      {.name = "text_separator",
       .field = &o.text_separator,
       .help = "where a text of a .txt ends: at its line, or at a blank_line",
       .words = {"line", "blank_line"},
       .kept = true,
       .of_data = true},
      {.name = "document_tokens",
       .field = &o.document_tokens,
       .help = "the tokenizer's begin and end tokens around each text, as far as it has them",
       .words = {"both", "begin", "end", "none"},
       .kept = true},
      max_length_option(),
      {.name = "stride",
       .field = &o.stride,
       .help = "tokens that an example made of a long text begins with and that the one before has counted",
       .kept = true,
       .of_data = true}};
  list[6].help =
      "texts of more tokens become several examples; behind a prompt they are cut (default: what model and "
      "tokenizer allow, at most 512)";
  return list;
}

TaskHelp LmTask::help() const {
  return {.data =
              "Learning what comes next takes texts alone, or texts behind prompts. Each text is read by itself: none "
              "sees another. A text that is too\nlong becomes several examples, each token counted once; behind a "
              "prompt it is cut. A text without a token to be told is passed over;\nbehind a prompt it is an error. "
              "Warned of: duplicates, leaks between splits, empty texts, unknown tokens.",
          .predictions =
              "Of each text: bits_per_byte, nats (the sum over its tokens of -log p), tokens, bytes, text; JSONL: the "
              "same by name. Of a text without a\ntoken to be told there are none, and no bits_per_byte. `thaw "
              "generate` writes what comes next."};
}

void LmTask::check_options(TaskUse) const {
  check_room(2);
  check_columns({{"text_column", options_.text_column}, {"prompt_column", options_.prompt_column}});
  // What the directory keeps of another training may stand beside what it is asked for.
  const auto is_asked = [&](std::string_view option) {
    return std::ranges::find(taken_up(), option) == taken_up().end();
  };
  const LmOptions usual;
  const bool has_prompts = !options_.prompt_column.empty();
  for (const auto& [option, is_usual] : {std::pair{"mask_prompt", !options_.mask_prompt},
                                         {"prompt_separator", options_.prompt_separator == usual.prompt_separator}})
    check(is_usual || has_prompts || !is_asked(option), "{}: there is no {}", called_(option),
          called_("prompt_column"));
  check(options_.stride == 0 || !has_prompts || !is_asked("stride"),
        "{} and {}: behind a prompt a text is cut, and makes one example", called_("stride"), called_("prompt_column"));
}

void LmTask::check_separator(const std::string& file) const {
  check(options_.text_separator == LmOptions().text_separator || table_format(file) == TableFormat::lines,
        "{} {}: {} is a table, whose rows are texts", called_("text_separator"), options_.text_separator, file);
}

void LmTask::look_at(const std::string&, const std::string& train_file) {
  check_separator(train_file);
  LmRows(train_file, options_);
}

std::unique_ptr<TaskModel> LmTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  return std::make_unique<LmModel>(directory, pipeline_options(opening), options_, called_);
}

DataReport LmTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  check(!splits.empty(), "there are no data to look at");
  check_separator(splits[0].file);
  std::optional<TextEncoder> encoder;
  if (!directory.empty()) encoder = open_text_encoder(directory, max_length());
  std::optional<LmEncoder> documents;
  if (encoder) documents.emplace(*encoder, options_);
  const bool has_prompts = !options_.prompt_column.empty();
  const auto read = [&](const DataSplit& split, const TakeRow& take) {
    LmRows rows(split.file, options_);
    Occurrence useless;
    for (LmRow row; rows.next(row);) {
      SurveyedRow seen =
          has_prompts ? SurveyedRow{row.prompt, row.text, {}, row.where} : SurveyedRow{row.text, {}, {}, row.where};
      if (documents) {
        LmDocument document = documents->document(row);
        if (is_blank_text(row.text) || documents->windows(document).empty()) useless.add(row.where);
        seen.tokens = std::move(document.tokens);
      }
      take(seen);
    }
    std::vector<std::string> own;
    warn(own, split.name, useless,
         has_prompts ? "prompts that leave no token of a text (an error in training)"
                     : "texts without a token to be told (passed over in training)");
    return own;
  };
  return report_of_rows(splits, encoder ? &*encoder : nullptr,
                        has_prompts ? "which will be cut" : "which become several examples", read);
}

}  // namespace thaw
