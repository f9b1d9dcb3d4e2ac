// SPDX-License-Identifier: Apache-2.0
// thaw tokenizer train: a tokenizer of one's own texts.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "examples/number_options.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/tokenizer_texts.h"
#include "models/text/train/tokenizer_trainer.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

struct Arguments {
  std::string type, output_dir;
  TokenizerTexts texts;
  std::vector<std::string> special_tokens;
  int64_t vocab_size = 0, min_frequency = 2, limit_alphabet = 1000, model_max_length = 0, extra_ids = 100;
  double character_coverage = .9995;
  std::string lower_case = "true", strip_accents, chinese = "true", normalization = "nmt_nfkc";
  bool add_prefix_space = false;
};

TokenizerTraining training_of(const Arguments& a) {
  TokenizerTraining training{.type = tokenizer_types().at(a.type),
                             .vocab_size = static_cast<size_t>(a.vocab_size),
                             .min_frequency = static_cast<uint64_t>(a.min_frequency),
                             .special_tokens = a.special_tokens,
                             .limit_alphabet = static_cast<size_t>(a.limit_alphabet),
                             .do_lower_case = a.lower_case == "true",
                             .tokenize_chinese_chars = a.chinese == "true",
                             .add_prefix_space = a.add_prefix_space,
                             .character_coverage = a.character_coverage,
                             .nmt_nfkc = a.normalization == "nmt_nfkc",
                             .extra_ids = a.extra_ids};
  if (!a.strip_accents.empty()) training.strip_accents = a.strip_accents == "true";
  if (a.model_max_length > 0) training.model_max_length = static_cast<size_t>(a.model_max_length);
  return training;
}

// What only one type has cannot be meant for another.
void check_options(const CLI::App& command, const std::string& type) {
  const std::vector<std::string> of_wordpiece{"--min-frequency", "--limit-alphabet", "--do-lower-case",
                                              "--strip-accents", "--tokenize-chinese-chars"};
  const std::map<std::string, std::vector<std::string>> own{
      {"wordpiece", of_wordpiece},
      {"mpnet", of_wordpiece},
      {"bpe", {"--min-frequency", "--add-prefix-space"}},
      {"unigram", {"--character-coverage", "--normalization", "--extra-ids"}}};
  for (const auto& [other, options] : own)
    for (const std::string& option : options)
      if (command.count(option) > 0 && std::ranges::find(own.at(type), option) == own.at(type).end())
        throw CLI::ValidationError(option, "no option of --type " + type);
}

// Before any work: the directory must be there or come to be, and have no other tokenizer in it.
void check_output(const std::string& directory) {
  namespace fs = std::filesystem;
  if (fs::exists(directory) && !fs::is_directory(directory)) fail("--output-dir {}: is not a directory", directory);
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "merges.txt",
                           "spiece.model", "special_tokens_map.json", "added_tokens.json"})
    if (fs::exists(fs::path(directory) / name))
      fail("--output-dir {}: has a tokenizer already ({}): choose another directory", directory, name);
}

void train(const Arguments& a) {
  check_output(a.output_dir);
  // A new directory appears with all its files or not at all, and that it can be made is known before the work.
  std::optional<ParentDirectories> parents;
  std::optional<AtomicDirectory> fresh;
  if (!std::filesystem::exists(a.output_dir)) {
    parents.emplace(a.output_dir);
    fresh.emplace(a.output_dir);
  }
  TokenizerTrainer trainer(training_of(a));
  add_texts(a.texts, trainer);
  const std::unique_ptr<Tokenizer> tokenizer = trainer.train();
  tokenizer->save(fresh ? fresh->path() : a.output_dir);
  if (fresh) {
    fresh->commit();
    parents->commit();
  }
  const TokenizerTrainer::Counts counts = trainer.counts();
  std::vector<std::string> names;
  for (const ProcessorFile& file : tokenizer->files()) names.push_back(file.name);
  fmt::print("{}: {} of {}, {} ({} distinct), in {}\n", a.output_dir, counted(tokenizer->vocab_size(), "token"),
             counted(counts.texts, "text"), counted(counts.words, "word"), counts.distinct_words,
             fmt::join(names, ", "));
}

