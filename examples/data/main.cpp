// SPDX-License-Identifier: Apache-2.0
// thaw-data: makes the data sets of the examples from files that Debian brings, and measures the baseline on them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>

#include "examples/data/contact_sheet_command.h"
#include "examples/data/damage_commands.h"
#include "examples/data/debian_topics.h"
#include "examples/data/description_commands.h"
#include "examples/data/entity_commands.h"
#include "examples/data/film_commands.h"
#include "examples/data/hash_split.h"
#include "examples/data/occlusion_commands.h"
#include "examples/data/picture_commands.h"
#include "examples/data/pretraining_commands.h"
#include "examples/data/pronunciation_commands.h"
#include "examples/data/question_commands.h"
#include "examples/data/scene_commands.h"
#include "examples/data/table_commands.h"
#include "examples/data/text_pair_commands.h"
#include "examples/data/tsv.h"
#include "examples/data/wordnet_nli.h"
#include "examples/standard_streams.h"
#include "tensor/quote.h"

namespace {

using namespace thaw;

std::map<Split, Table> empty_splits(const std::vector<std::string>& columns) {
  std::map<Split, Table> tables;
  for (const auto split : all_splits) tables[split].columns = columns;
  return tables;
}

// Writes FOLDER/{train,validation,test}.tsv and says how many rows each has.
void write_splits(const std::filesystem::path& folder, const std::map<Split, Table>& tables) {
  FileSet files;
  std::string told;
  for (const auto& [split, table] : tables) {
    const auto path = folder / (split_name(split) + ".tsv");
    add_tsv(files, path, table);
    told += fmt::format("{}: {} rows\n", path.string(), table.rows.size());
  }
  files.commit();
  fmt::print("{}", told);
}

struct DebianTopicsOptions {
  std::filesystem::path lists, output;
};

void add_debian_topics(CLI::App& app, DebianTopicsOptions& options) {
  auto* command = app.add_subcommand("debian-topics", "package description -> topic: ten sections of Debian 12");
  command->add_option("--lists", options.lists, "folder that examples/fetch_debian_lists.sh filled")->required();
  command->add_option("--output", options.output, "folder for train.tsv, validation.tsv and test.tsv (text, label)")
      ->required();
  command->callback([&options] {
    auto tables = empty_splits({"text", "label"});
    for (auto& row : debian_topics(read_debian_packages(options.lists))) {
      tables[split_of(row.source)].rows.push_back({std::move(row.text), std::move(row.topic)});
    }
    write_splits(options.output, tables);
  });
}

struct WordnetNliOptions {
  std::filesystem::path nouns = "/usr/share/wordnet/data.noun", output;
  uint64_t seed = 1;
};

void add_wordnet_nli(CLI::App& app, WordnetNliOptions& options) {
  auto* command = app.add_subcommand("wordnet-nli",
                                     "gloss -> does it entail \"it is a CLASS\"? From WordNet (Debian's wordnet-base)");
  command->add_option("--nouns", options.nouns, "WordNet's data.noun")->capture_default_str();
  command
      ->add_option("--output", options.output,
                   "folder for train.tsv, validation.tsv and test.tsv (premise, hypothesis, label)")
      ->required();
  command->add_option("--seed", options.seed, "of the draws")->capture_default_str();
  command->callback([&options] {
    auto tables = empty_splits({"premise", "hypothesis", "label"});
    const auto part_of = [](std::string_view group) { return static_cast<int>(split_of(group)); };
    for (auto& row : wordnet_nli(read_wordnet_nouns(options.nouns), part_of, options.seed)) {
      tables[split_of(row.group)].rows.push_back(
          {std::move(row.premise), std::move(row.hypothesis), row.entailed ? "entailment" : "not_entailment"});
    }
    write_splits(options.output, tables);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("thaw-data", [&] {
    CLI::App app("Makes the data sets of the examples; examples/data/README.md tells where each comes from.",
                 "thaw-data");
    app.require_subcommand(1);
    DebianTopicsOptions debian_topics_options;
    WordnetNliOptions wordnet_nli_options;
    add_debian_topics(app, debian_topics_options);
    add_wordnet_nli(app, wordnet_nli_options);
    add_contact_sheet_command(app);
    add_damage_commands(app);
    add_description_commands(app);
    add_entity_commands(app);
    add_film_commands(app);
    add_question_commands(app);
    add_occlusion_commands(app);
    add_picture_commands(app);
    add_pretraining_commands(app);
    add_pronunciation_commands(app);
    add_scene_commands(app);
    add_table_commands(app);
    add_text_pair_commands(app);
    try {
      app.parse(argc, argv);
    } catch (const CLI::Success& request) {  // help
      std::ostringstream text;
      app.exit(request, text, text);
      fmt::print("{}", text.str());
    } catch (const CLI::ParseError& error) {
      fmt::print(stderr, "thaw-data: {}\n", one_line(error.what()));
      return 2;
    }
    return 0;
  });
}
