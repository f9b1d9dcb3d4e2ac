// SPDX-License-Identifier: Apache-2.0
// Pictures of scenes, without anti-aliasing: each pixel belongs to one object or to the background, and what draws a
// shape tells it again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "examples/data/scene.h"

namespace thaw {

inline constexpr std::array<std::string_view, 3> scene_backgrounds = {"white", "grey", "black"};

// Red, green and blue.
using ScenePixel = std::array<uint8_t, 3>;
ScenePixel pixel_of(SceneColour colour);
ScenePixel pixel_of_background(int background);  // of scene_backgrounds

// The pixels of a picture are [canvas, canvas, 3], red, green and blue; 11 colours occur.
std::vector<uint8_t> rgb(const Scene& scene);

// The canvas of a picture with so many bytes. std::invalid_argument if none has.
int canvas_of(std::span<const uint8_t> rgb);

// For each pixel the nearest of the 11 colours: the scene_colours, then the scene_backgrounds.
std::vector<size_t> palette_indices(std::span<const uint8_t> rgb);

// Does a shape in a square of side x side pixels cover this one? `side` is odd. Of 5 x 5 pixels the circle covers 21,
// the square 25, the triangle 17, the cross 9, the diamond 13, the ring 16.
bool covers(SceneShape shape, int side, int x, int y);

}  // namespace thaw
