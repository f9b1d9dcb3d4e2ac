// SPDX-License-Identifier: Apache-2.0
// What a picture shows, told from its pixels, and whether that is what a caption says: judges pictures that a model
// made, and knows of none how it was drawn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "examples/data/scene.h"
#include "examples/data/scene_captions.h"

namespace thaw {

struct FoundObject {
  SceneThing thing;
  double overlap = 0;  // with the shape as it is drawn: pixels that both have / pixels that one has
  int x = 0, y = 0;    // the middle, in half pixels
};

// Each connected part of one colour with 4 pixels or more (side by side, not corner to corner; each pixel has the
// nearest colour) is an object: the shape and size, laid where the part is, that have the largest overlap.
// std::invalid_argument unless it is a picture of a scene's size.
std::vector<FoundObject> found_objects(std::span<const uint8_t> rgb);

struct SceneVerdict {
  size_t named = 0, right = 0;  // things; right: one like it in colour, shape, size is there, with an overlap of .7
  bool has_relation = false, relation_right = false;  // of two right things
  bool caption_right = false;                         // all of that, and the picture shows nothing else
};

// A caption without sizes is right of any.
SceneVerdict judged(std::span<const uint8_t> rgb, const SceneDescription& description);

// Of many pictures.
struct SceneVerdicts {
  size_t named = 0, right = 0;  // things
  size_t relations = 0, relations_right = 0;
  size_t captions = 0, captions_right = 0;

  void add(const SceneVerdict& one);
};

}  // namespace thaw
