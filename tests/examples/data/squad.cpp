// SPDX-License-Identifier: Apache-2.0
// SQuAD's files, and the baseline that counts common words.
#include "examples/data/squad.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "examples/data/overlap_answer.h"
#include "tensor/io/json.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("squad: round trip; the files count code points") {
  const ScratchFolder folder;
  const auto path = folder.path() / "new" / "a.json";
  FileSet files;
  add_squad(files, path,
            {{"a title", "d\u00E9j\u00E0 vu twice", {{"q.1", "How often?", "twice", 10}, {"q.2", "Why?", "", 0}}},
             {"another", "text", {}}});
  files.commit();
  const auto file = Json::read(path.string());
  const auto& questions = file.get_array("data").get_object(0).get_array("paragraphs").get_object(0).get_array("qas");
  CHECK(questions.get_object(0).get_array("answers").get_object(0).get_int("answer_start") == 8);
  CHECK_FALSE(questions.get_object(0).get_bool("is_impossible"));
  CHECK(questions.get_object(1).get_array("answers").empty());
  CHECK(questions.get_object(1).get_bool("is_impossible"));

  const auto texts = read_squad(path);
  REQUIRE(texts.size() == 2);
  CHECK(texts[0].title == "a title");
  REQUIRE(texts[0].questions.size() == 2);
  CHECK(texts[0].questions[0].id == "q.1");
  CHECK(texts[0].questions[0].answer == "twice");
  CHECK(texts[0].questions[0].answer_start == 10);
  CHECK(texts[0].questions[1].answer == "");
  CHECK(texts[1].context == "text");
}

TEST_CASE("squad: an answer that is not where it says is refused, in writing and in reading") {
  const ScratchFolder folder;
  const auto path = folder.path() / "a.json";
  FileSet files;
  CHECK_THROWS_AS(add_squad(files, path, {{"t", "a text", {{"q", "?", "text", 1}}}}), std::invalid_argument);
  CHECK_FALSE(std::filesystem::exists(path));
  folder.write("a.json", R"({"data": [{"paragraphs": [{"context": "a text", "qas": [
      {"id": "q", "question": "?", "answers": [{"text": "text", "answer_start": 1}]}]}]}]})");
  CHECK_THROWS_WITH_AS(
      read_squad(path),
      (path.string() + ": data[0].paragraphs[0].qas[0].answers[0].text is not where it says: \"text\"").c_str(),
      std::runtime_error);
}

TEST_CASE("overlap: from the sentence with most words of the question, the longest run of others") {
  const std::string context =
      "Abook is old. Mutt reads mail for (many people). Debian has mail of abook by Ann B. It is.";
  CHECK(overlap_answer(context, "For whom does mutt read mail?") == "many people");
  CHECK(overlap_answer(context, "Whose mail of abook has Debian?") == "by Ann B");
  CHECK(overlap_answer(context, "Was ist das?") == "Abook is old");
  CHECK(overlap_answer("Abook is.", "Is abook?") == "");
  CHECK(overlap_answer("", "Is abook?") == "");
}
