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
#include <string>

#include "examples/data/film_baseline.h"
#include "examples/data/film_data.h"
#include "examples/data/film_strips.h"

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

void add_strips(CLI::App& app) {
  struct Options {
    std::filesystem::path table, output;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("film-strips", "pictures LABEL.png of a film of each label, its frames side by side");
  command->add_option("table", options->table, "films (video, label)")->required();
  command->add_option("--output", options->output, "new folder for the pictures")->required();
  command->callback([options] { fmt::print("{}", write_film_strips(options->table, options->output)); });
}

}  // namespace

void add_film_commands(CLI::App& app) {
  add_films(app);
  add_baselines(app);
  add_strips(app);
}

}  // namespace thaw
