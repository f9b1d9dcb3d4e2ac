// SPDX-License-Identifier: Apache-2.0
// Scenes of coloured shapes: what the generated pictures show, and what captions and questions tell of them.
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

enum class SceneColour { red, green, blue, yellow, purple, orange, cyan, brown };
inline constexpr std::array<std::string_view, 8> scene_colours = {"red",    "green",  "blue", "yellow",
                                                                  "purple", "orange", "cyan", "brown"};
enum class SceneShape { circle, square, triangle, cross, diamond, ring };
inline constexpr std::array<std::string_view, 6> scene_shapes = {"circle", "square",  "triangle",
                                                                 "cross",  "diamond", "ring"};
enum class SceneSize { only, small, large };
inline constexpr std::array<std::string_view, 3> scene_sizes = {"", "small", "large"};
enum class SceneRelation { left_of, right_of, above, below };
inline constexpr std::array<std::string_view, 4> scene_relations = {"left of", "right of", "above", "below"};

std::string_view word(SceneColour colour);
std::string_view word(SceneShape shape);
std::string_view word(SceneSize size);
std::string_view word(SceneRelation relation);
std::string plural(SceneShape shape);

struct ColouredShape {
  SceneColour colour{};
  SceneShape shape{};

  auto operator<=>(const ColouredShape&) const = default;
};

// "red circle".
std::string words(ColouredShape pair);
// All 48.
std::vector<ColouredShape> all_coloured_shapes();
// Is it a pair that no scene to learn from has, so that tests can ask for what is new? hash_mod_1000(words(pair)) <
// 200: red circle, green diamond, blue square, yellow triangle, yellow ring, purple diamond and brown diamond.
bool held_out(ColouredShape pair);

// What can be said of an object by itself.
struct SceneThing {
  ColouredShape pair;
  SceneSize size = SceneSize::only;

  auto operator<=>(const SceneThing&) const = default;
};

struct SceneObject {
  SceneThing thing;
  int x = 0, y = 0;  // the left and the top pixel

  auto operator<=>(const SceneObject&) const = default;
};

// A square picture of 3 x 3 cells with at most one object in each; no two objects are alike in colour and shape.
struct Scene {
  int canvas = 36;     // pixels of a side
  int background = 0;  // of scene_backgrounds (scene_picture.h)
  std::vector<SceneObject> objects;

  bool operator==(const Scene&) const = default;
};

inline constexpr int scene_cells = 3;                               // of a side
inline constexpr std::array<int, 3> scene_canvases = {18, 36, 60};  // so cells have 6, 12 and 20 pixels

// The sizes of objects on a canvas: one on 18 pixels, where smaller shapes would look alike; else two.
std::vector<SceneSize> sizes_of(int canvas);
// Pixels of a side: 5; 7 and 11; 11 and 17. std::invalid_argument if the canvas has no such objects.
int side_of(int canvas, SceneSize size);

int column_of(const Scene& scene, const SceneObject& object);
int row_of(const Scene& scene, const SceneObject& object);
// Where something is that lies so many steps to the right of another and so many below it: the longer way decides, and
// none does if they are equally long.
std::optional<SceneRelation> relation_of(int right, int down);
// Where the first is, seen from the second, by their cells. It is the same by their middles in pixels.
std::optional<SceneRelation> relation_of(const Scene& scene, const SceneObject& first, const SceneObject& second);

// What two scenes have in common that look the same, and that have the same things at whatever places.
std::string picture_key(const Scene& scene);
std::string things_key(const Scene& scene);

}  // namespace thaw
