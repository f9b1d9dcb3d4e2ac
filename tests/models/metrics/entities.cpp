// SPDX-License-Identifier: Apache-2.0
// Entities and their scores against seqeval.
#include "models/metrics/entities.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/models/metrics/made_cases.h"

using namespace thaw;

namespace {

void check_all(const EntityScores& scores, const Json& expected) {
  check_scores(scores.micro, expected.at("micro"));
  check_scores(scores.weighted, expected.at("weighted"));
  if (!expected.at("macro").is_null()) check_scores(scores.macro, expected.at("macro"));
  CHECK(scores.accuracy == doctest::Approx(expected.get_number("accuracy")).epsilon(1e-12));
  const Json& types = expected.get_object("types");
  CHECK(scores.types.size() == types.size());
  for (const JsonMember& type : types.members()) check_scores(scores.types.at(type.key), type.value);
}

}  // namespace

TEST_CASE("entities: seqeval counts the same") {
  const size_t count = for_each_case("entities.jsonl", [](const Json& expected) {
    const Json& truth = expected.get_array("truth");
    EntityCounts counts, halves[2];
    for (size_t s = 0; s < truth.size(); ++s) {
      const std::vector<std::string> labels = truth.get_strings(s);
      counts.add(labels, expected.get_array("predicted").get_strings(s));
      halves[s % 2].add(labels, expected.get_array("predicted").get_strings(s));
      const std::vector<Entity> found = entities_of(labels);
      const Json& wanted = expected.get_array("entities").get_array(s);
      REQUIRE(found.size() == wanted.size());
      for (size_t e = 0; e < found.size(); ++e)
        CHECK(found[e] == Entity{wanted.at(e).get_string(0), wanted.at(e).get_int(1), wanted.at(e).get_int(2)});
    }
    check_all(counts.scores(), expected);
    halves[0] += halves[1];
    check_all(halves[0].scores(), expected);
  });
  CHECK(count >= 50);
}

TEST_CASE("entities: nothing is counted of nothing") {
  const EntityScores scores = EntityCounts().scores();
  CHECK(scores.micro.f1 == 0);
  CHECK(scores.macro.f1 == 0);
  CHECK(scores.accuracy == 0);
  CHECK(entities_of({}).empty());
  EntityCounts counts;
  CHECK_THROWS_WITH_AS(counts.add({"O"}, {}), "entities: 1 true labels, 0 predicted", std::invalid_argument);
}

TEST_CASE("entities: labels that entities are made of") {
  for (const char* label : {"O", "B-PER", "I-a-b", "E-x", "S-1", "B", "I"}) CHECK(is_entity_label(label));
  for (const char* label : {"", "o", "PER", "BPER", "B-", "NOUN", "0", "O-PER", "L-PER"})
    CHECK(!is_entity_label(label));
}
