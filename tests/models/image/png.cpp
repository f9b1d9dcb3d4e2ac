// SPDX-License-Identifier: Apache-2.0
// PNG files: all kinds of pixels, what is damaged, and what is written.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/image/picture_file.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/image/damage.h"
#include "tests/models/image/made_png.h"
#include "tests/models/image/printed.h"
#include "tests/scratch_folder.h"

using namespace thaw;
using namespace std::string_view_literals;

namespace {

using Numbers = std::vector<uint8_t>;

bool is_skipped() {
  if (!png_is_built()) MESSAGE("skipped: thaw was built without libpng");
  return !png_is_built();
}

std::string bytes_of(std::string_view text) { return std::string(text); }

// Numbers that no two pixels share, as far as there are enough.
Picture counted(int64_t height, int64_t width, int64_t channels) {
  Picture picture{height, width, channels, {}};
  for (int64_t i = 0; i < height * width * channels; ++i) picture.pixels.push_back(static_cast<uint8_t>(i * 37));
  return picture;
}

std::string written(const Picture& picture) {
  const ScratchFolder folder;
  write_png(folder / "a.png", picture);
  return read_bytes(folder / "a.png");
}

}  // namespace

TEST_CASE("png: what is written is read again") {
  if (is_skipped()) return;
  const ScratchFolder folder;
  for (const int64_t channels : {1, 3})
    for (const auto& [height, width] : {std::pair{1, 1}, {1, 7}, {9, 1}, {5, 8}, {31, 33}}) {
      const Picture picture = counted(height, width, channels);
      write_png(folder / "a name without an ending", picture);
      CHECK(read_picture(folder / "a name without an ending") == picture);
    }
  CHECK_THROWS_AS(write_png(folder / "no/a.png", counted(2, 2, 3)), std::runtime_error);
  CHECK(error_of([&] {
          write_png(folder / "a.png", {2, 2, 3, Numbers(11)});
        }) == "a picture of 2 x 2 x 3 has 11 numbers");
  CHECK_THROWS_AS(write_png(folder / "a.png", {2, 2, 4, Numbers(16)}), std::invalid_argument);
  CHECK_THROWS_AS(write_png(folder / "a.png", {0, 2, 1, {}}), std::invalid_argument);
  CHECK(!std::filesystem::exists(folder / "a.png"));
}

TEST_CASE("png: 16 bits lose the lower 8, fewer bits are spread") {
  if (is_skipped()) return;
  MadePng deep{.width = 2, .depth = 16, .rows = bytes_of("\0\x12\xFF\x34\x01"sv)};
  CHECK(parse_picture(deep.bytes(), "a") == Picture{1, 2, 1, {0x12, 0x34}});
  deep = {.depth = 16, .colour = 2, .rows = bytes_of("\0\x80\xFF\x00\xFF\x7F\xFF"sv)};
  CHECK(parse_picture(deep.bytes(), "a") == Picture{1, 1, 3, {0x80, 0, 0x7F}});
  const MadePng one_bit{.width = 9, .depth = 1, .rows = bytes_of("\0\xA5\x80"sv)};
  CHECK(parse_picture(one_bit.bytes(), "a") == Picture{1, 9, 1, {255, 0, 255, 0, 0, 255, 0, 255, 255}});
  const MadePng four_bits{.width = 2, .depth = 4, .rows = bytes_of("\0\x1E"sv)};
  CHECK(parse_picture(four_bits.bytes(), "a") == Picture{1, 2, 1, {17, 238}});
}

TEST_CASE("png: palettes, and what is transparent is laid over white") {
  if (is_skipped()) return;
  const std::string palette = png_chunk("PLTE", bytes_of("\x0A\x14\x1E\xC8\x64\x00"sv));
  MadePng png{.width = 2, .depth = 2, .colour = 3, .chunks = palette, .rows = bytes_of("\0\x40"sv)};
  CHECK(parse_picture(png.bytes(), "a") == Picture{1, 2, 3, {200, 100, 0, 10, 20, 30}});
  png.chunks += png_chunk("tRNS", bytes_of("\x00\x80"sv));
  // (200 * 128 + 255 * 127) / 255 = 227.4, ...; nothing is left of the first colour
  CHECK(parse_picture(png.bytes(), "a") == Picture{1, 2, 3, {227, 177, 127, 255, 255, 255}});

  const MadePng key{.width = 2, .chunks = png_chunk("tRNS", bytes_of("\0\x05"sv)), .rows = bytes_of("\0\x05\x06"sv)};
  CHECK(parse_picture(key.bytes(), "a") == Picture{1, 2, 1, {255, 6}});
  const MadePng grey{.width = 3, .colour = 4, .rows = bytes_of("\0\x40\xFF\x40\x00\x00\x01"sv)};
  CHECK(parse_picture(grey.bytes(), "a") == Picture{1, 3, 1, {64, 255, 254}});
  const MadePng rgba{.colour = 6, .rows = bytes_of("\0\x00\x80\xFF\x33"sv)};
  CHECK(parse_picture(rgba.bytes(), "a") == Picture{1, 1, 3, {204, 230, 255}});  // 229.6
}

