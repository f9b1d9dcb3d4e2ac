// SPDX-License-Identifier: Apache-2.0
// The checker of pictures: a drawn scene is always what its caption says, and a changed one never.
#include "examples/data/scene_checker.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

#include "examples/data/scene_picture.h"
#include "examples/data/scene_sets.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

SceneVerdict verdict_on(const Scene& scene, const std::string& text) { return judged(rgb(scene), described(text)); }

// The same scene with the thing of its first object changed, so that no other is like it.
Scene with_first(Scene scene, const SceneThing& thing) {
  scene.objects[0].thing = thing;
  return scene;
}

bool has(const Scene& scene, ColouredShape pair) {
  return std::ranges::any_of(scene.objects, [&](const SceneObject& object) { return object.thing.pair == pair; });
}

const Scene two_rings{18,
                      0,
                      {{{{SceneColour::red, SceneShape::ring}, SceneSize::only}, 1, 7},
                       {{{SceneColour::blue, SceneShape::ring}, SceneSize::only}, 12, 6}}};

// Where the pixels of the first of two_rings are.
size_t pixel(int x, int y) { return static_cast<size_t>(3 * ((7 + y) * 18 + 1 + x)); }

}  // namespace

TEST_CASE("scene checker: what is drawn is found again, pixel by pixel") {
  for (const int canvas : scene_canvases) {
    CAPTURE(canvas);
    Draw draw(3);
    for (const Scene& scene : draw_scenes({.canvas = canvas, .new_pairs = canvas == 36}, 400, draw)) {
      std::vector<FoundObject> found = found_objects(rgb(scene));
      std::vector<SceneObject> drawn = scene.objects;
      REQUIRE(found.size() == drawn.size());
      std::ranges::sort(found, {}, [](const FoundObject& object) { return object.thing; });
      std::ranges::sort(drawn, {}, [](const SceneObject& object) { return object.thing; });
      for (size_t i = 0; i < drawn.size(); ++i) {
        CHECK(found[i].thing == drawn[i].thing);
        CHECK(found[i].overlap == 1);
        CHECK(found[i].x == 2 * drawn[i].x + side_of(canvas, drawn[i].thing.size));
        CHECK(found[i].y == 2 * drawn[i].y + side_of(canvas, drawn[i].thing.size));
      }
    }
  }
}

TEST_CASE("scene checker: a scene is what its caption says") {
  for (const int canvas : scene_canvases) {
    CAPTURE(canvas);
    Draw draw(4);
    int relations = 0;
    for (const Scene& scene : draw_scenes({.canvas = canvas, .most = 3}, canvas == 18 ? 3000 : 600, draw)) {
      const std::string text = caption(scene, draw);
      CAPTURE(text);
      const SceneVerdict verdict = verdict_on(scene, text);
      CHECK(verdict.named == scene.objects.size());
      CHECK(verdict.right == verdict.named);
      CHECK(verdict.relation_right == verdict.has_relation);
      CHECK(verdict.caption_right);
      relations += verdict.has_relation ? 1 : 0;
    }
    CHECK(relations > 50);
  }
}

TEST_CASE("scene checker: a scene with another colour, shape or size is not what the caption says") {
  Draw draw(5);
  for (const Scene& scene : draw_scenes({}, 300, draw)) {
    const std::string text = caption(scene, draw);
    CAPTURE(text);
    const SceneThing first = scene.objects[0].thing;
    std::vector<SceneThing> others{first, first, first};
    others[0].size = first.size == SceneSize::small ? SceneSize::large : SceneSize::small;
    do others[1].pair.shape = static_cast<SceneShape>(draw.below(scene_shapes.size()));
    while (has(scene, others[1].pair));
    do others[2].pair.colour = static_cast<SceneColour>(draw.below(scene_colours.size()));
    while (has(scene, others[2].pair));
    for (const SceneThing& other : others) {
      Scene changed = with_first(scene, other);
      // In the middle of nothing that could touch it: alone, beside the others' verdict.
      changed.objects[0].x = scene.objects[0].x / 12 * 12;
      changed.objects[0].y = scene.objects[0].y / 12 * 12;
      const SceneVerdict verdict = verdict_on(changed, text);
      CHECK(verdict.right < verdict.named);
      CHECK(!verdict.caption_right);
      CHECK(!verdict.relation_right);
    }
  }
}

