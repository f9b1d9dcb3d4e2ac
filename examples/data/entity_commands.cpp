// SPDX-License-Identifier: Apache-2.0
// Named entities: making of the data set, and the baseline.
#include "examples/data/entity_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "examples/data/bio_tags.h"
#include "examples/data/debian_entities.h"
#include "examples/data/debian_packages.h"
#include "examples/data/entity_files.h"
#include "examples/data/entity_lists.h"
#include "examples/data/hash_split.h"
#include "models/metrics/entities.h"
#include "models/metrics/precision_recall.h"

namespace thaw {
namespace {

struct Paths {
  std::filesystem::path lists, output, train, test;
};

void make(const Paths& paths) {
  std::map<Split, std::vector<TaggedRow>> splits;
  for (const auto split : all_splits) splits[split];
  for (auto& row : debian_entities(read_debian_packages(paths.lists), split_of)) {
    splits[split_of(row.source)].push_back({std::move(row.tokens), std::move(row.tags)});
  }
  FileSet files;
  std::string told;
  for (const auto& [split, rows] : splits) {
    const auto path = paths.output / (split_name(split) + ".jsonl");
    add_tagged_rows(files, path, rows);
    std::map<std::string, int> counts;
    for (const auto& row : rows) {
      for (const auto& entity : entities_of(row.tags)) ++counts[entity.type];
    }
    told += fmt::format("{}: {} rows", path.string(), rows.size());
    for (const auto& [type, count] : counts) told += fmt::format(", {} {}", count, type);
    told += "\n";
  }
  files.commit();
  fmt::print("{}", told);
}

void measure(const Paths& paths) {
  const EntityList list(read_tagged_rows(paths.train));
  const auto test = read_tagged_rows(paths.test);
  size_t wanted = 0, known = 0;
  for (const auto& row : test) {
    for (const auto& entity : entities_of(row.tags)) {
      ++wanted;
      known += list.has(words_of_entity(row.tokens, entity));
    }
  }
  const auto print = [](const std::string& name, const PrecisionRecall& scores) {
    fmt::print("{}: precision {:.3f}, recall {:.3f}, F1 {:.3f}\n", name, scores.precision, scores.recall, scores.f1);
  };
  const auto scores = list_scores(list, test);
  print("the list of training entities", scores.micro);
  for (const auto& [type, of_type] : scores.types) print("  " + type, of_type);
  fmt::print("  {} of {} entities of the test are on it\n", known, wanted);
}

}  // namespace

void add_entity_commands(CLI::App& app) {
  const auto paths = std::make_shared<Paths>();
  auto* maker = app.add_subcommand(
      "debian-entities", "words of package descriptions -> packages, licences, languages, which are marked by rule");
  maker->add_option("--lists", paths->lists, "folder that examples/fetch_debian_lists.sh filled")->required();
  maker->add_option("--output", paths->output, "folder for train.jsonl, validation.jsonl and test.jsonl")->required();
  maker->callback([paths] { make(*paths); });

  auto* baseline = app.add_subcommand(
      "entity-list", "the baseline: entities of the training data, wherever they stand; prints precision, recall, F1");
  baseline->add_option("train", paths->train, "JSONL of \"tokens\" and \"tags\" to list the entities of")->required();
  baseline->add_option("test", paths->test, "JSONL to measure on")->required();
  baseline->callback([paths] { measure(*paths); });
}

}  // namespace thaw
