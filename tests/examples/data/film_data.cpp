// SPDX-License-Identifier: Apache-2.0
// Folders of films: what lies where, that a first frame goes on in all ways, the same each time, whole or not at all;
// what is told of them without a model.
#include "examples/data/film_data.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/data/film_baseline.h"
#include "examples/data/labelled_texts.h"
#include "examples/data/moving_shape.h"
#include "models/data/table.h"
#include "models/video/y4m.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace fs = std::filesystem;

namespace {

FilmDataOptions small_data(const fs::path& output) {
  return {.output = output, .train = 6, .validation = 1, .test = 3};
}

std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[fs::relative(entry.path(), folder).generic_string()] = read_bytes(entry.path().string());
  return files;
}

std::vector<uint8_t> first_frame(const fs::path& path) {
  Film film = read_y4m(path.string());
  film.pixels.resize(static_cast<size_t>(film.frame_bytes()));
  return film.pixels;
}

std::vector<std::string> speeds_in(const fs::path& table) {
  return labelled_texts(read_table(table), table, "video", "speed").labels;
}

}  // namespace

TEST_CASE("film data: each first frame is there with all twelve labels, in one split") {
  const ScratchFolder scratch;
  const fs::path folder = scratch.path() / "new" / "films";
  const std::string told = write_film_data(small_data(folder));
  CHECK(told.find((folder / "train.tsv").string() + ": 72 rows\n") != std::string::npos);
  CHECK(told.find((folder / "moving_test.tsv").string() + ": 33 rows\n") != std::string::npos);
  std::map<std::vector<uint8_t>, std::set<std::string>> beginnings;
  size_t films = 0;
  for (const std::string part : {"train", "validation", "test"}) {
    const Table table = read_table(folder / (part + ".tsv"));
    CHECK(table.columns == std::vector<std::string>{"video", "label", "speed"});
    films += table.rows.size();
    for (const auto& row : table.rows) {
      CHECK(read_y4m((folder / row[0]).string()).frames == film_frames);
      CHECK(beginnings[first_frame(folder / row[0])].insert(part + row[1]).second);
      CHECK((row[2] == "none") == (row[1] == "still"));
    }
  }
  CHECK(beginnings.size() == films / motions.size());
  for (const auto& [frame, labels] : beginnings) CHECK(labels.size() == motions.size());
  for (const std::string part : {"train", "test"})
    for (const auto& row : read_table(folder / ("moving_" + part + ".tsv")).rows) {
      CHECK(row[1] != "still");
      CHECK((row[2] == "slow" || row[2] == "fast"));
    }
  CHECK(files_in(folder).size() == films + 5);
}

TEST_CASE("film data: the same each time, and a part does not depend on another") {
  const ScratchFolder scratch;
  FilmDataOptions options = small_data(scratch.path() / "a");
  write_film_data(options);
  const auto first = files_in(options.output);
  options.output = scratch.path() / "b";
  write_film_data(options);
  CHECK(first == files_in(options.output));
  options.output = scratch.path() / "c";
  options.train = 2;
  write_film_data(options);
  const auto less = files_in(options.output);
  CHECK(less.at("test.tsv") == first.at("test.tsv"));
  CHECK(less.at("films/test/00035.y4m") == first.at("films/test/00035.y4m"));
  CHECK(first.at("train.tsv").starts_with(less.at("train.tsv")));
  options.output = scratch.path() / "d";
  options.seed = 2;
  write_film_data(options);
  CHECK(files_in(options.output).at("films/train/00000.y4m") != first.at("films/train/00000.y4m"));
  CHECK(error_of<std::runtime_error>([&] { write_film_data(options); }).ends_with("d: exists already"));
}

TEST_CASE("film baselines: the first frame is chance exactly, what changes is not") {
  const ScratchFolder scratch;
  FilmDataOptions options = small_data(scratch.path() / "films");
  options.train = 30;
  write_film_data(options);
  const fs::path train = options.output / "train.tsv", test = options.output / "test.tsv";
  const FilmBaselines told = film_baselines(train, test, "label");
  CHECK(told.majority == doctest::Approx(1.0 / 12));
  CHECK(told.first_frame == doctest::Approx(1.0 / 12));
  CHECK(told.changes > told.first_frame);
  const fs::path moving_train = options.output / "moving_train.tsv", moving_test = options.output / "moving_test.tsv";
  const FilmBaselines of_speed = film_baselines(moving_train, moving_test, "speed");
  CHECK(of_speed.majority == share_of(speeds_in(moving_test), majority_label(speeds_in(moving_train))));
  CHECK(of_speed.changes > of_speed.first_frame);
  const auto error = [&](const std::string& table) {
    const fs::path file = scratch.write("films/bad.tsv", "video\tlabel\n" + table);
    return error_of<std::runtime_error>([&] { film_baselines(train, file, "label"); });
  };
  CHECK(error("none.y4m\tup\n").find("none.y4m") != std::string::npos);
  scratch.write("films/short.y4m", "YUV4MPEG2 W2 H1 Cmono\nFRAME\nab");
  CHECK(error("short.y4m\tup\n").ends_with("short.y4m: has 1 frame of 1 x 2 pixels, and others have 8 of 32 x 32"));
}
