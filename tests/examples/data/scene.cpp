// SPDX-License-Identifier: Apache-2.0
// Words and places of scenes, and which pairs are held out.
#include "examples/data/scene.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/error_of.h"

using namespace thaw;

namespace {

SceneObject object(SceneColour colour, SceneShape shape, SceneSize size, int x, int y) {
  return {{{colour, shape}, size}, x, y};
}

}  // namespace

TEST_CASE("scene: few pairs are held out, and what is learnt of has every colour and every shape") {
  std::set<std::string> out;
  std::set<SceneColour> colours;
  std::set<SceneShape> shapes;
  CHECK(all_coloured_shapes().size() == scene_colours.size() * scene_shapes.size());
  for (const ColouredShape pair : all_coloured_shapes()) {
    if (held_out(pair)) {
      out.insert(words(pair));
    } else {
      colours.insert(pair.colour);
      shapes.insert(pair.shape);
    }
  }
  // python3: int(hashlib.sha256(b"red circle").hexdigest(), 16) % 1000 < 200
  CHECK(out == std::set<std::string>{"red circle", "green diamond", "blue square", "yellow triangle", "yellow ring",
                                     "purple diamond", "brown diamond"});
  CHECK(colours.size() == scene_colours.size());
  CHECK(shapes.size() == scene_shapes.size());
}

TEST_CASE("scene: canvases have sizes of objects, which leave a pixel of their cell") {
  for (const int canvas : scene_canvases) {
    CAPTURE(canvas);
    int before = 0;
    for (const SceneSize size : sizes_of(canvas)) {
      const int side = side_of(canvas, size);
      CHECK(side % 2 == 1);
      CHECK(side > before);
      CHECK(side < canvas / scene_cells);
      before = side;
    }
  }
  CHECK(sizes_of(18).size() == 1);
  CHECK(error_of([] { side_of(18, SceneSize::large); }) == "a canvas of 18 pixels has no large objects");
  CHECK(error_of([] { side_of(36, SceneSize::only); }) == "a canvas of 36 pixels has no equally large objects");
  CHECK(error_of([] { side_of(20, SceneSize::small); }) == "a canvas of 20 pixels has no small objects");
}

TEST_CASE("scene: the longer way decides where something is, in cells") {
  CHECK(relation_of(-2, 1) == SceneRelation::left_of);
  CHECK(relation_of(2, -1) == SceneRelation::right_of);
  CHECK(relation_of(0, -1) == SceneRelation::above);
  CHECK(relation_of(-1, 2) == SceneRelation::below);
  for (const int down : {-2, 0, 2}) CHECK(!relation_of(-2, down).has_value() == (down != 0));
  Scene scene;
  const SceneObject middle = object(SceneColour::red, SceneShape::ring, SceneSize::small, 12, 17);
  const SceneObject right = object(SceneColour::red, SceneShape::cross, SceneSize::small, 29, 12);
  const SceneObject corner = object(SceneColour::red, SceneShape::square, SceneSize::large, 24, 1);
  CHECK(column_of(scene, right) == 2);
  CHECK(row_of(scene, right) == 1);
  CHECK(relation_of(scene, right, middle) == SceneRelation::right_of);
  CHECK(relation_of(scene, middle, right) == SceneRelation::left_of);
  CHECK(relation_of(scene, corner, right) == SceneRelation::above);
  CHECK(!relation_of(scene, corner, middle));  // one up, one to the right
}

TEST_CASE("scene: the order of objects is in no key, places are in the picture's") {
  const SceneObject one = object(SceneColour::red, SceneShape::ring, SceneSize::small, 12, 17);
  const SceneObject two = object(SceneColour::cyan, SceneShape::cross, SceneSize::large, 24, 1);
  SceneObject moved = two;
  ++moved.x;
  SceneObject smaller = two;
  smaller.thing.size = SceneSize::small;
  const Scene scene{36, 0, {one, two}}, turned{36, 0, {two, one}}, other{36, 0, {one, moved}};
  const Scene changed{36, 0, {one, smaller}}, dark{36, 2, {one, two}};
  CHECK(picture_key(scene) == picture_key(turned));
  CHECK(things_key(scene) == things_key(turned));
  CHECK(picture_key(scene) != picture_key(other));
  CHECK(things_key(scene) == things_key(other));
  CHECK(picture_key(scene) != picture_key(dark));
  CHECK(things_key(scene) != things_key(changed));
}
