// SPDX-License-Identifier: Apache-2.0
// Questions on scenes: answers are counted again from the pixels; their balance; which pairs they name.
#include "examples/data/scene_questions.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "examples/data/scene_checker.h"
#include "examples/data/scene_picture.h"
#include "examples/data/scene_sets.h"

using namespace thaw;

namespace {

// What is found in a picture, in words.
struct SeenObject {
  std::string colour, shape, size;
  int column = 0, row = 0;

  bool is(const std::string& what) const { return what == colour || what == shape; }
  std::string name() const { return colour + " " + shape; }
};

std::vector<SeenObject> seen_in(const Scene& scene) {
  std::vector<SeenObject> seen;
  const int cell = 2 * scene.canvas / scene_cells;  // in half pixels
  for (const FoundObject& object : found_objects(rgb(scene)))
    seen.push_back({std::string(word(object.thing.pair.colour)), std::string(word(object.thing.pair.shape)),
                    std::string(word(object.thing.size)), object.x / cell, object.y / cell});
  return seen;
}

const SeenObject& named(const std::vector<SeenObject>& seen, const std::string& name) {
  const auto at = std::ranges::find_if(seen, [&](const SeenObject& object) { return object.name() == name; });
  REQUIRE(at != seen.end());
  return *at;
}

// "red things" -> "red", "crosses" -> "cross".
std::string single(const std::string& group) {
  if (const size_t blank = group.find(' '); blank != std::string::npos) return group.substr(0, blank);
  return group == "crosses" ? "cross" : group.substr(0, group.size() - 1);
}

int64_t count_of(const std::vector<SeenObject>& seen, const std::string& what) {
  return std::ranges::count_if(seen, [&](const SeenObject& object) { return object.is(what); });
}

const SeenObject& only_one(const std::vector<SeenObject>& seen, const std::string& what) {
  REQUIRE(count_of(seen, what) == 1);
  return *std::ranges::find_if(seen, [&](const SeenObject& object) { return object.is(what); });
}

std::string neighbour(const std::vector<SeenObject>& seen, const SeenObject& of, bool to_the_left) {
  std::vector<std::string> shapes;
  for (const SeenObject& object : seen) {
    const int across = to_the_left ? of.column - object.column : of.row - object.row;
    const int along = to_the_left ? of.row - object.row : of.column - object.column;
    if (across <= 0) continue;
    CHECK(across > std::abs(along));
    shapes.push_back(object.shape);
  }
  CHECK(shapes.size() <= 1);
  return shapes.empty() ? "nothing" : shapes[0];
}

std::string side(const SeenObject& of, const SeenObject& from) {
  const int right = of.column - from.column, down = of.row - from.row;
  if (right > std::abs(down)) return "right";
  if (-right > std::abs(down)) return "left";
  if (down > std::abs(right)) return "below";
  return -down > std::abs(right) ? "above" : "cannot be told";
}

std::string answer_from(const std::vector<SeenObject>& seen, const std::string& question) {
  std::smatch found;
  const auto is = [&](const char* pattern) { return std::regex_match(question, found, std::regex(pattern)); };
  if (is("what colour is the (\\w+)\\?")) return only_one(seen, found[1]).colour;
  if (is("what shape is the (\\w+) thing\\?")) return only_one(seen, found[1]).shape;
  if (is("how large is the (\\w+ \\w+)\\?")) return named(seen, found[1]).size;
  if (is("is there an? (\\w+ \\w+)\\?")) {
    const std::string name = found[1];
    const std::string colour = name.substr(0, name.find(' ')), shape = name.substr(name.find(' ') + 1);
    CHECK(count_of(seen, colour) > 0);
    CHECK(count_of(seen, shape) > 0);
    return std::ranges::any_of(seen, [&](const SeenObject& object) { return object.name() == name; }) ? "yes" : "no";
  }
  if (is("how many ([a-z ]+) are there\\?")) return std::to_string(count_of(seen, single(found[1])));
  if (is("are there more ([a-z ]+) than ([a-z ]+)\\?"))
    return count_of(seen, single(found[1])) > count_of(seen, single(found[2])) ? "yes" : "no";
  if (is("what is (left of|above) the (\\w+ \\w+)\\?"))
    return neighbour(seen, named(seen, found[2]), found[1] == "left of");
  if (is("where is the (\\w+ \\w+), seen from the (\\w+ \\w+)\\?"))
    return side(named(seen, found[1]), named(seen, found[2]));
  return "what is asked?";
}

using Asked = std::vector<std::vector<SceneQuestion>>;

// In each group no two answers are more than 10 apart.
void check_balance(const Asked& asked) {
  std::map<std::string, std::map<std::string, int>> counts;
  for (const auto& questions : asked)
    for (const SceneQuestion& question : questions) ++counts[question.group][question.answer];
  for (const auto& group : counts) {
    CAPTURE(group.first);
    const auto by_count = [](const auto& a, const auto& b) { return a.second < b.second; };
    const auto ends = std::minmax_element(group.second.begin(), group.second.end(), by_count);
    CHECK(group.second.size() > 1);
    CHECK(ends.second->second - ends.first->second <= 10);
  }
}

std::map<std::string_view, int> kinds_of(const Asked& asked) {
  std::map<std::string_view, int> kinds;
  for (const auto& questions : asked)
    for (const SceneQuestion& question : questions) ++kinds[question.kind];
  return kinds;
}

}  // namespace

