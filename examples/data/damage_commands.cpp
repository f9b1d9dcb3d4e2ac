// SPDX-License-Identifier: Apache-2.0
// Makes damaged pictures, and tells how well they are ranked.
#include "examples/data/damage_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "examples/data/damaged_pictures.h"
#include "examples/data/picture_damage.h"
#include "examples/data/ranked_kinds.h"
#include "models/image/picture_file.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

void add_damaged_pictures(CLI::App& app) {
  const auto options = std::make_shared<DamagedPicturesOptions>();
  CLI::App* command = app.add_subcommand("damaged-pictures", "pictures, each damaged in eight ways to four degrees");
  command->add_option("--pictures", options->pictures, "folder of PNG files, or of folders of them")->required();
  command
      ->add_option("--output", options->output,
                   "new folder for pictures/ and train.tsv, validation.tsv, test.tsv (image, kind, level, score, "
                   "group, name)")
      ->required();
  command->add_option("--side", options->side, "of the square that a picture is brought to, in pixels")
      ->check(CLI::IsMember({32, 64, 96, 128}))
      ->capture_default_str();
  command->add_option("--most", options->most, "pictures, the first by name (default: all)")
      ->check(CLI::Range(size_t{1}, size_t{1'000'000}));
  command->callback([options] { fmt::print("{}", write_damaged_pictures(*options)); });
}

struct RankedOptions {
  std::string table, values;
};

std::string row_of(const RankedKind& kind) {
  return fmt::format("{:>10.4f}{:>10.4f}", kind.order.share(), kind.spearman);
}

void tell_ranked(const RankedOptions& o) {
  const RankedTable table = RankedTable::read(o.table);
  const std::filesystem::path folder = std::filesystem::path(o.table).parent_path();
  std::vector<double> sharpness;
  for (const std::string& image : table.images)
    sharpness.push_back(laplacian_variance(read_picture((folder / image).string())));
  const RankedKinds by_sharpness = ranked_kinds(table, sharpness);
  RankedKinds by_model;
  if (!o.values.empty()) by_model = ranked_kinds(table, predicted_values(o.values, table));
  fmt::print("{:<14}{:>10}{:>20}{}\n", "", "", "by sharpness", o.values.empty() ? "" : fmt::format("{:>20}", "model"));
  fmt::print("{:<14}{:>10}{:>10}{:>10}{}\n", "kind", "pairs", "pairs", "spearman",
             o.values.empty() ? "" : fmt::format("{:>10}{:>10}", "pairs", "spearman"));
  const auto tell = [&](const std::string& name, const RankedKind& kind, const RankedKind& said) {
    fmt::print("{:<14}{:>10}{}{}\n", name, kind.order.pairs, row_of(kind), o.values.empty() ? "" : row_of(said));
  };
  tell("all", by_sharpness.all, by_model.all);
  for (const auto& [name, kind] : by_sharpness.kinds) tell(quote_if_odd(name), kind, by_model.kinds[name]);
}

void add_ranked_pictures(CLI::App& app) {
  const auto options = std::make_shared<RankedOptions>();
  CLI::App* command = app.add_subcommand(
      "ranked-pictures", "share of pairs in order, and Spearman's correlation within groups, kind by kind");
  command->add_option("table", options->table, "pictures and their scores (image, score, perhaps kind and group)")
      ->required();
  command->add_option("--values", options->values, "what `thaw predict` told of the same table, in TSV (value, image)");
  command->callback([options] { tell_ranked(*options); });
}

}  // namespace

void add_damage_commands(CLI::App& app) {
  add_damaged_pictures(app);
  add_ranked_pictures(app);
}

}  // namespace thaw
