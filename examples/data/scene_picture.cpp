// SPDX-License-Identifier: Apache-2.0
// The rasteriser of scenes, all in integers.
#include "examples/data/scene_picture.h"

#include <algorithm>
#include <cstdlib>

#include "tensor/check.h"

namespace thaw {
namespace {

constexpr std::array<ScenePixel, scene_colours.size() + scene_backgrounds.size()> palette = {{
    {220, 40, 40},    // red
    {40, 160, 60},    // green
    {40, 80, 220},    // blue
    {245, 220, 50},   // yellow
    {150, 50, 180},   // purple
    {250, 140, 30},   // orange
    {50, 200, 220},   // cyan
    {130, 80, 40},    // brown
    {255, 255, 255},  // white
    {170, 170, 170},  // grey
    {0, 0, 0},        // black
}};

void paint(std::vector<uint8_t>& pixels, int canvas, int x, int y, const ScenePixel& colour) {
  std::copy(colour.begin(), colour.end(), pixels.begin() + 3 * (y * canvas + x));
}

size_t nearest(std::span<const uint8_t, 3> pixel) {
  const auto distance = [&](const ScenePixel& colour) {
    int sum = 0;
    for (size_t i = 0; i < 3; ++i) sum += (pixel[i] - colour[i]) * (pixel[i] - colour[i]);
    return sum;
  };
  const auto best = std::min_element(palette.begin(), palette.end(), [&](const ScenePixel& a, const ScenePixel& b) {
    return distance(a) < distance(b);
  });
  return static_cast<size_t>(best - palette.begin());
}

}  // namespace

ScenePixel pixel_of(SceneColour colour) { return palette.at(static_cast<size_t>(colour)); }

ScenePixel pixel_of_background(int background) {
  return palette.at(scene_colours.size() + static_cast<size_t>(background));
}

std::vector<uint8_t> rgb(const Scene& scene) {
  std::vector<uint8_t> pixels(static_cast<size_t>(scene.canvas * scene.canvas * 3));
  const ScenePixel background = pixel_of_background(scene.background);
  for (int y = 0; y < scene.canvas; ++y)
    for (int x = 0; x < scene.canvas; ++x) paint(pixels, scene.canvas, x, y, background);
  for (const SceneObject& object : scene.objects) {
    const ColouredShape pair = object.thing.pair;
    const int side = side_of(scene.canvas, object.thing.size);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        if (covers(pair.shape, side, x, y))
          paint(pixels, scene.canvas, object.x + x, object.y + y, pixel_of(pair.colour));
  }
  return pixels;
}

int canvas_of(std::span<const uint8_t> rgb) {
  const auto found = std::find_if(scene_canvases.begin(), scene_canvases.end(),
                                  [&](int canvas) { return rgb.size() == static_cast<size_t>(canvas * canvas * 3); });
  check(found != scene_canvases.end(), "{} bytes are no scene of 18 x 18, 36 x 36 or 60 x 60 pixels", rgb.size());
  return *found;
}

std::vector<size_t> palette_indices(std::span<const uint8_t> rgb) {
  std::vector<size_t> indices;
  for (size_t at = 0; at + 3 <= rgb.size(); at += 3) indices.push_back(nearest(rgb.subspan(at).first<3>()));
  return indices;
}

// From the middle in half pixels, so that it is a whole number: u and v are even, from 1 - side to side - 1.
bool covers(SceneShape shape, int side, int x, int y) {
  const int u = 2 * x - (side - 1), v = 2 * y - (side - 1);
  const int squares = u * u + v * v;
  switch (shape) {
    case SceneShape::circle: return squares <= side * side;
    case SceneShape::square: return true;
    case SceneShape::triangle: return std::abs(u) <= y + 1;
    case SceneShape::cross: return 4 * std::abs(u) < side || 4 * std::abs(v) < side;
    case SceneShape::diamond: return std::abs(u) + std::abs(v) <= side - 1;
    case SceneShape::ring: return squares <= side * side && 4 * squares > side * side;
  }
  return false;
}

}  // namespace thaw
