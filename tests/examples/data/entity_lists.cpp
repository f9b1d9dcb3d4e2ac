// SPDX-License-Identifier: Apache-2.0
// Tags and spans, their files, and the list that is the baseline.
#include "examples/data/entity_lists.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "examples/data/bio_tags.h"
#include "examples/data/entity_files.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Tags = std::vector<std::string>;

}  // namespace

TEST_CASE("bio tags: there and back; an I- without a beginning begins, as for seqeval") {
  const std::vector<MarkedSpan> spans = {{0, 1, "A"}, {1, 3, "A"}, {4, 5, "B"}};
  const Tags tags = {"B-A", "B-A", "I-A", "O", "B-B"};
  CHECK(tags_of_spans(spans, 5) == tags);
  CHECK(marked_spans(tags) == spans);
  CHECK(marked_spans({"I-A", "I-B", "O", "I-B"}) == std::vector<MarkedSpan>{{0, 1, "A"}, {1, 2, "B"}, {3, 4, "B"}});
  CHECK_THROWS_AS(marked_spans({"X-A"}), std::invalid_argument);
  CHECK_THROWS_AS(marked_spans({"B-"}), std::invalid_argument);
}

TEST_CASE("bio tags: an entity is right with the same words and type only") {
  MarkedScores scores;
  CHECK(scores.f1() == 0);
  scores.add({{0, 1, "A"}, {2, 3, "B"}, {4, 6, "A"}}, {{0, 1, "A"}, {2, 3, "A"}, {4, 5, "A"}, {7, 8, "A"}});
  CHECK(scores.precision() == doctest::Approx(1.0 / 3));
  CHECK(scores.recall() == doctest::Approx(1.0 / 4));
  CHECK(scores.f1() == doctest::Approx(2.0 / 7));
}

TEST_CASE("entity files: round trip, errors with file and line") {
  const ScratchFolder folder;
  const auto path = folder.path() / "new" / "a.jsonl";
  write_tagged_rows(path, {{{"a", "\"\u00E9"}, {"O", "B-X"}}, {{"b"}, {"O"}}});
  const auto rows = read_tagged_rows(path);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].tokens == Tags{"a", "\"\u00E9"});
  CHECK(rows[0].tags == Tags{"O", "B-X"});
  CHECK_THROWS_AS(write_tagged_rows(path, {{{"a"}, {}}}), std::invalid_argument);
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
  CHECK(list.find(words) == std::vector<MarkedSpan>{{1, 3, "L"}, {3, 4, "L"}, {5, 6, "P"}});
  CHECK(list.knows(words, {2, 3, "P"}));
  CHECK_FALSE(list.knows(words, {4, 5, "P"}));

  const auto scores = list_scores(list, {{words, {"O", "B-L", "I-L", "O", "B-P", "B-P", "O", "O"}}});
  REQUIRE(scores.size() == 3);
  CHECK(scores.at("").right == 2);
  CHECK(scores.at("").found == 3);
  CHECK(scores.at("").wanted == 3);
  CHECK(scores.at("L").precision() == 0.5);
  CHECK(scores.at("P").recall() == 0.5);
}
