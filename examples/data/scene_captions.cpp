// SPDX-License-Identifier: Apache-2.0
// Writing of captions.
#include "examples/data/scene_captions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "examples/data/question_wordings.h"

namespace thaw {
namespace {

using ThreeWordings = std::array<std::string_view, 3>;

constexpr ThreeWordings of_one = {"{list}", "there is {list}", "the picture shows {list}"};
constexpr ThreeWordings of_several = {"{list}", "there are {list}", "the picture shows {list}"};
constexpr ThreeWordings counted = {"{count}: {list}", "there are {count}: {list}", "{list}, {count} in all"};
constexpr ThreeWordings related = {"{first} {relation} {second}", "{first} is {relation} {second}",
                                   "{relation} {second} there is {first}"};
constexpr std::array<std::string_view, 5> numbers = {"no", "one", "two", "three", "four"};

// "a large red circle", "an orange ring".
std::string phrase(const SceneThing& thing) {
  std::string text(word(thing.size));
  if (!text.empty()) text += ' ';
  text += words(thing.pair);
  return (text.starts_with('o') ? "an " : "a ") + text;
}

std::string list_of(const std::vector<SceneObject>& objects) {
  std::string text;
  for (size_t i = 0; i < objects.size(); ++i) {
    if (i > 0) text += i + 1 == objects.size() ? " and " : ", ";
    text += phrase(objects[i].thing);
  }
  return text;
}

// "two circles", "three red things", "four things".
std::string count_of(const std::vector<SceneObject>& objects) {
  const ColouredShape first = objects.front().thing.pair;
  const bool one_colour =
      std::ranges::all_of(objects, [&](const SceneObject& object) { return object.thing.pair.colour == first.colour; });
  const bool one_shape =
      std::ranges::all_of(objects, [&](const SceneObject& object) { return object.thing.pair.shape == first.shape; });
  const std::string_view number = numbers.at(objects.size());
  if (one_shape) return fmt::format("{} {}", number, plural(first.shape));
  return one_colour ? fmt::format("{} {} things", number, word(first.colour)) : fmt::format("{} things", number);
}

}  // namespace

std::string caption(const Scene& scene, Draw& draw) {
  const std::vector<SceneObject>& objects = scene.objects;
  const size_t wording = draw.below(3);
  if (objects.size() == 1) return filled(std::string(of_one[wording]), "{list}", list_of(objects));
  std::optional<SceneRelation> relation;
  if (objects.size() == 2) relation = relation_of(scene, objects[0], objects[1]);
  const size_t fact = draw.below(relation ? 4 : 2);  // so half of those that can tell it tell where the first is
  if (fact == 0) return filled(std::string(of_several[wording]), "{list}", list_of(objects));
  if (fact == 1)
    return filled(filled(std::string(counted[wording]), "{count}", count_of(objects)), "{list}", list_of(objects));
  std::string text = filled(std::string(related[wording]), "{relation}", word(*relation));
  text = filled(std::move(text), "{first}", phrase(objects[0].thing));
  return filled(std::move(text), "{second}", phrase(objects[1].thing));
}

}  // namespace thaw
