// SPDX-License-Identifier: Apache-2.0
// Makes films of moving shapes, shows their frames, and tells what can be told of them without a model.
#include "examples/data/film_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "examples/data/film_baseline.h"
#include "examples/data/film_data.h"
#include "examples/data/labelled_texts.h"
#include "examples/data/scene_files.h"
#include "models/image/picture.h"
#include "models/video/y4m.h"
#include "tensor/check.h"

namespace thaw {
namespace {

void add_films(CLI::App& app) {
  const auto options = std::make_shared<FilmDataOptions>();
  CLI::App* command = app.add_subcommand("films", "films of one shape that moves, grows, turns or is still");
  command
      ->add_option("--output", options->output,
                   "new folder for films/ and train.tsv, validation.tsv, test.tsv, moving_train.tsv, moving_test.tsv "
                   "(video, label, speed)")
      ->required();
  const auto add_count = [&](const char* name, size_t& count, const char* what) {
    command->add_option(name, count, what)->check(CLI::Range(1, 10'000))->capture_default_str();
  };
  add_count("--train", options->train, "beginnings to learn from, twelve films of each");
  add_count("--validation", options->validation, "beginnings to validate by");
  add_count("--test", options->test, "beginnings of the test");
  command->add_option("--seed", options->seed, "of the draws")->capture_default_str();
  command->callback([options] { fmt::print("{}", write_film_data(*options)); });
}

struct BaselineOptions {
  std::filesystem::path train, test;
  std::string label_column = "label";
};

void add_baselines(CLI::App& app) {
  const auto options = std::make_shared<BaselineOptions>();
  CLI::App* command =
      app.add_subcommand("film-baselines",
                         "shares of films that the most frequent label, logistic regression on the first frame and on "
                         "what changes between frames classify rightly");
  command->add_option("train", options->train, "table of films to learn from (video, label)")->required();
  command->add_option("test", options->test, "table of films to judge by")->required();
  command->add_option("--label-column", options->label_column, "the column of labels")->capture_default_str();
  command->callback([options] {
    const FilmBaselines told = film_baselines(options->train, options->test, options->label_column);
    fmt::print("majority {:.3f}, first frame {:.3f}, changes {:.3f}\n", told.majority, told.first_frame, told.changes);
  });
}

// Each pixel as a square of so many; between two frames a grey line as wide.
constexpr int64_t magnified = 4;
constexpr uint8_t grey = 128;

int64_t strip_height(const Film& film) { return magnified * film.height; }
int64_t strip_width(const Film& film) { return magnified * (film.frames * (film.width + 1) - 1); }

// The frames side by side [strip_height, strip_width, 3].
std::vector<uint8_t> strip_of(const Film& film) {
  std::vector<uint8_t> pixels;
  for (int64_t y = 0; y < strip_height(film); ++y)
    for (int64_t x = 0; x < strip_width(film); ++x) {
      const int64_t frame = x / magnified / (film.width + 1), column = x / magnified % (film.width + 1);
      const int64_t at = frame * film.frame_bytes() + 3 * (y / magnified * film.width + column);
      for (int64_t part = at; part < at + 3; ++part)
        pixels.push_back(column == film.width ? grey : film.pixels[static_cast<size_t>(part)]);
    }
  return pixels;
}

struct StripOptions {
  std::filesystem::path table, output;
};

// Of each label the first film.
void write_strips(const StripOptions& options) {
  const LabelledTexts rows = labelled_texts(read_table(options.table), options.table, "video", "label");
  std::filesystem::create_directories(options.output);
  std::set<std::string> shown;
  for (size_t i = 0; i < rows.texts.size(); ++i) {
    if (!shown.insert(rows.labels[i]).second) continue;
    const Film film = read_y4m((options.table.parent_path() / rows.texts[i]).string());
    if (strip_width(film) > max_picture_pixels / strip_height(film))
      fail("{}: is too large a film for a picture", rows.texts[i]);
    const std::filesystem::path path = options.output / (rows.labels[i] + std::string(picture_extension));
    write_picture(path, strip_of(film), static_cast<int>(strip_height(film)), static_cast<int>(strip_width(film)));
  }
  fmt::print("{}: {} pictures\n", options.output.string(), shown.size());
}

void add_strips(CLI::App& app) {
  const auto options = std::make_shared<StripOptions>();
  CLI::App* command =
      app.add_subcommand("film-strips", "pictures LABEL.png of a film of each label, its frames side by side");
  command->add_option("table", options->table, "films (video, label)")->required();
  command->add_option("--output", options->output, "folder for the pictures")->required();
  command->callback([options] { write_strips(*options); });
}

}  // namespace

void add_film_commands(CLI::App& app) {
  add_films(app);
  add_baselines(app);
  add_strips(app);
}

}  // namespace thaw
