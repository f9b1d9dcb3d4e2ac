// SPDX-License-Identifier: Apache-2.0
// Drawn scenes: what holds of each, which pairs they have, and that parts have no picture in common.
#include "examples/data/scene_sets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tests/error_of.h"

using namespace thaw;

namespace {

std::vector<Scene> scenes_of(const SceneSet& set, size_t count, uint64_t seed = 1) {
  Draw draw(seed);
  return draw_scenes(set, count, draw);
}

bool has_new_pair(const Scene& scene) {
  return std::ranges::any_of(scene.objects, [](const SceneObject& object) { return held_out(object.thing.pair); });
}

std::set<std::string> keys_of(const std::vector<Scene>& scenes, std::string (*key)(const Scene&)) {
  std::set<std::string> keys;
  for (const Scene& scene : scenes) keys.insert(key(scene));
  return keys;
}

void check_places(const Scene& scene) {
  const int cell = scene.canvas / scene_cells;
  std::set<std::pair<int, int>> cells;
  std::set<ColouredShape> pairs;
  for (const SceneObject& object : scene.objects) {
    const int side = side_of(scene.canvas, object.thing.size);
    CHECK(object.x >= 0);
    CHECK(object.y >= 0);
    CHECK(object.x % cell + side <= cell);
    CHECK(object.y % cell + side <= cell);
    cells.insert({object.x / cell, object.y / cell});
    pairs.insert(object.thing.pair);
  }
  CHECK(cells.size() == scene.objects.size());
  CHECK(pairs.size() == scene.objects.size());
}

}  // namespace

TEST_CASE("scene sets: objects have cells of their own and are not alike; all numbers, sizes and places occur") {
  for (const int canvas : scene_canvases) {
    CAPTURE(canvas);
    std::map<size_t, int> counts;
    std::map<int, int> backgrounds, columns, rows;
    std::map<SceneSize, std::set<int>> places;  // within the cell
    for (const Scene& scene : scenes_of({.canvas = canvas}, 2000)) {
      CHECK(scene.canvas == canvas);
      check_places(scene);
      ++counts[scene.objects.size()];
      ++backgrounds[scene.background];
      for (const SceneObject& object : scene.objects) {
        ++columns[column_of(scene, object)];
        ++rows[row_of(scene, object)];
        places[object.thing.size].insert(object.x % (canvas / scene_cells));
      }
    }
    CHECK(counts.size() == 4);
    for (const auto& count : counts) CHECK(count.second > 400);
    CHECK(backgrounds.size() == 3);
    for (const auto* lines : {&columns, &rows}) {
      CHECK(lines->size() == 3);
      for (const auto& line : *lines) CHECK(line.second > 1500);
    }
    CHECK(places.size() == sizes_of(canvas).size());
    for (const auto& place : places)
      CHECK(place.second.size() == static_cast<size_t>(canvas / scene_cells - side_of(canvas, place.first) + 1));
  }
}

TEST_CASE("scene sets: objects of one colour or one shape are frequent, also four of them") {
  std::map<int, int> colours, shapes;  // how many are alike at most: in how many scenes
  for (const Scene& scene : scenes_of({.fewest = 4}, 2000)) {
    std::map<SceneColour, int> of_colours;
    std::map<SceneShape, int> of_shapes;
    for (const SceneObject& object : scene.objects) {
      ++of_colours[object.thing.pair.colour];
      ++of_shapes[object.thing.pair.shape];
    }
    const auto by_count = [](const auto& a, const auto& b) { return a.second < b.second; };
    ++colours[std::max_element(of_colours.begin(), of_colours.end(), by_count)->second];
    ++shapes[std::max_element(of_shapes.begin(), of_shapes.end(), by_count)->second];
  }
  for (int alike = 1; alike <= 4; ++alike) {
    CHECK(colours[alike] > 100);
    CHECK(shapes[alike] > 100);
  }
}

TEST_CASE("scene sets: nothing to learn from has a held-out pair, and what asks for the new has one at least") {
  std::set<ColouredShape> seen, with_new;
  for (const Split split : all_splits)
    for (const Scene& scene : scenes_of({.split = split}, 1000)) {
      CHECK(!has_new_pair(scene));
      for (const SceneObject& object : scene.objects) seen.insert(object.thing.pair);
    }
  for (const Scene& scene : scenes_of({.new_pairs = true, .split = Split::test}, 1000)) {
    CHECK(has_new_pair(scene));
    for (const SceneObject& object : scene.objects) with_new.insert(object.thing.pair);
  }
  CHECK(seen.size() == 41);
  CHECK(with_new.size() == 48);
}

TEST_CASE("scene sets: parts have no picture in common, whatever the seeds") {
  // Of one object on the small canvas there are about 4,000 pictures, so many come again.
  const SceneSet train{.canvas = 18, .most = 1};
  SceneSet test = train;
  test.split = Split::test;
  const std::vector<Scene> learnt = scenes_of(train, 3000, 1), judged = scenes_of(test, 300, 2);
  const std::set<std::string> keys = keys_of(learnt, picture_key);
  CHECK(keys.size() < learnt.size());
  for (const Scene& scene : judged) CHECK(keys.count(picture_key(scene)) == 0);
}

TEST_CASE("scene sets: distinct scenes, as many as there are") {
  SceneSet set{.canvas = 18, .most = 2, .split = Split::test, .distinct = things_key};
  const std::vector<Scene> scenes = scenes_of(set, 500);
  CHECK(scenes.size() == 500);
  CHECK(keys_of(scenes, things_key).size() == 500);
  set.most = 1;
  CHECK(scenes_of(set, 500).size() == 41);  // the pairs that are not held out
  set.new_pairs = true;
  CHECK(scenes_of(set, 500).size() == 7);
}

TEST_CASE("scene sets: the same seed draws the same, another one others") {
  const std::vector<Scene> scenes = scenes_of({}, 50, 3);
  CHECK(scenes == scenes_of({}, 50, 3));
  CHECK(scenes != scenes_of({}, 50, 4));
  const std::vector<Scene> more = scenes_of({}, 60, 3);
  CHECK(std::equal(scenes.begin(), scenes.end(), more.begin()));
}

TEST_CASE("scene sets: impossible numbers of objects") {
  Draw draw(1);
  CHECK(error_of([&] { draw_scene({.fewest = 0}, draw); }) == "a scene has 1 to 4 objects, not 0 to 4");
  CHECK(error_of([&] { draw_scene({.fewest = 3, .most = 2}, draw); }) == "a scene has 1 to 4 objects, not 3 to 2");
  CHECK(error_of([&] { draw_scene({.most = 5}, draw); }) == "a scene has 1 to 4 objects, not 1 to 5");
}
