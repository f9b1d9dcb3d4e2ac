// SPDX-License-Identifier: Apache-2.0
// Tags and spans, their files, and the list that is the baseline.
#include "examples/data/entity_lists.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "examples/data/bio_tags.h"
#include "examples/data/entity_files.h"
#include "models/metrics/entities.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Tags = std::vector<std::string>;

}  // namespace

TEST_CASE("bio tags: there and back") {
  const std::vector<Entity> entities = {{"A", 0, 0}, {"A", 1, 2}, {"B", 4, 4}};
  const Tags tags = {"B-A", "B-A", "I-A", "O", "B-B"};
  CHECK(bio_tags(entities, 5) == tags);
  CHECK(entities_of(tags) == entities);
  CHECK(entity_at(1, 2, "A") == entities[1]);
  CHECK(words_of_entity(tags, entities[1]) == Tags{"B-A", "I-A"});
}

TEST_CASE("entity files: round trip, errors with file and line") {
  const ScratchFolder folder;
  const auto path = folder.path() / "new" / "a.jsonl";
  FileSet files;
  add_tagged_rows(files, path, {{{"a", "\"\u00E9"}, {"O", "B-X"}}, {{"b"}, {"O"}}});
  files.commit();
  const auto rows = read_tagged_rows(path);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].tokens == Tags{"a", "\"\u00E9"});
  CHECK(rows[0].tags == Tags{"O", "B-X"});
  CHECK_THROWS_AS(add_tagged_rows(files, path, {{{"a"}, {}}}), std::invalid_argument);
  const auto bad =
      folder.write("bad.jsonl", "{\"tokens\": [\"a\"], \"tags\": [\"O\"]}\n{\"tokens\": [\"a\"], \"tags\": []}\n");
  CHECK_THROWS_WITH_AS(read_tagged_rows(bad), (bad.string() + ":2: tags: 0 labels for 1 word in tokens").c_str(),
                       std::runtime_error);
}

TEST_CASE("entity list: the longest listed words, letter by letter, with their most frequent type") {
  const EntityList list({{{"GNU", "GPL", "git", "GPL"}, {"B-L", "I-L", "B-P", "B-L"}},
                         {{"GPL", "GPL"}, {"B-P", "B-L"}},
                         {{"make"}, {"O"}}});
  const Tags words = {"a", "GNU", "GPL", "GPL", "Git", "git", "make", "GNU"};
  CHECK(list.find(words) == std::vector<Entity>{{"L", 1, 2}, {"L", 3, 3}, {"P", 5, 5}});
  CHECK(list.has({"GPL"}));
  CHECK_FALSE(list.has({"Git"}));

  const auto scores = list_scores(list, {{words, {"O", "B-L", "I-L", "O", "B-P", "B-P", "O", "O"}}});
  REQUIRE(scores.types.size() == 2);
  CHECK(scores.micro.precision == doctest::Approx(2.0 / 3));
  CHECK(scores.micro.recall == doctest::Approx(2.0 / 3));
  CHECK(scores.types.at("L").precision == 0.5);
  CHECK(scores.types.at("P").recall == 0.5);
}