TEST_CASE("scene checker: something more, something less, and things that changed places") {
  Draw draw(6);
  int relations = 0;
  for (const Scene& scene : draw_scenes({.fewest = 2, .most = 2}, 300, draw)) {
    const std::string text = caption(scene, draw);
    CAPTURE(text);
    Scene less = scene;
    less.objects.pop_back();
    const SceneVerdict one = verdict_on(less, text);
    CHECK(one.right == 1);
    CHECK(!one.caption_right);
    CHECK(!one.relation_right);
    const Scene other = draw_scene({.fewest = 3, .most = 3}, draw);
    const SceneVerdict more = judged(rgb(other), {{other.objects[0].thing, other.objects[2].thing}, {}});
    CHECK(more.right == 2);
    CHECK(!more.caption_right);
    Scene turned = scene;
    std::swap(turned.objects[0].thing, turned.objects[1].thing);
    for (SceneObject& object : turned.objects) {  // so that the large one fits, too
      object.x = object.x / 12 * 12;
      object.y = object.y / 12 * 12;
    }
    if (const SceneDescription description = described(text); description.relation) {
      ++relations;
      const SceneVerdict verdict = judged(rgb(turned), description);
      CHECK(verdict.right == 2);
      CHECK(!verdict.relation_right);
      CHECK(!verdict.caption_right);
    }
  }
  CHECK(relations > 50);
}

TEST_CASE("scene checker: a pixel more or less does no harm, half a ring is none") {
  const std::string text = "a red ring left of a blue ring";
  std::vector<uint8_t> picture = rgb(two_rings);
  const std::vector<uint8_t> white{255, 255, 255},
      red(picture.begin() + static_cast<long>(pixel(1, 0)), picture.begin() + static_cast<long>(pixel(1, 0)) + 3);
  const auto paint = [&](int x, int y, const std::vector<uint8_t>& colour) {
    std::copy(colour.begin(), colour.end(), picture.begin() + static_cast<long>(pixel(x, y)));
  };
  paint(0, 0, red);
  paint(0, 2, white);
  CHECK(judged(picture, described(text)).caption_right);
  paint(-1, -2, red);  // alone
  paint(-1, -3, red);
  paint(-1, -4, red);
  CHECK(judged(picture, described(text)).caption_right);
  paint(-1, -5, red);  // now it is a part
  CHECK(judged(picture, described(text)).right == 2);
  CHECK(!judged(picture, described(text)).caption_right);
  for (int y = 0; y < 5; ++y)
    for (int x = 2; x < 5; ++x) paint(x, y, white);
  CHECK(judged(picture, described(text)).right == 1);
}

TEST_CASE("scene checker: verdicts on several pictures are counted together") {
  Draw draw(3);
  const Scene scene = draw_scene({.canvas = 18, .fewest = 1, .most = 1}, draw);
  SceneVerdicts all;
  all.add(verdict_on(two_rings, "a red ring left of a blue ring"));
  all.add(verdict_on(scene, "a " + words(scene.objects[0].thing.pair)));
  all.add(verdict_on(Scene{18, 1, {}}, "a red ring"));
  CHECK(all.named == 4);
  CHECK(all.right == 3);
  CHECK(all.relations == 1);
  CHECK(all.relations_right == 1);
  CHECK(all.captions == 3);
  CHECK(all.captions_right == 2);
}

TEST_CASE("scene checker: a caption without sizes is right of any, none of an empty picture") {
  Draw draw(7);
  const Scene scene = draw_scene({.canvas = 60, .most = 1}, draw);
  const std::string text = "a " + words(scene.objects[0].thing.pair);
  CHECK(verdict_on(scene, text).caption_right);
  CHECK(verdict_on(Scene{60, 2, {}}, text).right == 0);
  CHECK(found_objects(rgb(Scene{36, 1, {}})).empty());
  CHECK(error_of([] { found_objects(std::vector<uint8_t>(12)); }) ==
        "12 bytes are no scene of 18 x 18, 36 x 36 or 60 x 60 pixels");
}
