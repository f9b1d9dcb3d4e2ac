// SPDX-License-Identifier: Apache-2.0
// Sentences in, labels of their words out: every form of both.
#include "models/tasks/tokens/predictor.h"

#include <doctest/doctest.h>

#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/tasks/task_table.h"
#include "tensor/io/json.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Opened {
  ScratchFolder folder;
  std::unique_ptr<TaskModel> model;
  std::vector<std::string> notes;

  explicit Opened(int64_t max_length = 0) {
    BertConfig config = small_bert_config();
    config.labels = {"B-X", "I-X", "O"};
    write_small_model<BertForTokenClassification>(folder / "model", config);
    const auto task = make_task("tokens");
    for (const OptionField& option : task->options(TaskUse::prediction))
      if (option.name == "max_length") *std::get<int64_t*>(option.field) = max_length;
    model = task->open(folder / "model", {.device = Device::open("reference"), .trained = true});
  }
  std::string predict(const PredictionRequest& request) {
    const auto predictor = model->predictor(request);
    std::string all = predictor->header();
    for (std::string lines; predictor->next(2, lines);) all += lines;
    notes = predictor->notes();
    return all;
  }
  std::string predict_text(const std::string& text, bool as_json = false) {
    std::istringstream stream(text);
    return predict({.stream = &stream, .as_json = as_json});
  }
};

std::string words_of(const std::string& columns) {
  std::string words;
  std::istringstream lines(columns);
  for (std::string line; std::getline(lines, line);) words += line.substr(0, line.find('\t')) + "|";
  return words;
}

}  // namespace

TEST_CASE("tokens predictor: plain text, lists and columns give the same labels") {
  Opened opened;
  const std::string text = opened.predict_text("the cats  sat\n\n\tgood film\n");
  CHECK(words_of(text) == "the|cats|sat|||good|film||");
  const std::string lists = opened.folder
                                .write("a.jsonl", R"({"tokens": ["the", "cats", "sat"]})"
                                                  "\n"
                                                  R"({"tokens": []})"
                                                  "\n"
                                                  R"({"tokens": ["good", "film"], "tags": 3})"
                                                  "\n")
                                .string();
  CHECK(opened.predict({.file = lists}) == text);
  const std::string columns = opened.folder.write("a.conll", "the O\ncats O\nsat O\n\ngood O\nfilm B\n").string();
  const std::string from_columns = opened.predict({.file = columns});
  CHECK(words_of(from_columns) == "the|cats|sat||good|film||");
  const std::string lines = opened.folder.write("a.txt", "the cats sat\n\ngood film").string();
  CHECK(opened.predict({.file = lines}) == text);
  std::istringstream stream("the\tO\ncats\tO\nsat\tO\n\ngood\tO\nfilm\tB\n");
  CHECK(opened.predict({.stream = &stream, .format = TableFormat::tsv}) == from_columns);
  CHECK(error_of([&] { opened.predict({.file = lines, .format = TableFormat::csv}); }).find("format csv: words are") ==
        0);
  const std::string table = opened.folder.write("a.csv", "text\nthe\n").string();
  CHECK(error_of<std::runtime_error>([&] { opened.predict({.file = table}); }).find("or be said by format") !=
        std::string::npos);
}

TEST_CASE("tokens predictor: JSON of plain text has entities with their places in characters") {
  Opened opened;
  const std::string text = "\xC3\xA4 the cats \xC3\xA4\xC3\xB6 film";
  const Json said = Json::parse(opened.predict_text(text + "\n", true), "said");
  CHECK(said.get_string("text") == text);
  CHECK(said.get_array("tokens").size() == 5);
  CHECK(said.get_array("tags").size() == 5);
  for (const Json& entity : said.get_array("entities").items()) {
    std::vector<size_t> bytes;  // of each character
    for (size_t i = 0; i <= text.size(); ++i)
      if (i == text.size() || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) bytes.push_back(i);
    const size_t begin = bytes.at(static_cast<size_t>(entity.get_int("start")));
    const size_t end = bytes.at(static_cast<size_t>(entity.get_int("end")));
    CHECK(text.substr(begin, end - begin) == entity.get_string("text"));
  }
  const ReadSentence sentence{{"\xC3\xA4", "Ada", "B."}, "\xC3\xA4  Ada B.", {{0, 2}, {4, 7}, {8, 10}}, ""};
  const std::string json = tagged_json(sentence, {{"O", 0.5}, {"B-X", 0.25}, {"I-X", 0, false}},
                                       {.is_text = true, .entities = true, .probabilities = true});
  CHECK(json ==
        "{\"text\": \"\xC3\xA4  Ada B.\", \"tokens\": [\"\xC3\xA4\", \"Ada\", \"B.\"], \"tags\": [\"O\", \"B-X\", "
        "\"I-X\"], \"probabilities\": [0.5, 0.25, null], \"entities\": [{\"type\": \"X\", \"text\": \"Ada B.\", "
        "\"start\": 3, \"end\": 9}]}\n");
  const std::string lists = opened.folder.write("a.jsonl", "{\"tokens\": []}\n{\"tokens\": [\"the\"]}\n").string();
  CHECK(
      opened.predict({.file = lists, .as_json = true}).find("{\"tokens\": [], \"tags\": []}\n{\"tokens\": [\"the\"]") ==
      0);
  const std::string empty_line = opened.predict_text("\n", true);
  CHECK(empty_line == "{\"text\": \"\", \"tokens\": [], \"tags\": [], \"entities\": []}\n");
  CHECK(tagged_columns({{"a\tb"}, "", {}, ""}, {{"O", 0.5}}, true) == "a b\tO\t0.5000\n\n");
  CHECK(tagged_columns({{"c"}, "", {}, ""}, {{"O", 0, false}}, true) == "c\tO\t-\n\n");
}

TEST_CASE("tokens predictor: what is cut or has no token is O, and is told of") {
  Opened opened(5);
  const std::string lines = opened.predict_text("a very good play film\nthe cat\n\x01 cat\n");
  CHECK(words_of(lines) == "a|very|good|play|film||the|cat||\x01|cat||");
  CHECK(lines.find("play\tO\nfilm\tO\n") != std::string::npos);
  REQUIRE(opened.notes.size() == 2);
  CHECK(opened.notes[0] == "1 of 3 sentences is longer than 5 tokens: 2 words beyond are labelled O unseen");
  CHECK(opened.notes[1] == "1 word has no token, and is labelled O");
  CHECK(opened.predict_text("the cat\n").size() > 0);
  CHECK(opened.notes.empty());
  CHECK(opened.predict_text("").empty());
}

TEST_CASE("tokens predictor: rows that are none name file and line") {
  Opened opened;
  const std::string odd = opened.folder.write("odd.jsonl", "{\"tokens\": [\"a\"]}\n{\"tokens\": [1]}\n").string();
  CHECK(error_of<std::runtime_error>([&] { opened.predict({.file = odd}); }).find("odd.jsonl:2: tokens[0]: ") !=
        std::string::npos);
  const std::string other = opened.folder.write("other.jsonl", "{\"words\": [\"a\"]}\n").string();
  CHECK(error_of<std::runtime_error>([&] {
          opened.predict({.file = other});
        }).find("has no \"tokens\" (it has: words): words_column names another") != std::string::npos);
}
