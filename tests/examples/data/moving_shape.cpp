// SPDX-License-Identifier: Apache-2.0
// Films of a moving shape: where it is in each frame, and that the first one tells nothing.
#include "examples/data/moving_shape.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "examples/data/scene_picture.h"

using namespace thaw;

namespace {

using Frame = std::vector<uint8_t>;

Frame frame_of(const Film& film, int64_t frame) {
  const auto begin = film.pixels.begin() + frame * film.frame_bytes();
  return {begin, begin + film.frame_bytes()};
}

// The same frame with everything so many pixels to the right and down, round the film.
Frame moved(const Frame& frame, int right, int down) {
  Frame out(frame.size());
  for (int y = 0; y < film_canvas; ++y)
    for (int x = 0; x < film_canvas; ++x)
      for (int part = 0; part < 3; ++part) {
        const int to_x = (x + right + film_canvas) % film_canvas, to_y = (y + down + film_canvas) % film_canvas;
        out[static_cast<size_t>(3 * (to_y * film_canvas + to_x) + part)] =
            frame[static_cast<size_t>(3 * (y * film_canvas + x) + part)];
      }
  return out;
}

size_t pixels_of_shape(const Frame& frame, const MovingShape& shape) {
  const ScenePixel colour = pixel_of(shape.pair.colour);
  size_t count = 0;
  for (size_t at = 0; at < frame.size(); at += 3)
    count += frame[at] == colour[0] && frame[at + 1] == colour[1] && frame[at + 2] == colour[2] ? 1 : 0;
  return count;
}

const MovingShape square{{SceneColour::green, SceneShape::square}, 2, 11, 30, 3};
const MovingShape triangle{{SceneColour::blue, SceneShape::triangle}, 0, 15, 9, 20};

}  // namespace

TEST_CASE("moving shapes: a film is 8 frames of one colour on one background, a square's pixels are counted") {
  const Film film = film_of(square, Motion::still, Pace::slow);
  CHECK(film.frames == film_frames);
  CHECK(film.height == film_canvas);
  CHECK(film.width == film_canvas);
  CHECK(std::ssize(film.pixels) == film.frames * film.frame_bytes());
  CHECK(pixels_of_shape(frame_of(film, 0), square) == 11 * 11);
  for (int64_t frame = 1; frame < film.frames; ++frame) CHECK(frame_of(film, frame) == frame_of(film, 0));
  const auto pixel = [&](int x, int y) {
    const size_t at = static_cast<size_t>(3 * (y * film_canvas + x));
    return ScenePixel{film.pixels[at], film.pixels[at + 1], film.pixels[at + 2]};
  };
  CHECK(pixel(30, 3) == pixel_of(SceneColour::green));
  CHECK(pixel(3, 30) == pixel_of(SceneColour::green));  // round both edges
  CHECK(pixel(4, 30) == pixel_of_background(2));
}

TEST_CASE("moving shapes: no motion is seen in the first frame, each in the film") {
  for (const MovingShape& shape : {square, triangle}) {
    const Frame first = frame_of(film_of(shape, Motion::still, Pace::slow), 0);
    std::set<std::vector<uint8_t>> films;
    for (const Pace pace : {Pace::slow, Pace::fast})
      for (size_t motion = 0; motion < motions.size(); ++motion) {
        CAPTURE(motion);
        const Film film = film_of(shape, static_cast<Motion>(motion), pace);
        CHECK(frame_of(film, 0) == first);
        std::set<Frame> frames;
        for (int64_t frame = 0; frame < film.frames; ++frame) frames.insert(frame_of(film, frame));
        if (static_cast<Motion>(motion) != Motion::still) CHECK(frames.size() > film_frames / 2);
        films.insert(film.pixels);
      }
    CHECK(films.size() == 2 * motions.size() - 1);  // what is still has no pace
  }
}

TEST_CASE("moving shapes: they go where the motion's name says, and twice as far if fast") {
  struct Way {
    Motion motion;
    int right, down;
  };
  for (const auto& [motion, right, down] :
       {Way{Motion::right, 1, 0}, Way{Motion::down_right, 1, 1}, Way{Motion::down, 0, 1}, Way{Motion::down_left, -1, 1},
        Way{Motion::left, -1, 0}, Way{Motion::up_left, -1, -1}, Way{Motion::up, 0, -1}, Way{Motion::up_right, 1, -1}}) {
    const Film slow = film_of(triangle, motion, Pace::slow), fast = film_of(triangle, motion, Pace::fast);
    for (int frame = 0; frame < film_frames; ++frame) {
      CHECK(frame_of(slow, frame) == moved(frame_of(slow, 0), frame * right, frame * down));
      CHECK(frame_of(fast, frame) == moved(frame_of(slow, 0), 2 * frame * right, 2 * frame * down));
    }
  }
}

TEST_CASE("moving shapes: they grow, shrink and turn") {
  const Film larger = film_of(square, Motion::grow, Pace::fast), smaller = film_of(square, Motion::shrink, Pace::fast);
  for (int frame = 0; frame < film_frames; frame += 2) {
    const auto side = static_cast<size_t>(11 + frame), less = static_cast<size_t>(11 - frame);
    CHECK(pixels_of_shape(frame_of(larger, frame), square) == side * side);
    CHECK(pixels_of_shape(frame_of(smaller, frame), square) == less * less);
  }
  const Film slow = film_of(square, Motion::grow, Pace::slow);
  CHECK(frame_of(slow, 4) == frame_of(larger, 2));
  const Film turned = film_of(triangle, Motion::rotate, Pace::slow);
  const size_t area = pixels_of_shape(frame_of(turned, 0), triangle);
  for (int frame = 1; frame < film_frames; ++frame) {
    const size_t now = pixels_of_shape(frame_of(turned, frame), triangle);
    CHECK(now > area * 8 / 10);
    CHECK(now < area * 12 / 10);
  }
}

TEST_CASE("moving shapes: beginnings are drawn of all shapes, colours, sizes and backgrounds, and have keys") {
  Draw draw(1);
  std::set<std::string> keys;
  std::set<int> sides, backgrounds;
  std::set<ColouredShape> pairs;
  for (int i = 0; i < 2000; ++i) {
    const MovingShape shape = draw_moving_shape(draw);
    keys.insert(key_of(shape));
    sides.insert(shape.side);
    backgrounds.insert(shape.background);
    pairs.insert(shape.pair);
  }
  CHECK(keys.size() > 1950);
  CHECK(sides == std::set<int>{11, 13, 15});
  CHECK(backgrounds == std::set<int>{0, 1, 2});
  CHECK(pairs.size() == 4 * scene_colours.size());
}
