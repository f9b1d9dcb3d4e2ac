// SPDX-License-Identifier: Apache-2.0
// thaw inspect: what is in a checkpoint?
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "examples/thaw/arguments.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/tensor_statistics.h"
#include "models/hub/shards.h"
#include "nn/name_pattern.h"
#include "tensor/check.h"
#include "tensor/shape.h"

namespace thaw {
namespace {

struct Arguments {
  std::string path;
  std::string pattern = "*";
  bool names_only = false;
};

void print_row(const SafetensorsEntry& entry, size_t name_width, bool statistics) {
  fmt::print("{:<{}}  {:<5} {:<16}", entry.name, name_width, entry.dtype, shape_text(entry.shape));
  if (statistics) {
    const auto s = tensor_statistics(entry);
    if (!s) {
      fmt::print(" {:>11} {:>11} {:>11} {:>11} {:>10}", "-", "-", "-", "-", "-");
    } else if (s->finite == 0) {
      fmt::print(" {:>11} {:>11} {:>11} {:>11} {:>10}", "-", "-", "-", "-", s->not_finite);
    } else {
      fmt::print(" {:>11.4g} {:>11.4g} {:>11.4g} {:>11.4g} {:>10}", s->min, s->max, s->mean, s->deviation,
                 s->not_finite);
    }
  }
  fmt::print("\n");
}

void inspect(const Arguments& a) {
  // A file is opened as it is, a directory by its model.safetensors or its index of shards.
  std::unique_ptr<SafetensorsFile> file;
  std::unique_ptr<ModelWeights> directory;
  std::vector<const SafetensorsEntry*> entries;
  if (std::filesystem::is_directory(a.path)) {
    directory = std::make_unique<ModelWeights>(a.path);
    entries = directory->entries();
  } else {
    file = std::make_unique<SafetensorsFile>(a.path);
    for (const SafetensorsEntry& entry : file->entries()) entries.push_back(&entry);
    std::ranges::sort(entries, {}, [](const SafetensorsEntry* entry) -> std::string_view { return entry->name; });
  }
  const size_t all = entries.size();
  const NamePattern pattern(a.pattern);
  std::erase_if(entries, [&](const SafetensorsEntry* entry) { return !pattern.matches(entry->name); });
  check(!entries.empty() || all == 0, "{}: none of the {} tensors matches \"{}\"", a.path, all, a.pattern);

  size_t width = 4;
  int64_t numbers = 0;
  uint64_t bytes = 0;
  for (const SafetensorsEntry* entry : entries) {
    width = std::max(width, entry->name.size());
    numbers += entry->count();
    bytes += entry->bytes.size();
  }
  fmt::print("{:<{}}  {:<5} {:<16}", "name", width, "dtype", "shape");
  if (!a.names_only) fmt::print(" {:>11} {:>11} {:>11} {:>11} {:>10}", "min", "max", "mean", "deviation", "not finite");
  fmt::print("\n");
  for (const SafetensorsEntry* entry : entries) print_row(*entry, width, !a.names_only);
  fmt::print("{} tensors, {} numbers, {:.1f} MB\n", entries.size(), numbers, static_cast<double>(bytes) / 1e6);
}

}  // namespace

void add_inspect(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command =
      app.add_subcommand("inspect", "list the tensors of a checkpoint: name, dtype, shape, range, mean, deviation");
  command->add_option("path", a->path, "a model's directory, or a .safetensors file")->required();
  command->add_option("--pattern", a->pattern, "only tensors whose names match: * ? [0-3] {a,b} {0..11}")
      ->check(pattern_error)
      ->capture_default_str();
  command->add_flag("--names-only", a->names_only, "no statistics: reads the header alone, however large the file");
  command->footer(
      "The patterns are those of --freeze and --train: see here what a rule would match. Numbers that are not finite\n"
      "(NaN, infinity) are counted in the last column and left out of the others.\n\n"
      "Example:\n"
      "  thaw inspect data/minilm --pattern '*LayerNorm*'");
  command->callback([a] { inspect(*a); });
}

}  // namespace thaw
