// SPDX-License-Identifier: Apache-2.0
// Captions: how they read, that they are true of their scenes, and what is no caption.
#include "examples/data/scene_captions.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "examples/data/scene_sets.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

// All captions of a scene.
std::set<std::string> captions_of(const Scene& scene) {
  Draw draw(1);
  std::set<std::string> captions;
  for (int i = 0; i < 300; ++i) captions.insert(caption(scene, draw));
  return captions;
}

const SceneObject red_circle{{{SceneColour::red, SceneShape::circle}, SceneSize::large}, 0, 0};
const SceneObject orange_cross{{{SceneColour::orange, SceneShape::cross}, SceneSize::small}, 24, 12};
const SceneObject red_ring{{{SceneColour::red, SceneShape::ring}, SceneSize::small}, 12, 12};
const SceneObject blue_ring{{{SceneColour::blue, SceneShape::ring}, SceneSize::large}, 24, 24};

std::vector<SceneThing> sorted(std::vector<SceneThing> things) {
  std::sort(things.begin(), things.end());
  return things;
}

std::string no_caption(const std::string& text) {
  return error_of<std::runtime_error>([&] { described(text); });
}

}  // namespace

TEST_CASE("scene captions: one object, in three wordings") {
  CHECK(captions_of({36, 0, {red_circle}}) == std::set<std::string>{"a large red circle", "there is a large red circle",
                                                                    "the picture shows a large red circle"});
  SceneObject object = orange_cross;
  object.thing.size = SceneSize::only;
  CHECK(captions_of({18, 0, {object}}).count("an orange cross") == 1);
}

TEST_CASE("scene captions: of two where they are, if the longer way tells") {
  CHECK(captions_of({36, 0, {red_circle, orange_cross}}) ==
        std::set<std::string>{
            "a large red circle and a small orange cross",
            "there are a large red circle and a small orange cross",
            "the picture shows a large red circle and a small orange cross",
            "two things: a large red circle and a small orange cross",
            "there are two things: a large red circle and a small orange cross",
            "a large red circle and a small orange cross, two things in all",
            "a large red circle left of a small orange cross",
            "a large red circle is left of a small orange cross",
            "left of a small orange cross there is a large red circle",
        });
  const auto diagonal = captions_of({36, 0, {red_circle, red_ring}});
  CHECK(diagonal.size() == 6);
  CHECK(diagonal.count("two red things: a large red circle and a small red ring") == 1);
}

TEST_CASE("scene captions: of more how many there are") {
  const auto captions = captions_of({36, 0, {red_circle, orange_cross, blue_ring}});
  CHECK(captions.size() == 6);
  CHECK(captions.count("a large red circle, a small orange cross and a large blue ring, three things in all") == 1);
  CHECK(captions_of({36, 0, {red_ring, blue_ring}}).count("two rings: a small red ring and a large blue ring") == 1);
}

TEST_CASE("scene captions: what they say is so") {
  Draw draw(2);
  std::set<std::string> vocabulary;
  std::map<SceneRelation, int> relations;
  for (const int canvas : scene_canvases)
    for (const bool new_pairs : {false, true})
      for (const Scene& scene : draw_scenes({.canvas = canvas, .new_pairs = new_pairs}, 1000, draw)) {
        const std::string text = caption(scene, draw);
        CAPTURE(text);
        const SceneDescription description = described(text);
        std::vector<SceneThing> things;
        for (const SceneObject& object : scene.objects) things.push_back(object.thing);
        CHECK(sorted(description.things) == sorted(things));
        if (description.relation) {
          ++relations[*description.relation];
          REQUIRE(description.things.size() == 2);
          const bool same_order = description.things[0] == things[0];
          const SceneObject &first = scene.objects[same_order ? 0 : 1], &second = scene.objects[same_order ? 1 : 0];
          CHECK(relation_of(scene, first, second) == description.relation);
        }
        std::string letters = text;
        std::erase_if(letters, [](char c) { return c == ',' || c == ':'; });
        std::istringstream words(letters);
        for (std::string word; words >> word;) vocabulary.insert(word);
      }
  CHECK(relations.size() == 4);
  CHECK(vocabulary.size() == 42);
}

TEST_CASE("scene captions: a thing without a size, and a second thing that is named first") {
  const SceneDescription description = described("below a red ring there is a small blue square");
  CHECK(description.things == std::vector<SceneThing>{{{SceneColour::blue, SceneShape::square}, SceneSize::small},
                                                      {{SceneColour::red, SceneShape::ring}, SceneSize::only}});
  CHECK(description.relation == SceneRelation::below);
}

TEST_CASE("scene captions: what is none") {
  CHECK(no_caption("a red house") == "\"a red house\" is no caption of a scene: \"house\" was not expected");
  CHECK(no_caption("a circle") == "\"a circle\" is no caption of a scene: \"circle\" was not expected");
  CHECK(no_caption("a small") == "\"a small\" is no caption of a scene: it ends where more was expected");
  CHECK(no_caption("a dog") == "\"a dog\" is no caption of a scene: \"dog\" was not expected");
  CHECK(no_caption("a red ring left a red cross") ==
        "\"a red ring left a red cross\" is no caption of a scene: \"a\" was not expected");
  CHECK(no_caption("two dogs: a red ring and a red cross") ==
        "\"two dogs: a red ring and a red cross\" is no caption of a scene: \"dogs\" was not expected");
  CHECK(no_caption("") == "\"\" is no caption of a scene: it names nothing");
  CHECK(no_caption("there are two rings") == "\"there are two rings\" is no caption of a scene: it names nothing");
  CHECK(no_caption("a red ring above").ends_with("its relation is not one of two things"));
  CHECK(no_caption("above a red ring above a red cross").ends_with("it has two relations"));
}
