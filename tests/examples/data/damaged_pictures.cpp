// SPDX-License-Identifier: Apache-2.0
// The data set of damaged pictures: squares, tables, splits; and how well numbers rank it.
#include "examples/data/damaged_pictures.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "examples/data/hash_split.h"
#include "examples/data/picture_damage.h"
#include "examples/data/ranked_kinds.h"
#include "models/data/table.h"
#include "models/image/picture_file.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

TEST_CASE("damaged pictures: a picture stands whole in the middle of a white square") {
  const Picture square = on_square({2, 4, 1, std::vector<uint8_t>(8, 7)}, 8);
  CHECK(square.channels == 3);
  for (int64_t y = 0; y < 8; ++y) CHECK(square.pixels[static_cast<size_t>(3 * 8 * y)] == (y < 2 || y >= 6 ? 255 : 7));
}

TEST_CASE("damaged pictures: each picture is in one split, with all its kinds and levels") {
  if (!png_is_built()) return;
  const ScratchFolder folder;
  fs::create_directories(folder / "in/more");
  int pictures = 0;
  std::set<Split> splits;
  for (int i = 0; i < 40; ++i)
    for (const std::string end : {"", "_red"}) {
      const auto shade = static_cast<uint8_t>(i);
      splits.insert(split_of(fmt::format("thing{}", i)));
      Picture picture{.height = 32, .width = 32};
      for (uint8_t pixel = 0; pixel < 128; ++pixel)
        for (int k = 0; k < 8; ++k) picture.pixels.insert(picture.pixels.end(), {pixel, shade, uint8_t(2 * pixel)});
      write_png(folder / fmt::format("in/more/thing{}{}.png", i, end), picture);
      ++pictures;
    }
  REQUIRE(splits.size() == 3);
  const std::string told = write_damaged_pictures({.pictures = folder / "in", .output = folder / "out", .side = 32});
  CHECK(told.find("train.tsv: ") != std::string::npos);
  std::map<std::string, std::set<std::string>> of_family;  // tables that it is in
  size_t rows = 0;
  for (const std::string part : {"train", "validation", "test"}) {
    const Table table = read_table(folder / ("out/" + part + ".tsv"));
    CHECK(table.columns == std::vector<std::string>{"image", "kind", "level", "score", "group", "name"});
    rows += table.rows.size();
    std::map<std::string, std::set<std::string>> levels;
    for (const auto& row : table.rows) {
      CHECK(fs::exists(fs::path(folder / "out") / row[0]));
      CHECK(std::stoi(row[3]) == -std::stoi(row[2]));
      levels[row[4]].insert(row[2]);
      of_family[row[5].substr(0, row[5].find_first_of("_."))].insert(part);
    }
    for (const auto& group : levels) CHECK(group.second.size() == most_damage + 1);
    const RankedTable ranked = RankedTable::read(folder / ("out/" + part + ".tsv"));
    const auto kinds = ranked_kinds(ranked, ranked.scores);
    CHECK(kinds.all.order.share() == 1);
    CHECK(kinds.kinds.size() == damage_names.size());
    for (const auto& kind : kinds.kinds) CHECK(kind.second.order.share() == 1);
  }
  CHECK(rows == static_cast<size_t>(pictures) * damage_names.size() * (most_damage + 1));
  for (const auto& family : of_family) CHECK(family.second.size() == 1);
  CHECK_THROWS_AS(write_damaged_pictures({.pictures = folder / "in", .output = folder / "out", .side = 32}),
                  std::runtime_error);
  // A grey picture loses no colours.
  fs::create_directories(folder / "grey");
  for (int i = 0; i < 40; ++i)
    write_png(folder / fmt::format("grey/thing{}.png", i),
              {4, 4, 1, {0, 9, 99, 8, 7, 40, 3, 2, 1, 200, 5, 6, 7, 8, 9, 0}});
  write_damaged_pictures({.pictures = folder / "grey", .output = folder / "greys", .side = 32});
  const RankedTable greys = RankedTable::read(folder / "greys/test.tsv");
  CHECK(ranked_kinds(greys, greys.scores).kinds.size() == damage_names.size() - 1);
  fs::create_directories(folder / "empty");
  CHECK(error_of<std::runtime_error>([&] {
          write_damaged_pictures({.pictures = folder / "empty", .output = folder / "none"});
        }).ends_with("empty: has no PNG files"));
  CHECK_FALSE(fs::exists(folder / "none"));
}

TEST_CASE("ranked kinds: pairs within groups, of each kind and of all; values belong to their pictures") {
  const ScratchFolder folder;
  const std::string file =
      folder
          .write("t.tsv",
                 "image\tscore\tkind\tgroup\na\t2\tall\t1\nb\t1\tall\t1\nc\t5\tall\t2\nd\t7\ty\t3\ne\t9\ty\t3\n")
          .string();
  const RankedTable table = RankedTable::read(file);
  const RankedKinds ranked = ranked_kinds(table, {5, 4, 0, 2, 1});
  const std::map<std::string, RankedKind>& kinds = ranked.kinds;
  CHECK(kinds.at("all").order.pairs == 1);
  CHECK(kinds.at("all").order.share() == 1);
  CHECK(kinds.at("y").order.share() == 0);
  CHECK(kinds.at("y").spearman == -1);
  CHECK(ranked.all.order.share() == 0.5);
  CHECK(ranked.all.spearman == 0);
  const std::string head = "value\timage\n", rows = "0.5\ta\n1\tb\n-2\tc\n3\td\n";
  CHECK(predicted_values(folder.write("v.tsv", head + rows + "4\te\n").string(), table) ==
        std::vector<double>{0.5, 1, -2, 3, 4});
  const auto error = [&](const std::string& text) {
    const std::string values = folder.write("v.tsv", text).string();
    const std::string said = error_of<std::runtime_error>([&] { predicted_values(values, table); });
    return said.substr(said.find("v.tsv"));
  };
  CHECK(error(head + rows) == "v.tsv: has 4 rows, the table that was predicted from 5");
  CHECK(error(head + rows + "4\tf\n").starts_with("v.tsv:6: \"f\" is not the picture"));
  CHECK(error(head + "no\ta\n") == "v.tsv:2: value is \"no\": expected a number");
  CHECK(RankedTable::read(folder.write("plain.tsv", "image\tscore\na\t1\nb\t2\n").string()).kinds ==
        std::vector<std::string>{"", ""});
}
