// SPDX-License-Identifier: Apache-2.0
// All questions that a scene answers.
#include "examples/data/scene_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace thaw {
namespace {

// Objects with a colour or with a shape in common.
struct Group {
  std::string plural;  // "red things", "circles"
  std::string single;  // "what shape is the red thing?", "what colour is the circle?"
  std::vector<const SceneObject*> objects;
};

std::vector<Group> groups_by_colour(const Scene& scene) {
  std::vector<Group> groups;
  for (const std::string_view colour : scene_colours)
    groups.push_back({fmt::format("{} things", colour), fmt::format("what shape is the {} thing?", colour), {}});
  for (const SceneObject& object : scene.objects)
    groups[static_cast<size_t>(object.thing.pair.colour)].objects.push_back(&object);
  return groups;
}

std::vector<Group> groups_by_shape(const Scene& scene) {
  std::vector<Group> groups;
  for (size_t shape = 0; shape < scene_shapes.size(); ++shape)
    groups.push_back(
        {plural(static_cast<SceneShape>(shape)), fmt::format("what colour is the {}?", scene_shapes[shape]), {}});
  for (const SceneObject& object : scene.objects)
    groups[static_cast<size_t>(object.thing.pair.shape)].objects.push_back(&object);
  return groups;
}

class Questions {
 public:
  explicit Questions(const Scene& scene) : scene_(scene) {
    for (const SceneObject& object : scene.objects) {
      add_size(object);
      add_neighbours(object);
      for (const SceneObject& other : scene.objects) add_side(object, other);
    }
    add_exists();
    const auto by_colour = groups_by_colour(scene), by_shape = groups_by_shape(scene);
    add_attributes("shape", by_colour, [](ColouredShape pair) { return word(pair.shape); });
    add_attributes("colour", by_shape, [](ColouredShape pair) { return word(pair.colour); });
    for (const auto* groups : {&by_colour, &by_shape}) {
      add_counts(*groups);
      add_comparisons(*groups);
    }
  }

  std::vector<SceneQuestion> take() { return std::move(questions_); }

 private:
  void add(std::string_view kind, std::string question, std::string_view answer, std::vector<ColouredShape> pairs) {
    questions_.push_back({kind, std::string(kind), std::move(question), std::string(answer), std::move(pairs)});
  }
  void add_neighbour(const ColouredShape& pair, SceneRelation where, std::string_view answer,
                     std::vector<ColouredShape> pairs) {
    add("neighbour", fmt::format("what is {} the {}?", word(where), words(pair)), answer, std::move(pairs));
    questions_.back().group += fmt::format(" of {}", word(pair.shape));
  }

  template <typename F>
  void add_attributes(std::string_view kind, const std::vector<Group>& groups, const F& answer) {
    for (const Group& group : groups)
      if (group.objects.size() == 1) {
        const ColouredShape pair = group.objects[0]->thing.pair;
        add(kind, group.single, answer(pair), {pair});
      }
  }

  void add_size(const SceneObject& object) {
    if (object.thing.size == SceneSize::only) return;
    const ColouredShape pair = object.thing.pair;
    add("size", fmt::format("how large is the {}?", words(pair)), word(object.thing.size), {pair});
  }

  // Of the colours and shapes that are there every pair once: with "no" where they are those of two objects.
  void add_exists() {
    std::vector<ColouredShape> there, asked;
    for (const SceneObject& object : scene_.objects) there.push_back(object.thing.pair);
    for (const ColouredShape& one : there)
      for (const ColouredShape& other : there) asked.push_back({one.colour, other.shape});
    std::sort(asked.begin(), asked.end());
    asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
    for (const ColouredShape& pair : asked) {
      const bool is_there = std::find(there.begin(), there.end(), pair) != there.end();
      const char* article = pair.colour == SceneColour::orange ? "an" : "a";
      add("exists", fmt::format("is there {} {}?", article, words(pair)), is_there ? "yes" : "no", {pair});
    }
  }

  void add_counts(const std::vector<Group>& groups) {
    for (const Group& group : groups)
      add("count", fmt::format("how many {} are there?", group.plural), std::to_string(group.objects.size()), {});
  }

  void add_comparisons(const std::vector<Group>& groups) {
    for (const Group& one : groups)
      for (const Group& other : groups) {
        if (&one == &other || one.objects.empty() || other.objects.empty()) continue;
        add("more", fmt::format("are there more {} than {}?", one.plural, other.plural),
            one.objects.size() > other.objects.size() ? "yes" : "no", {});
      }
  }

  void add_neighbours(const SceneObject& object) {
    look_for_neighbour(object, SceneRelation::left_of, column_of);
    look_for_neighbour(object, SceneRelation::above, row_of);
  }
  // `place` counts from the side where the neighbour is to be.
  void look_for_neighbour(const SceneObject& object, SceneRelation where,
                          int (*place)(const Scene&, const SceneObject&)) {
    std::vector<const SceneObject*> before;
    for (const SceneObject& other : scene_.objects)
      if (place(scene_, other) < place(scene_, object)) before.push_back(&other);
    const ColouredShape pair = object.thing.pair;
    if (before.empty()) add_neighbour(pair, where, "nothing", {pair});
    if (before.size() == 1 && relation_of(scene_, *before[0], object) == where) {
      const ColouredShape neighbour = before[0]->thing.pair;
      add_neighbour(pair, where, word(neighbour.shape), {pair, neighbour});
    }
  }

  void add_side(const SceneObject& object, const SceneObject& other) {
    const auto relation = relation_of(scene_, object, other);  // none to itself
    if (!relation) return;
    std::string_view side = word(*relation);
    side = side.substr(0, side.find(' '));  // "left of"
    const ColouredShape one = object.thing.pair, two = other.thing.pair;
    add("side", fmt::format("where is the {}, seen from the {}?", words(one), words(two)), side, {one, two});
  }

  const Scene& scene_;
  std::vector<SceneQuestion> questions_;
};

}  // namespace

std::vector<SceneQuestion> questions_of(const Scene& scene) { return Questions(scene).take(); }

}  // namespace thaw
