// SPDX-License-Identifier: Apache-2.0
// Reads tables and lines.
#include "examples/thaw/tokenizer_texts.h"

#include <CLI/App.hpp>

#include "examples/number_options.h"
#include "models/data/table.h"
#include "tensor/check.h"

namespace thaw {

namespace {

void add_texts_of(const TokenizerTexts& texts, const std::string& file, TokenizerTrainer& trainer) {
  const TableFormat format = texts.format.empty() ? table_format(file, "--format") : table_format_named(texts.format);
  TableReader reader(file, format,
                     {.columns = format == TableFormat::lines ? std::vector<std::string>{} : texts.text_columns,
                      .list_separator = "",
                      .text_columns = texts.text_columns,
                      .format_option = "--format"});
  const uint64_t before = trainer.counts().texts;
  for (TableRow row; reader.next(row);)
    for (const std::string& text : row.cells)
      if (!text.empty()) trainer.add(text);
  if (trainer.counts().texts == before) fail("{}: has no texts", file);
}

}  // namespace

const std::map<std::string, TokenizerTraining::Type>& tokenizer_types() {
  using Type = TokenizerTraining::Type;
  static const std::map<std::string, Type> types{
      {"wordpiece", Type::wordpiece}, {"mpnet", Type::mpnet}, {"bpe", Type::bpe}, {"unigram", Type::unigram}};
  return types;
}

CLI::Option* add_text_options(CLI::App& command, TokenizerTexts& texts) {
  CLI::Option* files =
      command
          .add_option("--files", texts.files, "texts: .tsv, .csv, .jsonl, or .txt with one text a line, gzip'd or not")
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
          ->type_name("FILE");
  command.add_option("--text-column", texts.text_columns, "columns of the texts (several: give it several times)")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->expected(1)
      ->allow_extra_args(false)  // else CLI11 takes a name in brackets for a list
      ->type_name("NAME")
      ->default_str("text");
  add_word(command, "--format", texts.format, {"lines", "tsv", "csv", "jsonl"},
           "of the texts (default: by each file's name)");
  return files;
}

void add_texts(const TokenizerTexts& texts, TokenizerTrainer& trainer) {
  for (const std::string& file : texts.files) add_texts_of(texts, file, trainer);
}

}  // namespace thaw
