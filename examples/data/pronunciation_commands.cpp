// SPDX-License-Identifier: Apache-2.0
// Makes the data set of pronunciations.
#include "examples/data/pronunciation_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "examples/data/hash_split.h"
#include "examples/data/pronunciations.h"
#include "examples/data/tsv.h"

namespace thaw {
namespace {

struct Options {
  std::filesystem::path dictionary, output;
};

constexpr size_t most_pronunciations = 4;  // of a word in the dictionary

void add(Table& table, const PronouncedWord& word, std::span<const std::string> pronunciations) {
  std::vector<std::string> row = {spelt(word.word)};
  row.insert(row.end(), pronunciations.begin(), pronunciations.end());
  row.resize(1 + most_pronunciations);
  table.rows.push_back(std::move(row));
}

void make(const Options& options) {
  const auto words = read_pronunciations(options.dictionary);
  FileSet files;
  std::string told;
  for (const auto split : all_splits) {
    Table table;
    table.columns = {"source", "target"};
    for (size_t i = 2; i <= most_pronunciations; ++i) table.columns.push_back(fmt::format("target{}", i));
    size_t count = 0;
    for (const PronouncedWord& word : words) {
      if (split_of(word.word) != split) continue;
      ++count;
      // To train a row a pronunciation: all of them are learnt. To judge a row a word: any of them is right.
      const std::span<const std::string> all = word.pronunciations;
      if (split == Split::train)
        for (size_t i = 0; i < all.size(); ++i) add(table, word, all.subspan(i, 1));
      else
        add(table, word, all);
    }
    const auto path = options.output / (split_name(split) + ".tsv");
    add_tsv(files, path, table);
    told += fmt::format("{}: {} words, {} rows\n", path.string(), count, table.rows.size());
  }
  files.commit();
  fmt::print("{}", told);
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
                   "folder for train.tsv, validation.tsv and test.tsv (source, target, target2, target3, target4)")
      ->required();
  command->callback([options] { make(*options); });
}

}  // namespace thaw
