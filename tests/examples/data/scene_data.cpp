// SPDX-License-Identifier: Apache-2.0
// Folders of scenes: what lies where, the same each time, and whole or not at all.
#include "examples/data/scene_data.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>

#include "examples/data/scene_captions.h"
#include "examples/data/scene_checker.h"
#include "examples/data/scene_files.h"
#include "models/data/table.h"
#include "models/image/picture_file.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace fs = std::filesystem;

namespace {

SceneDataOptions small_data(const fs::path& output) {
  SceneDataOptions options;
  options.output = output;
  options.canvas = 18;
  options.train = 40;
  options.validation = options.test = 12;
  options.questions = 2;
  return options;
}

std::map<std::string, std::string> files_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      files[fs::relative(entry.path(), folder).generic_string()] = read_bytes(entry.path().string());
  return files;
}

std::string read_error(const ScratchFolder& folder, const std::string& bytes) {
  const fs::path path = folder.write("a.png", bytes);
  const std::string error = error_of<std::runtime_error>([&] { read_scene_picture(path); });
  CHECK(error.starts_with(path.string() + ": "));
  return error.substr(path.string().size() + 2);
}

}  // namespace

TEST_CASE("scene data: tables beside pictures, and captions that are true of them") {
  const ScratchFolder scratch;
  const fs::path folder = scratch.path() / "new" / "scenes";
  const std::string told = write_scene_data(small_data(folder));
  CHECK(told.find((folder / "train.tsv").string() + ": 40 rows\n") != std::string::npos);
  size_t pictures = 0;
  std::set<std::string> learnt;
  for (const std::string part : {"train", "validation", "test_seen", "test_new"}) {
    CAPTURE(part);
    const Table table = read_table(folder / (part + ".tsv"));
    CHECK(table.columns == std::vector<std::string>{"image", "text"});
    CHECK(table.rows.size() == (part == "train" ? 40 : 12));
    for (const auto& row : table.rows) {
      ++pictures;
      const auto pixels = read_scene_picture(folder / row[0]);
      CHECK(judged(pixels, described(row[1])).caption_right);
      const std::string bytes(pixels.begin(), pixels.end());
      if (part == "train")
        learnt.insert(bytes);
      else
        CHECK(learnt.count(bytes) == 0);
    }
    const Table questions = read_table(folder / ("questions_" + part + ".tsv"));
    CHECK(questions.columns == std::vector<std::string>{"image", "question", "answer", "kind"});
    CHECK(questions.rows.size() <= 2 * table.rows.size());
    CHECK(questions.rows.size() > table.rows.size());
    for (const auto& row : questions.rows) CHECK(fs::exists(folder / row[0]));
  }
  for (const std::string part : {"one_object_seen", "one_object_new"}) {
    const Table table = read_table(folder / (part + ".tsv"));
    CHECK(table.columns == std::vector<std::string>{"image", "label"});
    CHECK(table.rows.size() == 12);
    for (const auto& row : table.rows) {
      ++pictures;
      CHECK(judged(read_scene_picture(folder / row[0]), described("a " + row[1])).caption_right);
    }
  }
  CHECK(read_table(folder / "labels.txt").rows.size() == 48);
  CHECK(files_in(folder).size() == pictures + 4 + 4 + 2 + 1);
}

TEST_CASE("scene data: the same each time; captions do not depend on questions, nor a part on another") {
  const ScratchFolder scratch;
  SceneDataOptions options = small_data(scratch.path() / "a");
  write_scene_data(options);
  const auto first = files_in(options.output);
  options.output = scratch.path() / "b";
  write_scene_data(options);
  CHECK(first == files_in(options.output));
  options.output = scratch.path() / "c";
  options.questions = 0;
  options.train = 20;
  write_scene_data(options);
  const auto without = files_in(options.output);
  CHECK(without.count("questions_train.tsv") == 0);
  CHECK(without.at("test_seen.tsv") == first.at("test_seen.tsv"));
  CHECK(first.at("train.tsv").starts_with(without.at("train.tsv")));
  options.output = scratch.path() / "d";
  options.seed = 2;
  write_scene_data(options);
  CHECK(files_in(options.output).at("train.tsv") != without.at("train.tsv"));
}

TEST_CASE("scene data: a folder that is there stays as it is, and nothing is left of what cannot be made") {
  const ScratchFolder scratch;
  scratch.write("there/mine.txt", "mine");
  SceneDataOptions options = small_data(scratch.path() / "there");
  CHECK(error_of<std::runtime_error>([&] { write_scene_data(options); }).ends_with("there: exists already"));
  options.output = scratch.path() / "other" / "scenes";
  options.most_objects = 2;
  CHECK(error_of([&] { write_scene_data(options); }) == "questions need pictures of up to 3 objects or more, not 2");
  CHECK(files_in(scratch.path()).size() == 1);
  CHECK(!fs::exists(scratch.path() / "other"));
}

TEST_CASE("scene files: what is no picture of a scene") {
  const ScratchFolder scratch;
  CHECK(read_error(scratch, "").ends_with("is empty, a picture is expected"));
  CHECK(read_error(scratch, "P6\n18 36\n255\n" + std::string(18 * 36 * 3, 'a')) ==
        "has 36 x 18 pixels; scenes have 18 x 18, 36 x 36 or 60 x 60");
  if (!png_is_built()) {
    MESSAGE("skipped: thaw was built without libpng");
    return;
  }
  const std::vector<uint8_t> pixels(18 * 18 * 3, 10);
  write_picture(scratch / "b.png", pixels, 18, 18);
  CHECK(read_scene_picture(scratch / "b.png") == pixels);
  CHECK(error_of<std::runtime_error>([&] {
          write_picture(scratch.path() / "none" / "b.png", pixels, 18, 18);
        }).ends_with("b.png: cannot be written"));
}