TEST_CASE("png: gamma and profiles change nothing, interlaced pixels are put in their places") {
  if (is_skipped()) return;
  const MadePng linear{.chunks = png_chunk("gAMA", big_endian(100000)), .rows = bytes_of("\0\x40"sv)};
  CHECK(parse_picture(linear.bytes(), "a") == Picture{1, 1, 1, {64}});
  const MadePng odd{.chunks = png_chunk("iCCP", "no profile"), .rows = bytes_of("\0\x40"sv)};
  CHECK(printed_by([&] { CHECK(parse_picture(odd.bytes(), "a") == Picture{1, 1, 1, {64}}); }).empty());

  // Adam7: where each pass begins, and its steps, down and to the right.
  constexpr int passes[7][4] = {{0, 0, 8, 8}, {0, 4, 8, 8}, {4, 0, 8, 4}, {0, 2, 4, 4},
                                {2, 0, 4, 2}, {0, 1, 2, 2}, {1, 0, 2, 1}};
  const Picture picture = counted(6, 7, 1);
  MadePng png{.width = 7, .height = 6, .interlaced = true};
  for (const auto& pass : passes)
    for (int64_t y = pass[0]; y < picture.height; y += pass[2]) {
      if (pass[1] < picture.width) png.rows += '\0';
      for (int64_t x = pass[1]; x < picture.width; x += pass[3])
        png.rows += static_cast<char>(picture.pixels[static_cast<size_t>(y * picture.width + x)]);
    }
  CHECK(parse_picture(png.bytes(), "a") == picture);
}

TEST_CASE("png: headers that promise too much") {
  if (is_skipped()) return;
  const auto error = [](uint32_t width, uint32_t height, int depth = 8) {
    return picture_error(
        MadePng{.width = width, .height = height, .depth = depth, .rows = std::string(2, '\0')}.bytes());
  };
  CHECK(error(20000, 20000) == "is a picture of 20000 x 20000 pixels, the limit is 178956970");
  CHECK(error(10000, 10000) == "is cut off: it promises 10000 x 10000 pixels, which cannot be in its 70 bytes");
  CHECK(error(1000, 584, 1).starts_with("is a damaged PNG file: "));  // 73,000 bytes could be packed into 70
  CHECK(error(1000, 600, 1).starts_with("is cut off: it promises 600 x 1000 pixels"));
  CHECK(error(0, 5).starts_with("is a damaged PNG file: "));
  CHECK(error(5, 0).starts_with("is a damaged PNG file: "));
  CHECK(error(0x80000000, 5).starts_with("is a damaged PNG file: "));
  CHECK(error(1, 3).starts_with("is a damaged PNG file: "));
}

TEST_CASE("png: damaged files are one line, and nothing is printed") {
  if (is_skipped()) return;
  const std::string good = written(counted(5, 8, 3));
  const MadePng palette{.width = 3,
                        .depth = 2,
                        .colour = 3,
                        .chunks = png_chunk("PLTE", "abcdef") + png_chunk("tRNS", "a") + png_chunk("tEXt", "a\0b"),
                        .rows = bytes_of("\0\x1C"sv)};  // the third pixel's colour is not in the palette
  CHECK(printed_by([&] {
          check_each_truncation(good);
          check_each_wrong_byte(good);
          check_each_truncation(palette.bytes());
          check_each_wrong_byte(palette.bytes());
        }).empty());
  CHECK(picture_error(good.substr(0, good.size() - 1)) == "is a damaged PNG file: it is cut off");
  CHECK(parse_picture(good + "what stands behind", "a") == counted(5, 8, 3));
}
