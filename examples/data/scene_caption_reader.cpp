// SPDX-License-Identifier: Apache-2.0
// Reading of captions: which things they name, and where the first is.
#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include "examples/data/scene_captions.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// Where a word stands among others; none if it is not there.
template <size_t n>
std::optional<size_t> find(const std::array<std::string_view, n>& all, std::string_view wanted) {
  const auto found = std::find(all.begin(), all.end(), wanted);
  if (found == all.end()) return std::nullopt;
  return static_cast<size_t>(found - all.begin());
}

// A caption's words, and where one stands behind those that were read.
class CaptionWords {
 public:
  explicit CaptionWords(const std::string& caption) : caption_(caption) {
    std::string text = caption;
    std::ranges::replace_if(
        text, [](char c) { return c == ',' || c == ':'; }, ' ');
    std::istringstream stream(text);
    for (std::string next; stream >> next;) words_.push_back(next);
  }

  bool at_end() const { return at_ == words_.size(); }
  std::string_view next() const { return at_end() ? std::string_view() : words_[at_]; }
  void skip() { ++at_; }
  bool take(std::string_view wanted) {
    const bool is_next = next() == wanted;
    if (is_next) skip();
    return is_next;
  }
  template <size_t n>
  std::optional<size_t> take_one_of(const std::array<std::string_view, n>& all) {
    const auto found = find(all, next());
    if (found) skip();
    return found;
  }
  [[noreturn]] void fail_at_next() const {
    if (at_end()) fail("{} is no caption of a scene: it ends where more was expected", quote(caption_));
    fail("{} is no caption of a scene: {} was not expected", quote(caption_), quote(next()));
  }

 private:
  const std::string& caption_;
  std::vector<std::string> words_;
  size_t at_ = 0;
};

// "left of", "right of", "above" or "below".
std::optional<SceneRelation> take_relation(CaptionWords& words) {
  const auto found = words.take_one_of(std::array<std::string_view, 4>{"left", "right", "above", "below"});
  if (!found) return std::nullopt;
  if (*found < 2 && !words.take("of")) words.fail_at_next();
  return static_cast<SceneRelation>(*found);
}

// "a large red circle": from the article on.
SceneThing take_thing(CaptionWords& words) {
  SceneThing thing;
  if (words.take("small"))
    thing.size = SceneSize::small;
  else if (words.take("large"))
    thing.size = SceneSize::large;
  const auto colour = words.take_one_of(scene_colours);
  if (!colour) words.fail_at_next();
  const auto shape = words.take_one_of(scene_shapes);
  if (!shape) words.fail_at_next();
  thing.pair = {static_cast<SceneColour>(*colour), static_cast<SceneShape>(*shape)};
  return thing;
}

// Passes over "two circles", "three red things", "four things", which say what the list says; false if there is none.
bool skip_count(CaptionWords& words) {
  if (!words.take_one_of(std::array<std::string_view, 3>{"two", "three", "four"})) return false;
  words.take_one_of(scene_colours);
  const std::string_view what = words.next();
  bool known = what == "things";
  for (size_t shape = 0; shape < scene_shapes.size(); ++shape)
    known = known || what == plural(static_cast<SceneShape>(shape));
  if (!known) words.fail_at_next();
  words.skip();
  return true;
}

bool skip_filler(CaptionWords& words) {
  static constexpr std::array<std::string_view, 9> fillers = {"there", "is",  "are", "the", "picture",
                                                              "shows", "and", "in",  "all"};
  return words.take_one_of(fillers).has_value();
}

}  // namespace

SceneDescription described(const std::string& caption) {
  CaptionWords words(caption);
  SceneDescription description;
  bool second_first = false;  // "above a blue square there is a red circle"
  while (!words.at_end()) {
    if (words.take("a") || words.take("an")) {
      description.things.push_back(take_thing(words));
    } else if (const auto relation = take_relation(words)) {
      if (description.relation) fail("{} is no caption of a scene: it has two relations", quote(caption));
      description.relation = relation;
      second_first = description.things.empty();
    } else if (!skip_count(words) && !skip_filler(words)) {
      words.fail_at_next();
    }
  }
  if (description.things.empty()) fail("{} is no caption of a scene: it names nothing", quote(caption));
  if (description.relation && description.things.size() != 2)
    fail("{} is no caption of a scene: its relation is not one of two things", quote(caption));
  if (second_first) std::swap(description.things[0], description.things[1]);
  return description;
}

}  // namespace thaw
