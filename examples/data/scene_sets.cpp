// SPDX-License-Identifier: Apache-2.0
// Drawing of scenes.
#include "examples/data/scene_sets.h"

#include <algorithm>
#include <set>
#include <utility>

#include "tensor/check.h"

namespace thaw {
namespace {

constexpr size_t most_objects = 4, patience = 20'000;

// How many objects are to have the first one's colour or shape, of `count`.
size_t draw_alike(size_t count, Draw& draw) {
  if (count == 1 || draw.below(2) == 0) return count;
  return 2 + draw.below(count - 1);
}

std::vector<ColouredShape> draw_pairs(const SceneSet& set, size_t count, Draw& draw) {
  std::vector<ColouredShape> pairs = all_coloured_shapes();
  if (!set.new_pairs) std::erase_if(pairs, held_out);
  draw.shuffle(pairs);
  if (set.new_pairs) std::iter_swap(pairs.begin(), std::find_if(pairs.begin(), pairs.end(), held_out));
  const size_t theme = draw.below(3);
  if (theme > 0) {
    const ColouredShape first = pairs.front();
    const auto others = std::stable_partition(pairs.begin() + 1, pairs.end(), [&](const ColouredShape& pair) {
      return theme == 1 ? pair.colour == first.colour : pair.shape == first.shape;
    });
    const auto alike = std::min<ptrdiff_t>(static_cast<ptrdiff_t>(draw_alike(count, draw)), others - pairs.begin());
    std::rotate(pairs.begin() + alike, others, pairs.end());
  }
  pairs.resize(count);
  return pairs;
}

// Is there no pixel between their squares, side by side or corner to corner?
bool touch(const Scene& scene, const SceneObject& a, const SceneObject& b) {
  const int side_a = side_of(scene.canvas, a.thing.size), side_b = side_of(scene.canvas, b.thing.size);
  return a.x <= b.x + side_b && b.x <= a.x + side_a && a.y <= b.y + side_b && b.y <= a.y + side_a;
}

bool colours_touch(const Scene& scene) {
  for (size_t i = 0; i < scene.objects.size(); ++i)
    for (size_t j = 0; j < i; ++j) {
      const SceneObject &a = scene.objects[i], &b = scene.objects[j];
      if (a.thing.pair.colour == b.thing.pair.colour && touch(scene, a, b)) return true;
    }
  return false;
}

void draw_places(Scene& scene, Draw& draw) {
  const int cell = scene.canvas / scene_cells;
  std::vector<int> cells;
  for (int i = 0; i < scene_cells * scene_cells; ++i) cells.push_back(i);
  draw.shuffle(cells);
  for (size_t i = 0; i < scene.objects.size(); ++i) {
    SceneObject& object = scene.objects[i];
    const auto places = static_cast<size_t>(cell - side_of(scene.canvas, object.thing.size) + 1);
    object.x = cells[i] % scene_cells * cell + static_cast<int>(draw.below(places));
    object.y = cells[i] / scene_cells * cell + static_cast<int>(draw.below(places));
  }
}

}  // namespace

Scene draw_scene(const SceneSet& set, Draw& draw) {
  check(set.fewest >= 1 && set.fewest <= set.most && set.most <= most_objects,
        "a scene has 1 to {} objects, not {} to {}", most_objects, set.fewest, set.most);
  Scene scene;
  scene.canvas = set.canvas;
  scene.background = static_cast<int>(draw.below(3));
  const std::vector<SceneSize> sizes = sizes_of(set.canvas);
  const size_t count = set.fewest + draw.below(set.most - set.fewest + 1);
  for (const ColouredShape pair : draw_pairs(set, count, draw))
    scene.objects.push_back({{pair, sizes[draw.below(sizes.size())]}});
  do draw_places(scene, draw);
  while (colours_touch(scene));
  return scene;
}

std::vector<Scene> draw_scenes(const SceneSet& set, size_t count, Draw& draw) {
  std::vector<Scene> scenes;
  std::set<std::string> seen;
  for (size_t failed = 0; scenes.size() < count && failed < patience; ++failed) {
    Scene scene = draw_scene(set, draw);
    if (split_of(picture_key(scene)) != set.split) continue;
    if (set.distinct && !seen.insert(set.distinct(scene)).second) continue;
    scenes.push_back(std::move(scene));
    failed = 0;
  }
  return scenes;
}

}  // namespace thaw