void add_wordpiece_options(CLI::App& command, Arguments& a) {
  const char* group = "WordPiece";
  add_number(command, "--limit-alphabet", a.limit_alphabet, {.least = 1, .most = 1'200'000},
             "so many characters, the most frequent, are tokens; words with others are unknown")
      ->default_str(fmt::format("{}", a.limit_alphabet))
      ->group(group);
  add_word(command, "--do-lower-case,--lowercase", a.lower_case, {"true", "false"}, "texts in small letters")
      ->default_str(a.lower_case)
      ->group(group);
  add_word(command, "--strip-accents", a.strip_accents, {"true", "false"},
           "letters without accents (default: as --do-lower-case)")
      ->group(group);
  add_word(command, "--tokenize-chinese-chars", a.chinese, {"true", "false"}, "each ideograph is a word")
      ->default_str(a.chinese)
      ->group(group);
}

void add_unigram_options(CLI::App& command, Arguments& a) {
  const char* group = "Unigram";
  add_number(command, "--character-coverage", a.character_coverage, {.least = 0, .most = 1, .above = true},
             "the most frequent characters that make up this share of the texts are tokens; others are unknown")
      ->default_str(fmt::format("{}", a.character_coverage))
      ->group(group);
  add_word(command, "--normalization", a.normalization, {"nmt_nfkc", "identity"},
           "nmt_nfkc: NFKC, without controls; identity: texts as they are")
      ->default_str(a.normalization)
      ->group(group);
  add_number(command, "--extra-ids", a.extra_ids, {.least = 0, .most = 10'000},
             "sentinels <extra_id_0>, ..., besides --vocab-size")
      ->default_str(fmt::format("{}", a.extra_ids))
      ->group(group);
}

void add_options(CLI::App& command, Arguments& a) {
  command.add_option("action", "what to do: train")->required()->check(CLI::IsMember({"train"}));
  add_word(
      command, "--type", a.type, {"wordpiece", "mpnet", "bpe", "unigram"},
      "wordpiece (BERT's), mpnet (wordpiece between MPNet's special tokens), bpe (of bytes, GPT-2's), unigram (T5's)")
      ->required();
  add_number(command, "--vocab-size", a.vocab_size, {.least = 1, .most = Vocabulary::max_id},
             "tokens, special ones included, T5's sentinels not")
      ->required();
  add_text_options(command, a.texts)->required();
  command.add_option("--output-dir", a.output_dir, "where to write the tokenizer's files")
      ->required()
      ->type_name("DIR");
  add_number(command, "--min-frequency", a.min_frequency, {.least = 0, .most = 1'000'000'000},
             "wordpiece, bpe: a pair of tokens that is there less often becomes none")
      ->default_str(fmt::format("{}", a.min_frequency));
  command.add_option("--special-tokens", a.special_tokens, "one more special token (several: give it several times)")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->expected(1)
      ->allow_extra_args(false)
      ->type_name("TOKEN");
  add_number(command, "--model-max-length", a.model_max_length, {.least = 1, .most = 1'000'000'000},
             "the longest input of the model, in tokens, for its files (default: none)");
  add_wordpiece_options(command, a);
  command
      .add_flag("--add-prefix-space", a.add_prefix_space,
                "a text begins with a blank, so that its first word is one like any other")
      ->group("BPE");
  add_unigram_options(command, a);
}

}  // namespace

void add_tokenizer(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("tokenizer", "train a tokenizer of one's own texts (`thaw tokenizer train`)");
  add_options(*command, *a);
  command->footer(
      "The directory is read by thaw and by the reference library: tokenizer.json and tokenizer_config.json, and the\n"
      "vocabulary as older readers know it. The same texts in any order make the same tokenizer; those of\n"
      "WordPiece and BPE are what the tokenizers library makes, Unigram is trained as sentencepiece does.\n\n"
      "Examples:\n"
      "  thaw tokenizer train --type wordpiece --vocab-size 8000 --files train.tsv --output-dir data/tokenizer\n"
      "  thaw tokenizer train --type bpe --vocab-size 16000 --files a.txt b.jsonl.gz --output-dir data/bytes\n"
      "  thaw tokenizer train --type wordpiece --vocab-size 8000 --files pairs.csv --text-column source \\\n"
      "    --text-column target --do-lower-case false --output-dir data/cased");
  command->callback([a, command] {
    check_options(*command, a->type);
    train(*a);
  });
}

}  // namespace thaw
