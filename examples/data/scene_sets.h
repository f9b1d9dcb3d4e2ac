// SPDX-License-Identifier: Apache-2.0
// Draws scenes for the parts of a data set, so that no part has another's pictures and none to learn from a new pair.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "examples/data/draw.h"
#include "examples/data/hash_split.h"
#include "examples/data/scene.h"

namespace thaw {

struct SceneSet {
  int canvas = 36;
  size_t fewest = 1, most = 4;  // objects of a scene
  bool new_pairs = false;       // does each scene have a held-out pair of colour and shape, or has none one?
  Split split = Split::train;   // that the picture falls to by its hash
  // What no two scenes may have in common (picture_key, things_key), or null.
  std::string (*distinct)(const Scene&) = nullptr;
};

// One to four objects in cells of their own, anywhere in them; two of one colour are not side by side without a pixel
// between. In two of three scenes several objects have a colour or a shape in common, so that there is something to
// count and to tell apart.
Scene draw_scene(const SceneSet& set, Draw& draw);

// So many scenes, or as many as there are: of distinct ones the search ends when 20,000 draws brought none.
std::vector<Scene> draw_scenes(const SceneSet& set, size_t count, Draw& draw);

}  // namespace thaw
