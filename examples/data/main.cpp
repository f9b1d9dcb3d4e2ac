// SPDX-License-Identifier: Apache-2.0
// thaw-data: makes the data sets of the examples from files that Debian brings.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>

#include "examples/data/hash_split.h"
#include "examples/data/tsv.h"
#include "models/data/debian_topics.h"

namespace {

using namespace thaw;

std::map<Split, Table> empty_splits(const std::vector<std::string>& columns) {
  std::map<Split, Table> tables;
  for (const auto split : kSplits) tables[split].columns = columns;
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
  command->add_option("--output", options.output, "folder for train.tsv, validation.tsv and test.tsv (text, label)")->required();
  command->callback([&options] {
    auto tables = empty_splits({"text", "label"});
    for (auto& row : debian_topics(read_debian_packages(options.lists))) {
      tables[split_of(row.source)].rows.push_back({std::move(row.text), std::move(row.topic)});
    }
    write_splits(options.output, tables);
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Makes the data sets of the examples; examples/data/README.md tells where each comes from.", "thaw-data");
  app.require_subcommand(1);
  DebianTopicsOptions debian_topics_options;
  add_debian_topics(app, debian_topics_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "thaw-data: {}\n", error.what());
    return 1;
  }
  return 0;
}
