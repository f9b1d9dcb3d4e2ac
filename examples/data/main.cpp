// SPDX-License-Identifier: Apache-2.0
// thaw-data: makes the data sets of the examples from files that Debian brings, and measures the baseline on them.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>

#include "examples/data/baseline.h"
#include "examples/data/debian_topics.h"
#include "examples/data/entity_commands.h"
#include "examples/data/hash_split.h"
#include "examples/data/question_commands.h"
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
  for (const auto& [split, table] : tables) {
    const auto path = folder / (split_name(split) + ".tsv");
    write_tsv(path, table);
    fmt::print("{}: {} rows\n", path.string(), table.rows.size());
  }
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

void add_sample(CLI::App& app, SampleOptions& options) {
  auto* command = app.add_subcommand("sample", "write a table with so many rows of each label");
  add_table_options(*command, options.table);
  command->get_option("--per-class")->required();
  command->add_option("--output", options.output, "the table to write")->required();
  command->callback([&options] {
    const auto table = read_table(options.table.train);
    const auto label = table.column(options.table.label_column, options.table.train);
    std::vector<std::string> labels;
    for (const auto& row : table.rows) labels.push_back(row[label]);
    Table sample{table.columns, {}};
    for (const auto i : sample_per_class(labels, options.table.per_class, options.table.seed))
      sample.rows.push_back(table.rows[i]);
    write_tsv(options.output, sample);
    fmt::print("{}: {} rows\n", options.output.string(), sample.rows.size());
  });
}

struct TfidfOptions {
  TableOptions table;
  std::filesystem::path test;
  double c = 30;
};

void add_tfidf(CLI::App& app, TfidfOptions& options) {
  auto* command = app.add_subcommand(
      "tfidf", "the baseline: logistic regression on TF-IDF of words and word pairs; prints test accuracy");
  add_table_options(*command, options.table);
  command->add_option("test", options.test, "table to measure on")->required();
  command->add_option("--text-column", options.table.text_column, "the column of texts")->capture_default_str();
  command->add_option("-C,--inverse-penalty", options.c, "larger: fits the training texts closer")
      ->capture_default_str()
      ->check(CLI::Range(1e-6, 1e6));
  command->callback([&options] {
    const auto& [train_path, text, label, per_class, seed] = options.table;
    auto train = labelled_texts(read_table(train_path), train_path, text, label);
    const auto test = labelled_texts(read_table(options.test), options.test, text, label);
    const double majority = share_of(test.labels, majority_label(train.labels));
    if (per_class > 0) {
      LabelledTexts sample;
      for (const auto i : sample_per_class(train.labels, per_class, seed)) {
        sample.texts.push_back(train.texts[i]);
        sample.labels.push_back(train.labels[i]);
      }
      train = std::move(sample);
    }
    fmt::print("majority {:.3f}, TF-IDF {:.3f}\n", majority, tfidf_accuracy(train, test, options.c));
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
    add_entity_commands(app);
    add_question_commands(app);
    SampleOptions sample_options;
    add_sample(app, sample_options);
    TfidfOptions tfidf_options;
    add_tfidf(app, tfidf_options);
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
