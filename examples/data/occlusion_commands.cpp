// SPDX-License-Identifier: Apache-2.0
// Makes pictures with grey patches, and a sheet of what their predictions tell.
#include "examples/data/occlusion_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "examples/charts/picture_sheet.h"
#include "examples/data/occlusion.h"
#include "models/image/picture_file.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

void add_cover_patches(CLI::App& app) {
  const auto options = std::make_shared<CoverOptions>();
  CLI::App* command = app.add_subcommand(
      "cover-patches", "some questions about pictures, the picture whole and with each patch covered in turn");
  command->add_option("table", options->table, "questions (image, question, answer, kind)")->required();
  command->add_option("--patch", options->patch, "pixels of a patch's side, which divides the pictures' sides")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--cover", options->cover, "pixels of the side of what is grey, a patch in its middle")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--per-kind", options->per_kind, "questions of each kind, the first ones")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--output", options->output, "new folder for table.tsv and pictures/")->required();
  command->callback([options] { fmt::print("{}", write_covered_pictures(*options)); });
}

struct SheetOptions {
  std::filesystem::path table, predictions, output;
};

// A patch has the share of the probability that is lost without it.
SheetPicture sheet_picture(const Occlusion& occlusion, const std::filesystem::path& folder) {
  const Picture picture = as_rgb(read_picture((folder / occlusion.image).string()));
  std::vector<double> shares;
  for (const double drop : occlusion.drops)
    shares.push_back(occlusion.probability > 0 ? drop / occlusion.probability : 0);
  return {
      picture.height,
      picture.width,
      picture.pixels,
      {occlusion.question,
       fmt::format("{} ({:.2f}){}", occlusion.said, occlusion.probability,
                   occlusion.said == occlusion.answer ? "" : ", not " + occlusion.answer),
       fmt::format("with a patch covered {:.2f} or more", occlusion.probability - std::ranges::max(occlusion.drops))},
      occlusion.rows,
      occlusion.columns,
      shares};
}

void write_sheet(const SheetOptions& o) {
  std::vector<SheetPicture> pictures;
  for (const Occlusion& occlusion : occlusions_of(o.table, o.predictions))
    pictures.push_back(sheet_picture(occlusion, o.table.parent_path()));
  write_file_atomically(o.output.string(),
                        picture_sheet_svg(pictures, "Questions, answers, and the patches that answers need"));
}

void add_occlusion_sheet(CLI::App& app) {
  const auto options = std::make_shared<SheetOptions>();
  CLI::App* command = app.add_subcommand(
      "occlusion-sheet", "an SVG of questions with answers: patches without which an answer is as probable are faded");
  command->add_option("table", options->table, "as cover-patches made it")->required();
  command->add_option("predictions", options->predictions, "`thaw predict --probabilities` of it")->required();
  command->add_option("--output", options->output, "SVG file")->required();
  command->callback([options] { write_sheet(*options); });
}

}  // namespace

void add_occlusion_commands(CLI::App& app) {
  add_cover_patches(app);
  add_occlusion_sheet(app);
}

}  // namespace thaw
