// SPDX-License-Identifier: Apache-2.0
// Makes the data set of pronunciations.
#include "examples/data/pronunciation_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "examples/data/hash_split.h"
#include "examples/data/pronunciations.h"
#include "examples/data/tsv.h"

namespace thaw {
namespace {

struct Options {
  std::filesystem::path dictionary, output;
};

constexpr size_t most_pronunciations = 4;  // of a word in the dictionary

// A row a pronunciation: all of them are learnt.
void add_to_training(Table& table, const PronouncedWord& word) {
  for (const std::string& phones : word.pronunciations) table.rows.push_back({spelt(word.word), phones});
}

// A row a word: any of its pronunciations is right.
void add_to_judged(Table& table, const PronouncedWord& word) {
  std::vector<std::string> row = {spelt(word.word)};
  row.insert(row.end(), word.pronunciations.begin(), word.pronunciations.end());
  row.resize(1 + most_pronunciations);
  table.rows.push_back(std::move(row));
}

void make(const Options& options) {
  const auto words = read_pronunciations(options.dictionary);
  for (const auto split : all_splits) {
    Table table;
    table.columns = {"source", "target"};
    if (split != Split::train)
      for (size_t i = 2; i <= most_pronunciations; ++i) table.columns.push_back(fmt::format("target{}", i));
    size_t count = 0;
    for (const PronouncedWord& word : words) {
      if (split_of(word.word) != split) continue;
      ++count;
      split == Split::train ? add_to_training(table, word) : add_to_judged(table, word);
    }
    const auto path = options.output / (split_name(split) + ".tsv");
    write_tsv(path, table);
    fmt::print("{}: {} words, {} rows\n", path.string(), count, table.rows.size());
  }
}

}  // namespace

void add_pronunciation_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("pronunciations", "letters of a word -> its phones, by CMU's dictionary");
  command
      ->add_option("--dictionary", options->dictionary, "cmudict-en-us.dict, which examples/fetch_cmudict.sh fetches")
      ->required();
  command
      ->add_option("--output", options->output,
                   "folder for train.tsv (source, target), validation.tsv and test.tsv (source, target, target2, ...)")
      ->required();
  command->callback([options] { make(*options); });
}

}  // namespace thaw
