// SPDX-License-Identifier: Apache-2.0
// Words, sizes and places of scenes.
#include "examples/data/scene.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "examples/data/hash_split.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int held_out_of_1000 = 200;

using PairTable = std::array<std::array<bool, scene_shapes.size()>, scene_colours.size()>;

PairTable held_out_pairs() {
  PairTable table{};
  for (size_t colour = 0; colour < scene_colours.size(); ++colour)
    for (size_t shape = 0; shape < scene_shapes.size(); ++shape)
      table[colour][shape] =
          hash_mod_1000(fmt::format("{} {}", scene_colours[colour], scene_shapes[shape])) < held_out_of_1000;
  return table;
}

}  // namespace

std::string_view word(SceneColour colour) { return scene_colours.at(static_cast<size_t>(colour)); }
std::string_view word(SceneShape shape) { return scene_shapes.at(static_cast<size_t>(shape)); }
std::string_view word(SceneSize size) { return scene_sizes.at(static_cast<size_t>(size)); }
std::string_view word(SceneRelation relation) { return scene_relations.at(static_cast<size_t>(relation)); }

std::string plural(SceneShape shape) { return std::string(word(shape)) + (shape == SceneShape::cross ? "es" : "s"); }

std::string words(ColouredShape pair) { return fmt::format("{} {}", word(pair.colour), word(pair.shape)); }

std::vector<ColouredShape> all_coloured_shapes() {
  std::vector<ColouredShape> pairs;
  for (size_t colour = 0; colour < scene_colours.size(); ++colour)
    for (size_t shape = 0; shape < scene_shapes.size(); ++shape)
      pairs.push_back({static_cast<SceneColour>(colour), static_cast<SceneShape>(shape)});
  return pairs;
}

bool held_out(ColouredShape pair) {
  static const PairTable table = held_out_pairs();
  return table.at(static_cast<size_t>(pair.colour)).at(static_cast<size_t>(pair.shape));
}

std::vector<SceneSize> sizes_of(int canvas) {
  if (canvas == scene_canvases[0]) return {SceneSize::only};
  return {SceneSize::small, SceneSize::large};
}

int side_of(int canvas, SceneSize size) {
  if (canvas == 18 && size == SceneSize::only) return 5;
  if (canvas == 36 && size != SceneSize::only) return size == SceneSize::small ? 7 : 11;
  check(canvas == 60 && size != SceneSize::only, "a canvas of {} pixels has no {} objects", canvas,
        size == SceneSize::only ? "equally large" : word(size));
  return size == SceneSize::small ? 11 : 17;
}

int column_of(const Scene& scene, const SceneObject& object) { return object.x / (scene.canvas / scene_cells); }
int row_of(const Scene& scene, const SceneObject& object) { return object.y / (scene.canvas / scene_cells); }

std::optional<SceneRelation> relation_of(int right, int down) {
  if (std::abs(right) == std::abs(down)) return std::nullopt;
  if (std::abs(right) > std::abs(down)) return right < 0 ? SceneRelation::left_of : SceneRelation::right_of;
  return down < 0 ? SceneRelation::above : SceneRelation::below;
}

std::optional<SceneRelation> relation_of(const Scene& scene, const SceneObject& first, const SceneObject& second) {
  return relation_of(column_of(scene, first) - column_of(scene, second), row_of(scene, first) - row_of(scene, second));
}

std::string picture_key(const Scene& scene) {
  std::vector<SceneObject> objects = scene.objects;
  std::sort(objects.begin(), objects.end());
  std::string key = fmt::format("{} {}", scene.canvas, scene.background);
  for (const SceneObject& object : objects)
    key += fmt::format(", {} {} at {} {}", word(object.thing.size), words(object.thing.pair), object.x, object.y);
  return key;
}

std::string things_key(const Scene& scene) {
  std::vector<SceneThing> things;
  for (const SceneObject& object : scene.objects) things.push_back(object.thing);
  std::sort(things.begin(), things.end());
  std::string key;
  for (const SceneThing& thing : things) key += fmt::format("{} {}, ", word(thing.size), words(thing.pair));
  return key;
}

}  // namespace thaw
