// SPDX-License-Identifier: Apache-2.0
// Y4M films: colours and their blocks, what is written, what is refused.
#include "models/video/y4m.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;
using namespace std::string_literals;

namespace {

using Pixels = std::vector<uint8_t>;

std::string film(const std::string& fields, const std::string& frames) { return "YUV4MPEG2 " + fields + "\n" + frames; }
std::string error(const std::string& bytes) {
  return error_of<std::runtime_error>([&] { parse_y4m(bytes, "a.y4m"); });
}

// The red of a pixel, by a film whose blocks have Cb = 128 and other Cr: it tells the block.
std::vector<int> reds(const Film& film) {
  std::vector<int> found;
  for (size_t i = 0; i < film.pixels.size(); i += 3) found.push_back(film.pixels[i]);
  return found;
}

int largest_difference(const Pixels& a, const Pixels& b) {
  REQUIRE(a.size() == b.size());
  int largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// Every colour whose parts are multiples of 51, and some between, in two frames of 18 x 12.
Film colours() {
  Film film{.frames = 2, .height = 18, .width = 12, .rate = 30000, .rate_base = 1001, .pixels = {}};
  for (int i = 0; i < 2 * 18 * 12; ++i)
    for (const int part : {i % 6, i / 6 % 6, i / 36 % 6})
      film.pixels.push_back(static_cast<uint8_t>(std::min(255, part * 51 + i / 216 * 7)));
  return film;
}

}  // namespace

TEST_CASE("y4m: colours of BT.601, in the limited range and in the full one") {
  const auto pixel = [](const std::string& fields, int y, int cb, int cr) {
    const std::string frame{static_cast<char>(y), static_cast<char>(cb), static_cast<char>(cr)};
    return parse_y4m(film("W1 H1 C444" + fields, "FRAME\n" + frame), "a").pixels;
  };
  CHECK(pixel("", 16, 128, 128) == Pixels{0, 0, 0});
  CHECK(pixel("", 235, 128, 128) == Pixels{255, 255, 255});
  CHECK(pixel("", 126, 128, 128) == Pixels{128, 128, 128});
  CHECK(pixel("", 81, 90, 240) == Pixels{254, 0, 0});
  CHECK(pixel("", 145, 54, 34) == Pixels{0, 255, 1});
  CHECK(pixel("", 41, 240, 110) == Pixels{0, 0, 255});
  CHECK(pixel("", 0, 128, 128) == Pixels{0, 0, 0});
  CHECK(pixel(" XCOLORRANGE=LIMITED XYSCSS=444", 235, 128, 128) == Pixels{255, 255, 255});
  CHECK(pixel(" XCOLORRANGE=FULL", 235, 128, 128) == Pixels{235, 235, 235});
  CHECK(pixel(" XCOLORRANGE=FULL", 76, 85, 255) == Pixels{254, 0, 0});
}

TEST_CASE("y4m: each pixel has the colour of its block") {
  const auto at = [](int cr) {  // of Y 126
    const std::string frame{126, static_cast<char>(128), static_cast<char>(cr)};
    return reds(parse_y4m(film("W1 H1 C444", "FRAME\n" + frame), "a"))[0];
  };
  const int a = at(100), b = at(120), c = at(140), d = at(160);
  CHECK(a < b);
  const std::string luma(9, 126), blue(4, static_cast<char>(128)),
      red{100, 120, static_cast<char>(140), static_cast<char>(160)};
  const std::vector<int> in_blocks{a, a, b, a, a, b, c, c, d};
  for (const char* kind : {"", " C420", " C420jpeg", " C420mpeg2", " C420paldv"}) {
    CAPTURE(kind);
    const Film got = parse_y4m(film("W3 H3"s + kind, "FRAME\n" + luma + blue + red), "a");
    CHECK(got.frames == 1);
    CHECK(got.height == 3);
    CHECK(got.width == 3);
    CHECK(reds(got) == in_blocks);
  }
  const std::string six(6, 126);
  CHECK(reds(parse_y4m(film("W3 H2 C422", "FRAME\n" + six + blue + red), "a")) == std::vector<int>{a, a, b, c, c, d});
  const std::string two(2, static_cast<char>(128));
  CHECK(reds(parse_y4m(film("W6 H1 C411", "FRAME\n" + six + two + red.substr(0, 2)), "a")) ==
        std::vector<int>{a, a, a, a, b, b});
  CHECK(parse_y4m(film("W1 H2 Cmono", "FRAME\n\x10\xEB"), "a").pixels == Pixels{0, 0, 0, 255, 255, 255});
}

TEST_CASE("y4m: frames, rates and fields in any order") {
  const Film two = parse_y4m(film("F30000:1001 Cmono Ip A1:1 H1 W2 Xany", "FRAME\nabFRAME Ip\ncd"), "a");
  CHECK(two.frames == 2);
  CHECK(two.pixels.size() == 12);
  CHECK(two.rate == 30000);
  CHECK(two.rate_base == 1001);
  const Film unknown = parse_y4m(film("W1 H1 F0:0 I? Cmono", "FRAME\nx"), "a");
  CHECK(unknown.rate == 0);
  CHECK(unknown.rate_base == 1);
}

TEST_CASE("y4m: what is written is read") {
  const ScratchFolder folder;
  const std::string path = folder / "a.y4m";
  const Film film = colours();
  write_y4m(path, film, FilmChroma::full);
  const Film full = read_y4m(path);
  CHECK(full.frames == film.frames);
  CHECK(full.height == film.height);
  CHECK(full.width == film.width);
  CHECK(full.rate == film.rate);
  CHECK(full.rate_base == film.rate_base);
  CHECK(largest_difference(full.pixels, film.pixels) <= 2);

  Film blocks{.frames = 1, .height = 3, .width = 5, .rate = 0, .pixels = {}};  // of 2 x 2 pixels of one colour
  for (int i = 0; i < 15; ++i)
    for (const int part : {i % 5 / 2 * 100, i / 10 * 200, 50}) blocks.pixels.push_back(static_cast<uint8_t>(part));
  write_y4m(path, blocks);
  const Film read = read_y4m(path);
  CHECK(read.rate == 0);
  CHECK(largest_difference(read.pixels, blocks.pixels) <= 2);
}

TEST_CASE("y4m: a file appears whole or not at all") {
  const ScratchFolder folder;
  Film wrong = colours();
  wrong.pixels.pop_back();
  CHECK_THROWS_AS(write_y4m(folder / "a.y4m", wrong), std::invalid_argument);
  const std::string no_film = error_of<std::invalid_argument>([&] { write_y4m(folder / "a.y4m", Film{}); });
  CHECK(no_film.starts_with(folder / "a.y4m: a film of 0 frames"));
  CHECK_THROWS_AS(write_y4m(folder / "no/a.y4m", colours()), std::runtime_error);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("y4m: errors name the file, and the frame") {
  CHECK(error("") == "a.y4m: is empty");
  CHECK(error("YUV4MPEG3 W1 H1\n") == "a.y4m: is no YUV4MPEG2 file (.y4m)");
  CHECK(error("YUV4MPEG2W1 H1\n") == "a.y4m: is no YUV4MPEG2 file (.y4m)");
  CHECK(error("YUV4MPEG2 W1 H1") == "a.y4m: its first line does not end");
  CHECK(error("YUV4MPEG2 " + std::string(5000, 'X') + "\n") == "a.y4m: its first line does not end");
  CHECK(error(film("W1", "")) == "a.y4m: its first line has no width or no height");
  CHECK(error(film("W1 H1 W1", "")) == "a.y4m: its first line has W twice");
  CHECK(error(film("W1 H1 Q3", "")) == "a.y4m: its first line has \"Q3\", which is not known");
  for (const char* side : {"", "0", "-1", "16385", "99999999999999999999", "4x", " 4"})
    CHECK(error(film("H1 W"s + side, "")).starts_with("a.y4m: its width is \""));
  CHECK(error(film("W1 H0", "")) == "a.y4m: its height is \"0\", expected 1 to 16384 pixels");
  for (const char* rate : {"", "25", "25:", ":1", "25:0", "-25:1", "25:1:1", "9999999999:1"})
    CHECK(error(film("W1 H1 F"s + rate, "")).starts_with("a.y4m: its rate of frames is \""));
  for (const char* kind : {"420p10", "422p12", "mono16", "444alpha", "", "RGB"})
    CHECK(error(film("W1 H1 C"s + kind, "")).starts_with("a.y4m: its colours are C"));
  CHECK(error(film("W1 H1 It", "")) == "a.y4m: is interlaced (It), which is not read");
  const std::string good = "FRAME\nxyz";
  CHECK(error(film("W1 H1 C444", "")) == "a.y4m: has no frames");
  CHECK(error(film("W1 H1 C444", good + good + "FRAMX\nxyz")) ==
        "a.y4m: frame 3: begins with \"FRAMX\\u000a\", expected FRAME");
  CHECK(error(film("W1 H1 C444", good + "FRAME I")) == "a.y4m: frame 2: its line does not end");
  CHECK(error(film("W1 H1 C444", good + "FRAME\nxy")) == "a.y4m: frame 2: is cut off: 2 of 3 bytes");
  CHECK(error(film("W16384 H16384", "FRAME\n")) == "a.y4m: frame 1: is cut off: 0 of 402653184 bytes");
}
