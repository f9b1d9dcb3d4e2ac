// SPDX-License-Identifier: Apache-2.0
// Parts of pictures, shapes laid over them, and captions held against both.
#include "examples/data/scene_checker.h"

#include <algorithm>

#include "examples/data/scene_picture.h"

namespace thaw {
namespace {

constexpr size_t fewest_pixels = 4;
constexpr double least_overlap = 0.7;

struct Point {
  int x = 0, y = 0;
};
using Part = std::vector<Point>;

// A picture in which each pixel is of a colour, or of one of the backgrounds.
class ColourMap {
 public:
  explicit ColourMap(std::span<const uint8_t> rgb) : canvas_(canvas_of(rgb)), colours_(palette_indices(rgb)) {}

  // The pixels that hang together with this one; from now on they are background. Empty if this one is.
  Part take_part(int x, int y, size_t colour) {
    Part part;
    take(part, x, y, colour);
    for (size_t i = 0; i < part.size(); ++i) {
      const Point at = part[i];
      take(part, at.x - 1, at.y, colour);
      take(part, at.x + 1, at.y, colour);
      take(part, at.x, at.y - 1, colour);
      take(part, at.x, at.y + 1, colour);
    }
    return part;
  }
  int canvas() const { return canvas_; }

 private:
  void take(Part& part, int x, int y, size_t colour) {
    if (x < 0 || y < 0 || x >= canvas_ || y >= canvas_) return;
    size_t& pixel = colours_[static_cast<size_t>(y * canvas_ + x)];
    if (pixel != colour) return;
    pixel = scene_colours.size();
    part.push_back({x, y});
  }

  int canvas_ = 0;
  std::vector<size_t> colours_;
};

struct Template {
  SceneShape shape{};
  SceneSize size{};
  int side = 0;
  int pixels = 0;
};

std::vector<Template> templates_of(int canvas) {
  std::vector<Template> all;
  for (size_t shape = 0; shape < scene_shapes.size(); ++shape)
    for (const SceneSize size : sizes_of(canvas)) {
      Template one{static_cast<SceneShape>(shape), size, side_of(canvas, size)};
      for (int y = 0; y < one.side; ++y)
        for (int x = 0; x < one.side; ++x) one.pixels += covers(one.shape, one.side, x, y) ? 1 : 0;
      all.push_back(one);
    }
  return all;
}

double overlap_at(const Part& part, const Template& shape, int left, int top) {
  int both = 0;
  for (const Point& point : part) {
    const int x = point.x - left, y = point.y - top;
    const bool inside = x >= 0 && y >= 0 && x < shape.side && y < shape.side;
    both += inside && covers(shape.shape, shape.side, x, y) ? 1 : 0;
  }
  return static_cast<double>(both) / (static_cast<double>(part.size()) + shape.pixels - both);
}

// The part's square and the template's lie within each other, whichever is larger, on each axis.
FoundObject best_object(const Part& part, SceneColour colour, const std::vector<Template>& templates) {
  const auto by_x = [](const Point& a, const Point& b) { return a.x < b.x; };
  const auto by_y = [](const Point& a, const Point& b) { return a.y < b.y; };
  const auto [left, right] = std::minmax_element(part.begin(), part.end(), by_x);
  const auto [top, bottom] = std::minmax_element(part.begin(), part.end(), by_y);
  FoundObject best;
  for (const Template& shape : templates) {
    const int at_right = right->x + 1 - shape.side, at_bottom = bottom->y + 1 - shape.side;
    for (int y = std::min(top->y, at_bottom); y <= std::max(top->y, at_bottom); ++y)
      for (int x = std::min(left->x, at_right); x <= std::max(left->x, at_right); ++x)
        if (const double overlap = overlap_at(part, shape, x, y); overlap > best.overlap)
          best = {{{colour, shape.shape}, shape.size}, overlap, 2 * x + shape.side, 2 * y + shape.side};
  }
  return best;
}

// What is found of a thing; null if nothing like it is there.
const FoundObject* find_thing(const std::vector<FoundObject>& found, const SceneThing& thing) {
  const auto at = std::ranges::find_if(found, [&](const FoundObject& object) {
    return object.overlap >= least_overlap && object.thing.pair == thing.pair &&
           (thing.size == SceneSize::only || object.thing.size == thing.size);
  });
  return at == found.end() ? nullptr : &*at;
}

}  // namespace

std::vector<FoundObject> found_objects(std::span<const uint8_t> rgb) {
  ColourMap map(rgb);
  const std::vector<Template> templates = templates_of(map.canvas());
  std::vector<FoundObject> found;
  for (size_t colour = 0; colour < scene_colours.size(); ++colour)
    for (int y = 0; y < map.canvas(); ++y)
      for (int x = 0; x < map.canvas(); ++x)
        if (const Part part = map.take_part(x, y, colour); part.size() >= fewest_pixels)
          found.push_back(best_object(part, static_cast<SceneColour>(colour), templates));
  return found;
}

SceneVerdict judged(std::span<const uint8_t> rgb, const SceneDescription& description) {
  const std::vector<FoundObject> found = found_objects(rgb);
  SceneVerdict verdict;
  std::vector<const FoundObject*> objects;
  for (const SceneThing& thing : description.things) objects.push_back(find_thing(found, thing));
  verdict.named = objects.size();
  verdict.right =
      static_cast<size_t>(std::ranges::count_if(objects, [](const FoundObject* o) { return o != nullptr; }));
  const bool all_right = verdict.right == verdict.named;
  verdict.has_relation = description.relation.has_value();
  if (verdict.has_relation && all_right)
    verdict.relation_right =
        relation_of(objects[0]->x - objects[1]->x, objects[0]->y - objects[1]->y) == description.relation;
  verdict.caption_right = all_right && found.size() == verdict.named && verdict.relation_right == verdict.has_relation;
  return verdict;
}

void SceneVerdicts::add(const SceneVerdict& one) {
  named += one.named;
  right += one.right;
  relations += one.has_relation ? 1 : 0;
  relations_right += one.relation_right ? 1 : 0;
  ++captions;
  captions_right += one.caption_right ? 1 : 0;
}

}  // namespace thaw
