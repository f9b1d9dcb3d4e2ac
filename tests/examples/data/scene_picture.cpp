// SPDX-License-Identifier: Apache-2.0
// The rasteriser of scenes: how many pixels shapes have, that none looks like another, and where they are drawn.
#include "examples/data/scene_picture.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "tests/error_of.h"

using namespace thaw;

namespace {

// A line a row, '#' where the shape is.
std::string drawn(SceneShape shape, int side) {
  std::string text;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) text += covers(shape, side, x, y) ? '#' : '.';
    text += '\n';
  }
  return text;
}

std::string drawn(const std::vector<size_t>& palette, int canvas) {
  static constexpr std::string_view marks = "rgbypocnWGB";
  std::string text;
  for (size_t i = 0; i < palette.size(); ++i) {
    text += marks.at(palette[i]);
    if ((i + 1) % static_cast<size_t>(canvas) == 0) text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("scene picture: the shapes of 5 x 5 pixels") {
  CHECK(drawn(SceneShape::circle, 5) == ".###.\n#####\n#####\n#####\n.###.\n");
  CHECK(drawn(SceneShape::square, 5) == "#####\n#####\n#####\n#####\n#####\n");
  CHECK(drawn(SceneShape::triangle, 5) == "..#..\n.###.\n.###.\n#####\n#####\n");
  CHECK(drawn(SceneShape::cross, 5) == "..#..\n..#..\n#####\n..#..\n..#..\n");
  CHECK(drawn(SceneShape::diamond, 5) == "..#..\n.###.\n#####\n.###.\n..#..\n");
  CHECK(drawn(SceneShape::ring, 5) == ".###.\n##.##\n#...#\n##.##\n.###.\n");
}

TEST_CASE("scene picture: in every size shapes differ by a quarter and fill their square from side to side") {
  for (const int canvas : scene_canvases)
    for (const SceneSize size : sizes_of(canvas)) {
      const int side = side_of(canvas, size);
      CAPTURE(side);
      std::map<SceneShape, std::string> all;
      for (size_t i = 0; i < scene_shapes.size(); ++i) {
        const auto shape = static_cast<SceneShape>(i);
        all[shape] = drawn(shape, side);
        CAPTURE(all[shape]);
        const auto has = [&](bool by_x, int line) {
          bool found = false;
          for (int at = 0; at < side; ++at)
            found = found || (by_x ? covers(shape, side, line, at) : covers(shape, side, at, line));
          return found;
        };
        CHECK((has(true, 0) && has(true, side - 1) && has(false, 0) && has(false, side - 1)));
      }
      for (const auto& one : all)
        for (const auto& other : all) {
          if (one.first == other.first) continue;
          int both = 0, either = 0;
          for (size_t i = 0; i < one.second.size(); ++i) {
            both += one.second[i] == '#' && other.second[i] == '#' ? 1 : 0;
            either += one.second[i] == '#' || other.second[i] == '#' ? 1 : 0;
          }
          INFO(one.second << other.second);
          CHECK(both < 0.85 * either);
        }
    }
}

TEST_CASE("scene picture: objects are where the scene says, on its background") {
  Scene scene{18, 1, {}};
  scene.objects.push_back({{{SceneColour::red, SceneShape::ring}, SceneSize::only}, 0, 1});
  scene.objects.push_back({{{SceneColour::brown, SceneShape::triangle}, SceneSize::only}, 13, 12});
  const std::vector<uint8_t> pixels = rgb(scene);
  CHECK(canvas_of(pixels) == 18);
  CHECK(drawn(palette_indices(pixels), 18) ==
        "GGGGGGGGGGGGGGGGGG\n"
        "GrrrGGGGGGGGGGGGGG\n"
        "rrGrrGGGGGGGGGGGGG\n"
        "rGGGrGGGGGGGGGGGGG\n"
        "rrGrrGGGGGGGGGGGGG\n"
        "GrrrGGGGGGGGGGGGGG\n"
        "GGGGGGGGGGGGGGGGGG\n"
        "GGGGGGGGGGGGGGGGGG\n"
        "GGGGGGGGGGGGGGGGGG\n"
        "GGGGGGGGGGGGGGGGGG\n"
        "GGGGGGGGGGGGGGGGGG\n"
        "GGGGGGGGGGGGGGGGGG\n"
        "GGGGGGGGGGGGGGGnGG\n"
        "GGGGGGGGGGGGGGnnnG\n"
        "GGGGGGGGGGGGGGnnnG\n"
        "GGGGGGGGGGGGGnnnnn\n"
        "GGGGGGGGGGGGGnnnnn\n"
        "GGGGGGGGGGGGGGGGGG\n");
}

TEST_CASE("scene picture: every colour and background is told from the others, also where it is a little off") {
  std::set<std::vector<uint8_t>> palette;
  for (const int off : {-12, 0, 12})
    for (size_t colour = 0; colour < scene_colours.size(); ++colour)
      for (size_t background = 0; background < scene_backgrounds.size(); ++background) {
        Scene scene{18, static_cast<int>(background), {}};
        scene.objects.push_back({{{static_cast<SceneColour>(colour), SceneShape::square}, SceneSize::only}, 0, 0});
        std::vector<uint8_t> pixels = rgb(scene);
        palette.insert({pixels.begin(), pixels.begin() + 3});
        palette.insert({pixels.end() - 3, pixels.end()});
        for (uint8_t& number : pixels) number = static_cast<uint8_t>(std::min(255, std::max(0, number + off)));
        const std::vector<size_t> found = palette_indices(pixels);
        CHECK(found.front() == colour);
        CHECK(found.back() == scene_colours.size() + background);
      }
  CHECK(palette.size() == scene_colours.size() + scene_backgrounds.size());
}

TEST_CASE("scene picture: bytes that are no scene") {
  CHECK(error_of([] { canvas_of(std::vector<uint8_t>(971)); }) ==
        "971 bytes are no scene of 18 x 18, 36 x 36 or 60 x 60 pixels");
}
