// SPDX-License-Identifier: Apache-2.0
// Films as pictures: of each label the first, frames side by side, all of them or none.
#include "examples/data/film_strips.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "models/image/picture_file.h"
#include "models/video/y4m.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace fs = std::filesystem;

namespace {

// Two frames of 1 x 2 pixels: dark, then light.
struct Films {
  ScratchFolder folder;

  Films() {
    for (const int i : {0, 1})
      write_y4m(
          folder / fmt::format("{}.y4m", i),
          {.frames = 2, .height = 1, .width = 2, .pixels = {10, 10, 10, 10, 10, 10, 200, 200, 200, 200, 200, 200}});
  }
  std::string table(const std::string& rows) const { return folder.write("t.tsv", "video\tlabel\n" + rows).string(); }
};

}  // namespace

TEST_CASE("film strips: a picture of each label, in a folder of them alone") {
  if (!png_is_built()) return;
  const Films films;
  const std::string output = films.folder / "new/strips";
  CHECK(write_film_strips(films.table("0.y4m\tup\n1.y4m\tdown\n1.y4m\tup\n"), output) == output + ": 2 pictures\n");
  const Picture strip = read_picture(output + "/down.png");
  CHECK(strip.height == 4);
  CHECK(strip.width == 4 * (2 + 1 + 2));
  CHECK(strip.pixels.front() < 20);
  CHECK(strip.pixels[3 * 4 * 2] == 128);
  CHECK(strip.pixels.back() > 190);
  CHECK(fs::exists(output + "/up.png"));
}

TEST_CASE("film strips: what cannot be shown is told of by its line, and leaves nothing behind") {
  const Films films;
  const std::string output = films.folder / "new/strips";
  const auto error = [&](const std::string& rows) {
    const std::string table = films.table(rows);
    const std::string told = error_of<std::runtime_error>([&] { write_film_strips(table, output); });
    CHECK_FALSE(fs::exists(films.folder / "new"));
    return told.starts_with(table) ? told.substr(table.size()) : told;
  };
  for (const char* label : {"a/b", "../x", "/x"}) {
    INFO(label);
    CHECK(error(fmt::format("0.y4m\tup\n1.y4m\t{}\n", label)) ==
          fmt::format(":3: the label \"{}\" is no name of a file", label));
  }
  CHECK(error("0.y4m\t\n") == ":2: the label \"\" is no name of a file");
  CHECK(error("0.y4m\tup\nnone.y4m\tdown\n").find("none.y4m") != std::string::npos);
  CHECK(error("") == ": has no rows below its header");
  films.folder.write("new/strips/mine.txt", "kept");
  CHECK(error_of<std::runtime_error>([&] {
          write_film_strips(films.table("0.y4m\tup\n"), output);
        }).ends_with("strips: exists already"));
  CHECK(fs::exists(output + "/mine.txt"));
}
