// SPDX-License-Identifier: Apache-2.0
// Questions from SQuAD's JSON and from rows, and what is said of files that hold none.
#include "models/data/questions.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::vector<Question> read(const std::string& file) {
  QuestionReader reader{std::filesystem::path(file)};
  std::vector<Question> all;
  for (Question question; reader.next(question);) all.push_back(question);
  return all;
}

const char* const squad = R"({"version": "v2.0", "data": [{"title": "t", "paragraphs": [
  {"context": "Ä cat sat.", "qas": [
    {"id": "a", "question": " Who?", "answers": [{"text": "cat", "answer_start": 2}], "is_impossible": false},
    {"id": "b", "question": "Why?", "answers": [], "plausible_answers": [], "is_impossible": true}]},
  {"context": "Nothing.", "qas": []}]}, {"paragraphs": [
  {"context": "Rain.", "qas": [{"id": "c", "question": "Q"}]}]}]})";

}  // namespace

TEST_CASE("questions: SQuAD's JSON, with and without answers") {
  const ScratchFolder folder;
  const std::vector<Question> all = read(folder.write("dev.json", squad).string());
  REQUIRE(all.size() == 3);
  CHECK(all[0].id == "a");
  CHECK(all[0].text == " Who?");
  CHECK(all[0].answers[0].start == 2);
  CHECK(matches(all[0].answers[0], all[0].context));
  CHECK_FALSE(matches({"cat", 3}, all[0].context));
  CHECK_FALSE(matches({"cat", 99}, all[0].context));
  CHECK_FALSE(matches({"cat", -1}, all[0].context));
  CHECK((all[1].is_answered && all[1].answers.empty()));
  CHECK(all[1].where == folder / "dev.json" + ": data[0].paragraphs[0].qas[1]");
  CHECK((all[2].context == "Rain." && !all[2].is_answered));
}

TEST_CASE("questions: rows as the datasets library writes them, whatever the file is called") {
  const ScratchFolder folder;
  const std::string rows = R"({"id": "a", "title": "", "context": "one two", "question": "Q", )"
                           R"("answers": {"text": ["two"], "answer_start": [4]}})"
                           "\n\n"
                           R"({"id": 7, "context": "c", "question": "Q", "answers": {"text": [], "answer_start": []}})"
                           "\n"
                           R"({"context": "c", "question": "Q"})"
                           "\n"
                           R"({"context": "c d", "question": "Q", "answers": [{"text": "d", "answer_start": 2}]})"
                           "\n";
  for (const char* name : {"rows.jsonl", "rows.json", "rows.ndjson"}) {
    const std::vector<Question> all = read(folder.write(name, rows).string());
    REQUIRE(all.size() == 4);
    CHECK(all[0].where == folder / name + ":1");
    CHECK(all[0].answers[0].text == "two");
    CHECK((all[1].id == "7" && all[1].is_answered && all[1].answers.empty()));
    CHECK((all[2].id == "3" && !all[2].is_answered));
    CHECK(all[3].answers[0].start == 2);
  }
  CHECK(read(folder.write("one.json", R"({"context": "c", "question": "Q"})").string()).size() == 1);
}

TEST_CASE("questions: what is wrong is named with its place") {
  const ScratchFolder folder;
  const auto error = [&](const std::string& name, const std::string& text) {
    return error_of<std::runtime_error>([&] { read(folder.write(name, text).string()); });
  };
  const auto holds = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  CHECK(holds(error("a.jsonl", R"({"question": "Q"})"), "a.jsonl:1: context"));
  CHECK(holds(error("a.jsonl", R"({"question": " ", "context": "c"})"), "a.jsonl:1: question: is empty"));
  CHECK(holds(error("a.jsonl", R"({"question": "Q", "context": "c", "answers": {"text": ["c"], "answer_start": []}})"),
              "a.jsonl:1: answers: 1 in \"text\", 0 in \"answer_start\""));
  CHECK(holds(error("a.jsonl", R"({"question": "Q", "context": "c", "answers": {"text": [""], "answer_start": [0]}})"),
              "an answer is empty"));
  CHECK(holds(error("a.jsonl", R"({"question": "Q", "context": "c", "answers": "c"})"), "answers"));
  CHECK(holds(
      error(
          "a.jsonl",
          R"({"question": "Q", "context": "c", "is_impossible": true, "answers": [{"text": "c", "answer_start": 0}]})"),
      "is true, but there are answers"));
  CHECK(holds(error("a.json", R"({"data": [{"paragraphs": [{"context": "c", "qas": [{"id": "x"}]}]}]})"),
              "a.json: data[0].paragraphs[0].qas[0].question"));
  CHECK(holds(error("a.json", R"({"version": 2})"), "is neither SQuAD's JSON"));
  CHECK(holds(error("a.json", "[1, 2]"), "is neither SQuAD's JSON"));
  CHECK(holds(error("a.json", " \n"), "is empty"));
  CHECK(holds(error("a.tsv", "question\tcontext\n"), "questions are read from .jsonl"));
}
