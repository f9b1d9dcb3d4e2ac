// SPDX-License-Identifier: Apache-2.0
// Films of one moving shape: what happens in them cannot be told by their first frame.
#pragma once

#include <array>
#include <compare>
#include <string>
#include <string_view>

#include "examples/data/draw.h"
#include "examples/data/scene.h"
#include "models/video/film.h"

namespace thaw {

enum class Motion { right, down_right, down, down_left, left, up_left, up, up_right, still, grow, shrink, rotate };
inline constexpr std::array<std::string_view, 12> motions = {"right", "down-right", "down",   "down-left",
                                                             "left",  "up-left",    "up",     "up-right",
                                                             "still", "grow",       "shrink", "rotate"};
// Of frame to frame: 1 pixel of way along each axis, half a pixel more or less of side, 6 degrees clockwise; or twice
// as much.
enum class Pace { slow, fast };
inline constexpr std::array<std::string_view, 2> paces = {"slow", "fast"};

inline constexpr int film_canvas = 32;  // pixels of a side
inline constexpr int film_frames = 8;

// How a film begins. What leaves it on one side comes in on the other, so that shapes are everywhere equally often
// in all frames.
struct MovingShape {
  ColouredShape pair;  // of four shapes: circles and rings look the same however they are turned
  int background = 0;  // of scene_backgrounds
  int side = 13;       // pixels: 11, 13 or 15
  int x = 0, y = 0;    // its middle

  auto operator<=>(const MovingShape&) const = default;
};

MovingShape draw_moving_shape(Draw& draw);
// What two beginnings have in common that look the same.
std::string key_of(const MovingShape& shape);

// 8 frames of 32 x 32 pixels, all in integers: the same on every machine. The first does not depend on the motion.
Film film_of(const MovingShape& shape, Motion motion, Pace pace);

}  // namespace thaw
