// SPDX-License-Identifier: Apache-2.0
// Sheets of pictures: where each pixel goes, and sheets that cannot be.
#include "examples/data/contact_sheet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/error_of.h"

using namespace thaw;

namespace {

Picture grey(int64_t height, int64_t width, uint8_t value) {
  return {height, width, 1, std::vector<uint8_t>(static_cast<size_t>(height * width), value)};
}

// A line a row of the red channel: the ground as '.', other numbers as digits.
std::string drawn(const Picture& sheet) {
  std::string text;
  for (int64_t y = 0; y < sheet.height; ++y) {
    for (int64_t x = 0; x < sheet.width; ++x) {
      const uint8_t red = sheet.pixels[static_cast<size_t>(3 * (y * sheet.width + x))];
      text += red == sheet_ground ? '.' : static_cast<char>('0' + red);
    }
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("contact sheet: pictures stand in reading order, each in the middle of its cell") {
  const std::vector<Picture> pictures{grey(1, 3, 1), grey(3, 1, 2), grey(3, 3, 3)};
  CHECK(drawn(contact_sheet(pictures, {.columns = 2})) ==
        "............\n............\n"
        "........2...\n..111...2...\n........2...\n"
        "............\n............\n"
        "..333.......\n..333.......\n..333.......\n"
        "............\n............\n");
  // No more columns than pictures.
  CHECK(contact_sheet(pictures, {.columns = 9}) == contact_sheet(pictures, {.columns = 3}));
}

TEST_CASE("contact sheet: a pixel of colours becomes a square of them") {
  const std::vector<Picture> pictures{{1, 2, 3, {1, 2, 3, 4, 5, 6}}};
  const Picture sheet = contact_sheet(pictures, {.columns = 1, .scale = 2});
  CHECK(drawn(sheet) == "........\n........\n..1144..\n..1144..\n........\n........\n");
  const auto last = sheet.pixels.begin() + 3 * (3 * sheet.width + 5);  // of the right square
  CHECK(std::vector<int>(last, last + 3) == std::vector<int>{4, 5, 6});
}

TEST_CASE("contact sheet: sheets that cannot be") {
  const std::vector<Picture> one{grey(1, 1, 0)};
  const auto error = [](const std::vector<Picture>& pictures, SheetLayout layout) {
    return error_of([&] { contact_sheet(pictures, layout); });
  };
  CHECK(error({}, {}) == "a sheet has 1 to 10000 pictures, not 0");
  CHECK(error(one, {.columns = 0}) == "a sheet of 0 columns cannot be");
  CHECK(error(one, {.scale = 0}) == "a scale of 0 cannot be");
  CHECK(error(one, {.scale = 1 << 20}).find("would be larger than 178956970") != std::string::npos);
  CHECK(error({grey(1 << 14, 1, 0)}, {.scale = 178'956'970}).find("would be larger") != std::string::npos);
}
