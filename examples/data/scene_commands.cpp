// SPDX-License-Identifier: Apache-2.0
// Makes scenes with captions and questions, and judges pictures of scenes.
#include "examples/data/scene_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/data/nearest_text.h"
#include "examples/data/scene_captions.h"
#include "examples/data/scene_checker.h"
#include "examples/data/scene_data.h"
#include "examples/data/scene_files.h"
#include "examples/data/scene_retrieval.h"
#include "models/data/table.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Calls f(cells) for each row of a table with these columns; its errors are the row's.
template <typename F>
void for_rows(const std::filesystem::path& file, const std::vector<std::string>& columns, const F& f) {
  TableReading wanted;
  wanted.columns = columns;
  TableReader reader(file, wanted);
  for (TableRow row; reader.next(row);) {
    try {
      f(row.cells);
    } catch (const std::runtime_error& error) {
      fail("{}: {}", reader.where(row), error.what());
    }
  }
}

// Calls f(pixels, caption) for each row of a table (image, relative to its folder; text).
template <typename F>
void for_pictures(const std::filesystem::path& file, const F& f) {
  for_rows(file, {"image", "text"}, [&](const std::vector<std::string>& cells) {
    f(read_scene_picture(file.parent_path() / cells[0]), cells[1]);
  });
}

void print_share(const char* what, size_t right, size_t all) {
  if (all > 0)
    fmt::print("{} {:.4f} ({} of {})\n", what, static_cast<double>(right) / static_cast<double>(all), right, all);
}

SceneVerdicts verdicts_on(const std::filesystem::path& file) {
  SceneVerdicts all;
  for_pictures(
      file, [&](const std::vector<uint8_t>& rgb, const std::string& text) { all.add(judged(rgb, described(text))); });
  return all;
}

// Of each caption the picture of the one in `known` that is nearest to it, in the place of its own.
SceneVerdicts verdicts_on_nearest(const std::filesystem::path& file, const std::filesystem::path& known) {
  const Table table = read_table(known);
  const size_t image = table.column("image", known), text = table.column("text", known);
  std::vector<std::string> texts, queries;
  for (const std::vector<std::string>& row : table.rows) texts.push_back(row[text]);
  std::vector<SceneDescription> asked;
  for_rows(file, {"text"}, [&](const std::vector<std::string>& cells) {
    asked.push_back(described(cells[0]));
    queries.push_back(cells[0]);
  });
  const std::vector<size_t> nearest = nearest_texts(texts, queries);
  SceneVerdicts all;
  for (size_t i = 0; i < asked.size(); ++i)
    all.add(judged(read_scene_picture(known.parent_path() / table.rows[nearest[i]][image]), asked[i]));
  return all;
}

void print_verdicts(const SceneVerdicts& all) {
  print_share("objects", all.right, all.named);
  print_share("relations", all.relations_right, all.relations);
  print_share("captions", all.captions_right, all.captions);
}

void measure_retrieval(const std::filesystem::path& file) {
  std::vector<ColourShares> pictures, captions;
  for_pictures(file, [&](const std::vector<uint8_t>& rgb, const std::string& text) {
    captions.push_back(shares_in_caption(text));
    pictures.push_back(shares_in_picture(rgb));
  });
  if (pictures.empty()) fail("{}: has no rows", file.string());
  fmt::print("{:.4f}\n", first_by_colours(pictures, captions));
}

void add_measure(CLI::App& app, const char* name, const char* help, void (*measure)(const std::filesystem::path&)) {
  const auto table = std::make_shared<std::filesystem::path>();
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("table", *table, "pictures of scenes and their captions (image, text)")->required();
  command->callback([table, measure] { measure(*table); });
}

void add_check(CLI::App& app) {
  struct Tables {
    std::filesystem::path pictures, known;
  };
  const auto tables = std::make_shared<Tables>();
  CLI::App* command =
      app.add_subcommand("check-scenes", "share of objects, relations and whole captions that pictures show");
  command->add_option("table", tables->pictures, "pictures of scenes and their captions (image, text)")->required();
  const CLI::Option* nearest =
      command->add_option("--nearest", tables->known,
                          "of each caption judge the picture of the caption in this table that is nearest to it "
                          "(TF-IDF): what a model that draws must beat");
  command->callback([tables, nearest] {
    print_verdicts(nearest->count() > 0 ? verdicts_on_nearest(tables->pictures, tables->known)
                                        : verdicts_on(tables->pictures));
  });
}

void add_scenes(CLI::App& app) {
  const auto options = std::make_shared<SceneDataOptions>();
  CLI::App* command = app.add_subcommand("scenes", "pictures of coloured shapes with captions, and questions on them");
  command
      ->add_option("--output", options->output,
                   "new folder for pictures/ and train.tsv, validation.tsv, test_seen.tsv, test_new.tsv (image, text), "
                   "one_object_seen.tsv, one_object_new.tsv (image, label)")
      ->required();
  command->add_option("--size", options->canvas, "of a picture's side in pixels")
      ->check(CLI::IsMember({18, 36, 60}))
      ->capture_default_str();
  const auto add_count = [&](const char* name, size_t& count, const char* what, size_t least, size_t most) {
    command->add_option(name, count, what)->check(CLI::Range(least, most))->capture_default_str();
  };
  constexpr size_t most_pictures = 1'000'000;
  add_count("--most-objects", options->most_objects, "of a picture", 1, 4);
  add_count("--train", options->train, "pictures to learn from", 1, most_pictures);
  add_count("--validation", options->validation, "pictures to validate by", 1, most_pictures);
  add_count("--test", options->test, "pictures of each test, at most: no two show the same", 1, most_pictures);
  add_count("--questions", options->questions,
            "of a picture, for questions_train.tsv and so on (image, question, answer, kind)", 0, 20);
  command->add_option("--seed", options->seed, "of the draws")->capture_default_str();
  command->callback([options] { fmt::print("{}", write_scene_data(*options)); });
}

}  // namespace

void add_scene_commands(CLI::App& app) {
  add_scenes(app);
  add_check(app);
  add_measure(app, "scene-retrieval", "share of captions whose picture is the nearest by colours alone (R@1)",
              measure_retrieval);
}

}  // namespace thaw
