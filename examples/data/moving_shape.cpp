// SPDX-License-Identifier: Apache-2.0
// Draws the frames of films by the shapes of scenes, laid on a fine grid.
#include "examples/data/moving_shape.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>

#include "examples/data/scene_picture.h"

namespace thaw {
namespace {

constexpr std::array turning_shapes{SceneShape::square, SceneShape::triangle, SceneShape::cross, SceneShape::diamond};

// Ways of the first eight motions, in pixels.
struct Step {
  int x, y;
};
constexpr std::array<Step, 8> steps{{{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}}};

// Where a shape is, and how, in one frame.
struct Pose {
  int x, y;          // its middle
  int doubled_side;  // pixels
  int degrees;       // clockwise
};

Pose pose_of(const MovingShape& shape, Motion motion, int steps_done) {
  Pose pose{shape.x, shape.y, 2 * shape.side, 0};
  switch (motion) {
    case Motion::still: break;
    case Motion::grow: pose.doubled_side += steps_done; break;
    case Motion::shrink: pose.doubled_side -= steps_done; break;
    case Motion::rotate: pose.degrees = 6 * steps_done; break;
    default:
      pose.x += steps_done * steps[static_cast<size_t>(motion)].x;
      pose.y += steps_done * steps[static_cast<size_t>(motion)].y;
  }
  return pose;
}

constexpr int one = 4096;  // sines are whole numbers of as many parts

int sine(int degrees) { return static_cast<int>(std::lround(one * std::sin(degrees * std::numbers::pi / 180))); }

// From a middle to a place, on the shorter way round the film.
int way(int from, int to) {
  const int ahead = ((to - from) % film_canvas + film_canvas) % film_canvas;
  return ahead < film_canvas / 2 ? ahead : ahead - film_canvas;
}

// Is the pixel the shape's? It is turned back, and looked for among the squares that the shape is cut into.
bool is_on(SceneShape shape, const Pose& pose, int x, int y) {
  constexpr int squares = 63;  // of a side
  const int right = way(pose.x, x), down = way(pose.y, y);
  const int sin = sine(pose.degrees), cos = sine(90 - pose.degrees);
  const auto square = [&](int parts) {  // of the shape's own side, that many parts of a pixel from its middle
    const int side = pose.doubled_side * one / 2;
    const int from_edge = parts + side / 2;
    return from_edge < 0 || from_edge >= side ? -1 : static_cast<int>(int64_t{squares} * from_edge / side);
  };
  const int column = square(cos * right + sin * down), row = square(cos * down - sin * right);
  return column >= 0 && row >= 0 && covers(shape, squares, column, row);
}

}  // namespace

MovingShape draw_moving_shape(Draw& draw) {
  MovingShape shape;
  shape.pair.colour = static_cast<SceneColour>(draw.below(scene_colours.size()));
  shape.pair.shape = turning_shapes[draw.below(turning_shapes.size())];
  shape.background = static_cast<int>(draw.below(scene_backgrounds.size()));
  shape.side = 11 + 2 * static_cast<int>(draw.below(3));
  shape.x = static_cast<int>(draw.below(film_canvas));
  shape.y = static_cast<int>(draw.below(film_canvas));
  return shape;
}

std::string key_of(const MovingShape& shape) {
  return fmt::format("{} of {} at {} {} on {}", words(shape.pair), shape.side, shape.x, shape.y, shape.background);
}

Film film_of(const MovingShape& shape, Motion motion, Pace pace) {
  Film film{.frames = film_frames, .height = film_canvas, .width = film_canvas, .rate = film_frames, .pixels = {}};
  const ScenePixel colour = pixel_of(shape.pair.colour), background = pixel_of_background(shape.background);
  for (int frame = 0; frame < film_frames; ++frame) {
    const Pose pose = pose_of(shape, motion, frame * (pace == Pace::slow ? 1 : 2));
    for (int y = 0; y < film_canvas; ++y)
      for (int x = 0; x < film_canvas; ++x) {
        const ScenePixel& pixel = is_on(shape.pair.shape, pose, x, y) ? colour : background;
        film.pixels.insert(film.pixels.end(), pixel.begin(), pixel.end());
      }
  }
  return film;
}

}  // namespace thaw
