// SPDX-License-Identifier: Apache-2.0
// Pictures whose patches are covered, and what their predictions tell.
#include "examples/data/occlusion.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/data/scene_files.h"
#include "examples/data/tsv.h"
#include "models/data/table.h"
#include "models/image/picture_file.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

const Table covered{{"image", "question", "answer", "kind", "row", "column"},
                    {{"w.png", "colour?", "red", "colour", "", ""},
                     {"0.png", "colour?", "red", "colour", "0", "0"},
                     {"1.png", "colour?", "red", "colour", "0", "1"},
                     {"v.png", "many?", "2", "count", "", ""},
                     {"2.png", "many?", "2", "count", "0", "0"}}};
const Table predictions{{"label", "probability", "2", "blue", "red"},
                        {{"red", "0.9", "0.1", "0.2", "0.9"},
                         {"blue", "0.8", "0.1", "0.8", "0.25"},
                         {"red", "0.95", "0.1", "0.2", "0.95"},
                         {"blue", "0.5", "0.3", "0.5", "0.1"},
                         {"2", "0.6", "0.6", "0.1", "0.2"}}};

std::vector<Occlusion> read(const ScratchFolder& folder, const Table& table, const Table& said) {
  write_tsv(folder / "t.tsv", table);
  write_tsv(folder / "p.tsv", said);
  return occlusions_of(folder / "t.tsv", folder / "p.tsv");
}

}  // namespace

TEST_CASE("occlusion: of some questions of each kind, the whole picture and one for each patch that is covered") {
  if (!png_is_built()) return;
  const ScratchFolder folder;
  std::vector<uint8_t> pixels(18 * 18 * 3, 250);
  write_picture(folder / "a.png", pixels, 18, 18);
  const std::string table = folder
                                .write("t.tsv",
                                       "image\tquestion\tanswer\tkind\na.png\tcolour?\tred\tcolour\n"
                                       "a.png\tmany?\t2\tcount\na.png\twhich colour?\tred\tcolour\n")
                                .string();
  const std::string told =
      write_covered_pictures({.table = table, .output = folder / "out", .patch = 6, .cover = 8, .per_kind = 1});
  CHECK(told == fmt::format("{}: 2 questions, 20 rows\n", folder / "out/table.tsv"));
  const Table made = read_table(folder / "out/table.tsv");
  REQUIRE(made.rows.size() == 2 * (1 + 3 * 3));
  CHECK(made.rows[0][4].empty());
  CHECK(made.rows[10][1] == "many?");
  const auto grey_of = [&](size_t row) {
    const Picture picture = read_picture(folder / ("out/" + made.rows[row][0]));
    return std::ranges::count(picture.pixels, covering_grey);
  };
  CHECK(grey_of(0) == 0);
  CHECK(grey_of(1) == 7 * 7 * 3);  // at a corner
  CHECK(grey_of(5) == 8 * 8 * 3);  // in the middle
  // Pictures differ where they can.
  write_picture(folder / "b.png", pixels, 18, 18);
  folder.write("u.tsv",
               "image\tquestion\tanswer\tkind\na.png\tcolour?\tred\tcolour\na.png\tmany?\t2\tcount\n"
               "b.png\tmany red?\t1\tcount\nb.png\twhere?\tleft\tside\n");
  write_covered_pictures({.table = folder / "u.tsv", .output = folder / "others", .patch = 6, .cover = 8});
  std::vector<std::string> asked;
  for (const std::vector<std::string>& row : read_table(folder / "others/table.tsv").rows)
    if (row[4].empty()) asked.push_back(row[1]);
  CHECK(asked == std::vector<std::string>{"colour?", "many red?", "where?"});
  CHECK(made.rows[5][4] == "1");
  CHECK(made.rows[5][5] == "1");
  CHECK(error_of<std::runtime_error>([&] {
          write_covered_pictures({.table = table, .output = folder / "out"});
        }).ends_with("out: exists already"));
  const auto cover = [&](int64_t patch, int64_t side) {
    write_covered_pictures({.table = table, .output = folder / "none", .patch = patch, .cover = side});
  };
  CHECK(error_of([&] { cover(6, 4); }) == "cover 4: is less than a patch of 6 pixels");
  CHECK(error_of([&] { cover(6, 7); }) == "cover 7: a patch of 6 pixels has no place in its middle");
  CHECK(error_of<std::runtime_error>([&] { cover(4, 8); }) ==
        table + ":2: patches of 4 pixels do not divide a picture of 18 x 18");
  CHECK_FALSE(std::filesystem::exists(folder / "none"));
}

TEST_CASE("occlusion: a drop is how much less probable the answer is that was said of the whole picture") {
  const ScratchFolder folder;
  const std::vector<Occlusion> all = read(folder, covered, predictions);
  REQUIRE(all.size() == 2);
  CHECK(all[0].said == "red");
  CHECK(all[0].probability == 0.9);
  CHECK(all[0].rows == 1);
  CHECK(all[0].columns == 2);
  REQUIRE(all[0].drops.size() == 2);
  CHECK(all[0].drops[0] == doctest::Approx(0.65));
  CHECK(all[0].drops[1] == doctest::Approx(-0.05));
  CHECK(all[1].said == "blue");
  CHECK(all[1].answer == "2");
  CHECK(all[1].drops[0] == doctest::Approx(0.4));
}

TEST_CASE("occlusion: tables that do not fit are told of, each by its own name and line") {
  const ScratchFolder folder;
  const auto error = [&](const Table& table, const Table& said) {
    const std::string told = error_of<std::runtime_error>([&] { read(folder, table, said); });
    CHECK(told.starts_with(folder / ""));
    std::string message = told.substr((folder / "").size());
    if (const size_t second = message.find(folder / ""); second != message.npos)
      message.erase(second, (folder / "").size());
    return message;
  };
  Table fewer = predictions;
  fewer.rows.pop_back();
  CHECK(error(covered, fewer) == "p.tsv: ends before the prediction of t.tsv:6");
  Table more = predictions;
  more.rows.push_back(more.rows[0]);
  CHECK(error(covered, more) == "p.tsv:7: is of no row of t.tsv");
  Table odd = predictions;
  odd.rows[1][4] = "1.5";
  CHECK(error(covered, odd) == "p.tsv:3: \"1.5\" is no probability");
  Table headless = covered, said = predictions;
  headless.rows.erase(headless.rows.begin());
  said.rows.erase(said.rows.begin());
  CHECK(error(headless, said) == "t.tsv:2: comes before a whole picture");
  Table place = covered;
  place.rows[1][4] = "x";
  CHECK(error(place, predictions) == "t.tsv:3: \"x\" is no number of a patch");
  place.rows[1][4] = "3";
  CHECK(error(place, predictions) == "t.tsv: w.png has 2 covered pictures for 4 x 2 patches");
  Table rowless = covered;
  rowless.columns[4] = "line";
  CHECK(error(rowless, predictions).starts_with("t.tsv: has no column \"row\""));
  Table unnamed = predictions;
  unnamed.rows[0][0] = "green";
  CHECK(error(covered, unnamed).starts_with("p.tsv: has no column \"green\""));
  Table unlabelled = predictions;
  unlabelled.columns[0] = "said";
  CHECK(error(covered, unlabelled).starts_with("p.tsv: has no column \"label\""));
}
