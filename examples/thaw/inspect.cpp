// SPDX-License-Identifier: Apache-2.0
// thaw inspect: what is in a checkpoint?
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/tensor_statistics.h"
#include "models/families.h"
#include "models/hub/change_directory.h"
#include "models/hub/shards.h"
#include "nn/name_pattern.h"
#include "tensor/check.h"
#include "tensor/io/foreign_file.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"
#include "tensor/shape.h"

namespace thaw {
namespace {

struct Arguments {
  std::string path;
  std::string pattern = "*";
  bool names_only = false;
};

// A tensor of the file and the name that a freezing rule knows it by.
struct Row {
  const SafetensorsEntry* entry;
  std::string name;
};

// How the family of models that a directory's config.json names calls its tensors; nothing if it is not known.
std::optional<CheckpointNames> names_of_family(const std::filesystem::path& directory) {
  try {
    const Json config = Json::read((directory / "config.json").string());
    return family_of(config).checkpoint_names(config);
  } catch (const std::runtime_error&) {  // weights are listed whatever lies beside them
  }
  return {};
}

// Without what peft puts before it.
std::string name_in_model(const std::string& name) {
  for (const std::string_view prefix : {"base_model.model.", "base_model."})
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  return name;
}

// Prints a tensor's numbers; returns how many are not finite.
int64_t print_statistics(const SafetensorsEntry& entry) {
  const auto s = tensor_statistics(entry);
  if (!s) {
    fmt::print(" {:>11} {:>11} {:>11} {:>11} {:>10}", "-", "-", "-", "-", "-");
    return 0;
  }
  if (s->finite == 0) {
    fmt::print(" {:>11} {:>11} {:>11} {:>11} {:>10}", "-", "-", "-", "-", s->not_finite);
  } else {
    fmt::print(" {:>11.4g} {:>11.4g} {:>11.4g} {:>11.4g} {:>10}", s->min, s->max, s->mean, s->deviation, s->not_finite);
  }
  return s->not_finite;
}

void print_rows(const std::vector<Row>& rows, bool statistics) {
  size_t width = 4;
  int64_t numbers = 0, not_finite = 0;
  uint64_t bytes = 0;
  std::string first_not_finite;
  const bool renamed = std::ranges::any_of(rows, [](const Row& row) { return row.name != row.entry->name; });
  for (const Row& row : rows) {
    width = std::max(width, row.name.size());
    numbers += row.entry->count();
    bytes += row.entry->bytes.size();
  }
  fmt::print("{:<{}}  {:<5} {:<16}", "name", width, "dtype", "shape");
  if (statistics) fmt::print(" {:>11} {:>11} {:>11} {:>11} {:>10}", "min", "max", "mean", "deviation", "not finite");
  fmt::print("{}\n", renamed ? "  in the file" : "");
  for (const Row& row : rows) {
    fmt::print("{:<{}}  {:<5} {:<16}", row.name, width, row.entry->dtype, shape_text(row.entry->shape));
    if (const int64_t bad = statistics ? print_statistics(*row.entry) : 0; bad > 0) {
      if (not_finite == 0) first_not_finite = row.name;
      not_finite += bad;
    }
    if (row.name != row.entry->name) fmt::print("  {}", row.entry->name);
    fmt::print("\n");
  }
  fmt::print("{} tensors, {} numbers, {:.1f} MB\n", rows.size(), numbers, static_cast<double>(bytes) / 1e6);
  if (not_finite > 0) fmt::print("{} numbers are not finite, the first in {}\n", not_finite, first_not_finite);
}

void inspect(const Arguments& a) {
  // A file is opened as it is, a directory by its model.safetensors or its index of shards, or what it has of a change.
  std::unique_ptr<SafetensorsFile> file;
  std::unique_ptr<ModelWeights> directory;
  std::vector<const SafetensorsEntry*> entries;
  const bool is_directory = std::filesystem::is_directory(a.path);
  const bool is_change = is_directory && holds_change(a.path);
  if (is_directory && !is_change) {
    directory = std::make_unique<ModelWeights>(a.path);
    entries = directory->entries();
  } else {
    const std::string opened = is_change ? change_weights(a.path) : a.path;
    check_not_foreign(opened);
    file = std::make_unique<SafetensorsFile>(opened);
    for (const SafetensorsEntry& entry : file->entries()) entries.push_back(&entry);
    std::ranges::sort(entries, {}, [](const SafetensorsEntry* entry) -> std::string_view { return entry->name; });
  }
  const std::filesystem::path path = a.path;
  const auto names = names_of_family(is_directory ? path : path.parent_path());
  const NamePattern pattern(a.pattern);
  std::vector<Row> rows;
  for (const SafetensorsEntry* entry : entries) {
    const std::string own = is_change ? name_in_model(entry->name) : entry->name;
    const std::string name = names ? parameter_name(*names, own) : own;
    if (pattern.matches(name) || pattern.matches(entry->name)) rows.push_back({entry, name});
  }
  check(!rows.empty() || entries.empty(), "{}: none of the {} tensors matches \"{}\"", a.path, entries.size(),
        a.pattern);
  if (is_change) fmt::print("a change of the model {}\n", quote(base_of_change(a.path).path));
  print_rows(rows, !a.names_only);
}

}  // namespace

void add_inspect(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("inspect", "list the tensors of a checkpoint: name, dtype, shape, range, mean, deviation");
  command->add_option("path", a->path, "a model's directory, or a .safetensors file")->required()->type_name("PATH");
  command->add_option("--pattern", a->pattern, "only tensors whose names match: * ? [0-3] {a,b} {0..11}")
      ->check(pattern_error)
      ->capture_default_str();
  command->add_flag("--names-only", a->names_only, "no statistics: reads the header alone, however large the file");
  command->footer(
      "The patterns are those of --freeze and --train: see here what a rule would match. The names are those that "
      "rules\n"
      "know, whatever the file calls its tensors (an encoder saved by itself lacks \"bert.\", old files say gamma and\n"
      "beta): where the two differ, the file's name stands at the end of the line, and a pattern may match it as "
      "well.\n"
      "Numbers that are not finite (NaN, infinity) are counted in the last column and left out of the others.\n\n"
      "Example:\n"
      "  thaw inspect data/minilm --pattern '*LayerNorm*'");
  command->callback([a] { inspect(*a); });
}

}  // namespace thaw
