// SPDX-License-Identifier: Apache-2.0
// Captions of scenes, written and read. Each names all objects of its scene, so that of scenes with different things
// none is another's picture.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "examples/data/draw.h"
#include "examples/data/scene.h"

namespace thaw {

// A list ("a large red circle and a small blue square"), how many there are ("two red things: ..."), or, of two, where
// the first is ("a large red circle left of a small blue square", if relation_of() tells): each in three wordings.
// 42 words.
std::string caption(const Scene& scene, Draw& draw);

struct SceneDescription {
  std::vector<SceneThing> things;         // as they are named
  std::optional<SceneRelation> relation;  // of the first of two to the second

  bool operator==(const SceneDescription&) const = default;
};

// What a caption says. std::runtime_error naming the word that is not one of captions, or what else is odd.
SceneDescription described(const std::string& caption);

}  // namespace thaw
