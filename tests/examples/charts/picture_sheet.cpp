// SPDX-License-Identifier: Apache-2.0
// Pictures on a sheet, and their parts that matter.
#include "examples/charts/picture_sheet.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/error_of.h"

using namespace thaw;

namespace {

// 2 x 4 pixels: red on the left, blue on the right; the right half matters.
SheetPicture two_halves() {
  SheetPicture picture{.height = 2, .width = 4, .lines = {"what is <left>?", "red"}, .rows = 1, .columns = 2};
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 4; ++x) {
      picture.rgb.push_back(x < 2 ? 200 : 0);
      picture.rgb.push_back(0);
      picture.rgb.push_back(x < 2 ? 0 : 200);
    }
  picture.shares = {0, 1};
  return picture;
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("picture sheet: a rectangle for each run of pixels; what does not matter is faded") {
  const std::string svg = picture_sheet_svg({two_halves()}, "a & b");
  CHECK(svg.find("a &amp; b") != std::string::npos);
  CHECK(svg.find(">what is &lt;left&gt;?</text>") != std::string::npos);
  CHECK(count(svg, "fill=\"#c80000\"") == 2);  // of the picture alone, a line each
  CHECK(count(svg, "fill=\"#0000c8\"") == 4);  // of the faded one, too
  CHECK(count(svg, "fill=\"#f7d9d9\"") == 2);
}

TEST_CASE("picture sheet: a share is that of its part, row by row") {
  SheetPicture picture = two_halves();
  picture.rows = 2;
  picture.shares = {0, 1, 1, 0};
  const std::string svg = picture_sheet_svg({picture}, "");
  CHECK(count(svg, "fill=\"#c80000\"") == 3);
  CHECK(count(svg, "fill=\"#0000c8\"") == 3);
  CHECK(count(svg, "fill=\"#f7d9d9\"") == 1);
}

TEST_CASE("picture sheet: shares beyond 0 and 1 are these; other numbers than the sizes say are refused") {
  SheetPicture picture = two_halves();
  picture.shares = {-3, 7};
  CHECK(picture_sheet_svg({picture}, "") == picture_sheet_svg({two_halves()}, ""));
  picture.shares.pop_back();
  CHECK(error_of([&] { picture_sheet_svg({picture}, ""); }) == "picture sheet: 1 shares for 1 x 2 parts");
  picture.shares = {1, 1, 1};
  picture.columns = 3;
  CHECK(error_of([&] { picture_sheet_svg({picture}, ""); }) ==
        "picture sheet: 1 x 3 parts of one size are no picture of 2 x 4");
  picture = two_halves();
  picture.rgb.pop_back();
  CHECK(error_of([&] { picture_sheet_svg({picture}, ""); }) == "picture sheet: 23 numbers are no picture of 2 x 4");
}
