// SPDX-License-Identifier: Apache-2.0
// Questions on scenes, of eight kinds, with a word as answer: 28 words in all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "examples/data/draw.h"
#include "examples/data/scene.h"

namespace thaw {

// colour     what colour is the ring?                         of the only one; 8 answers
// shape      what shape is the red thing?                     of the only one; 6
// size       how large is the red ring?                       small, large
// exists     is there a red ring?                             yes; no, where both words are true of something
// count      how many red things are there? how many rings?   0 to 4
// more       are there more red things than blue things?      yes, no; also of shapes; there is one of both
// neighbour  what is left of the red ring? above?             its shape, if nothing else is in the columns there and
//                                                             relation_of() tells; nothing, if these are empty
// side       where is the red ring, seen from the blue ring?  left, right, above, below, if relation_of() tells
struct SceneQuestion {
  std::string_view kind;
  std::string group;  // among which answers are balanced: the kind; of neighbours, those of one shape, since scenes
                      // with several of one shape are frequent, and there it would be the best guess
  std::string question, answer;
  std::vector<ColouredShape> pairs;  // that it names or asks for
};

// All that can be asked of a scene.
std::vector<SceneQuestion> questions_of(const Scene& scene);

// For each scene so many questions, or fewer: in each group every answer that occurs is as frequent as the others, to
// within 10, so a question whose answer leads by that is not asked; kinds are equally frequent as far as scenes allow.
// None names or asks for a held-out pair; with `new_pairs` each does, unless it names no pair at all.
std::vector<std::vector<SceneQuestion>> balanced_questions(const std::vector<Scene>& scenes, size_t per_scene,
                                                           bool new_pairs, Draw& draw);

}  // namespace thaw