TEST_CASE("scene questions: the answers are true of the picture") {
  for (const int canvas : scene_canvases) {
    CAPTURE(canvas);
    Draw draw(8);
    std::set<std::string_view> kinds;
    for (const Scene& scene : draw_scenes({.canvas = canvas}, 60, draw)) {
      const std::vector<SeenObject> seen = seen_in(scene);
      std::set<std::string> asked;
      for (const SceneQuestion& question : questions_of(scene)) {
        CAPTURE(question.question);
        CHECK(question.answer == answer_from(seen, question.question));
        kinds.insert(question.kind);
        asked.insert(question.question);
      }
      CHECK(asked.size() == questions_of(scene).size());
    }
    CHECK(kinds.size() == (canvas == 18 ? 7 : 8));  // all are equally large on the small one
  }
}

TEST_CASE("scene questions: 28 answers, of each kind all equally frequent, and kinds nearly") {
  Draw draw(9);
  const std::vector<Scene> scenes = draw_scenes({}, 2000, draw);
  const auto chosen = balanced_questions(scenes, 4, false, draw);
  REQUIRE(chosen.size() == scenes.size());
  check_balance(chosen);
  const auto kinds = kinds_of(chosen);
  CHECK(kinds.size() == 8);
  for (const auto& kind : kinds) {
    CAPTURE(kind.first);
    CHECK(kind.second > 800);
    CHECK(kind.second < 1050);
  }
  std::set<std::string> answers;
  for (const auto& questions : chosen)
    for (const SceneQuestion& question : questions) answers.insert(question.answer);
  CHECK(answers.size() == 28);
  for (const auto& one : chosen) {
    CHECK(one.size() <= 4);
    std::set<std::string> texts;
    for (const SceneQuestion& question : one) texts.insert(question.question);
    CHECK(texts.size() == one.size());
  }
}

TEST_CASE("scene questions: held-out pairs are named where they are asked for, and nowhere else") {
  for (const bool new_pairs : {false, true}) {
    CAPTURE(new_pairs);
    Draw draw(10);
    const auto scenes = draw_scenes({.new_pairs = new_pairs, .split = Split::test}, 1000, draw);
    const auto chosen = balanced_questions(scenes, 4, new_pairs, draw);
    for (const auto& questions : chosen)
      for (const SceneQuestion& question : questions) {
        CAPTURE(question.question);
        const bool names_new = std::ranges::any_of(all_coloured_shapes(), [&](const ColouredShape& pair) {
          return held_out(pair) && question.question.find(words(pair)) != std::string::npos;
        });
        if (!new_pairs) CHECK(!names_new);
        if (new_pairs && (question.kind == "exists" || question.kind == "size")) CHECK(names_new);
      }
    check_balance(chosen);
    for (const auto& kind : kinds_of(chosen)) {
      CAPTURE(kind.first);
      CHECK(kind.second > 300);
    }
  }
}

TEST_CASE("scene questions: the shape that is asked about is not the best guess of its neighbour's") {
  Draw draw(12);
  int same = 0, others = 0;
  for (const auto& questions : balanced_questions(draw_scenes({}, 3000, draw), 4, false, draw))
    for (const SceneQuestion& question : questions) {
      if (question.kind != "neighbour" || question.answer == "nothing") continue;
      (question.question.ends_with(question.answer + "?") ? same : others) += 1;
    }
  CHECK(same + others > 800);
  CHECK(same < 0.2 * (same + others));  // 1/6 if all shapes are as frequent
}

TEST_CASE("scene questions: the same seed chooses the same") {
  const auto texts = [](uint64_t seed) {
    Draw draw(seed);
    std::vector<std::string> all;
    for (const auto& questions : balanced_questions(draw_scenes({}, 50, draw), 4, false, draw))
      for (const SceneQuestion& question : questions) all.push_back(question.question);
    return all;
  };
  CHECK(texts(1) == texts(1));
  CHECK(texts(1) != texts(2));
}
