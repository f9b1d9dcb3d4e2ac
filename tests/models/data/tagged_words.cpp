// SPDX-License-Identifier: Apache-2.0
// Words with labels: what is read from lists and from columns, and what each error names.
#include "models/data/tagged_words.h"

#include <doctest/doctest.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// "3: Ada/B-PER came/O | ...": line, words and labels of each sentence.
std::string shown(TaggedWords reader) {
  std::string all;
  TaggedSentence sentence;
  while (reader.next(sentence)) {
    all += (all.empty() ? "" : " | ") + std::to_string(sentence.line) + ":";
    for (size_t i = 0; i < sentence.words.size(); ++i)
      all += " " + sentence.words[i] + (sentence.tags.empty() ? "" : "/" + sentence.tags[i]);
  }
  return all;
}

std::string read(TaggedFormat format, const std::string& text, const TaggedReading& reading = {}) {
  std::istringstream stream(text);
  return shown(TaggedWords(stream, "f", format, reading));
}

std::string error(TaggedFormat format, const std::string& text, const TaggedReading& reading = {}) {
  return error_of<std::runtime_error>([&] { read(format, text, reading); });
}

constexpr TaggedFormat lists = TaggedFormat::jsonl, conll = TaggedFormat::conll, conllu = TaggedFormat::conllu;

}  // namespace

TEST_CASE("tagged words: lists of JSON") {
  const std::string ada = "{\"tokens\": [\"Ada\", \"came\"], \"ner_tags\": [\"B-PER\", \"O\"], \"id\": 1}\n";
  CHECK(read(lists, ada + "\n" + ada) == "1: Ada/B-PER came/O | 3: Ada/B-PER came/O");
  CHECK(read(lists, "{\"words\": [\"x\"], \"tags\": [\"A\"]}", {.words_member = "words", .tags_member = "tags"}) ==
        "1: x/A");
  const std::string numbers = "{\"tokens\": [\"Ada\", \"came\"], \"ner_tags\": [1, 0]}\n";
  CHECK(read(lists, numbers) == "1: Ada/1 came/0");
  const TaggedReading words_alone{.with_tags = false};
  CHECK(read(lists, "{\"tokens\": [\"Ada\", \"came\"]}\n{\"tokens\": []}\n", words_alone) == "1: Ada came | 2:");
}

TEST_CASE("tagged words: what is wrong in lists") {
  const std::string good = "{\"tokens\": [\"a\"], \"ner_tags\": [\"O\"]}\n";
  const auto wrong = [&](const std::string& row, const TaggedReading& reading = {}) {
    return error(lists, good + row, reading);
  };
  CHECK(wrong("{\"tokens\": [\"a\", \"b\"], \"ner_tags\": [\"O\"]}") == "f:2: ner_tags: 1 label for 2 words in tokens");
  CHECK(wrong("{\"tokens\": [\"a\"], \"ner_tags\": []}") == "f:2: ner_tags: 0 labels for 1 word in tokens");
  CHECK(wrong("{\"tokens\": [], \"ner_tags\": []}") == "f:2: tokens: has no words");
  CHECK(wrong("{\"tokens\": [\" \"], \"ner_tags\": [\"O\"]}") == "f:2: tokens[0]: a word that is empty");
  CHECK(wrong("{\"tokens\": [\"a\"], \"ner_tags\": [\"\"]}") == "f:2: ner_tags[0]: a label that is empty");
  CHECK(wrong("{\"tokens\": [\"a\"], \"ner_tags\": [null]}") == "f:2: ner_tags[0]: expected a string, found null");
  CHECK(wrong("{\"tokens\": [\"a\"], \"ner_tags\": [1]}") == "f:2: ner_tags[0]: expected a name as before, found 1");
  CHECK(wrong("{\"tokens\": [\"a\"], \"labels\": [1]}") ==
        "f:2: has no \"ner_tags\" (it has: tokens, labels): tags_member names another");
  CHECK(wrong("{\"tokens\": \"a b\", \"ner_tags\": []}") == "f:2: tokens: expected an array, found \"a b\"");
  CHECK(error(lists, "{\"tokens\": [\"a\"], \"ner_tags\": [1]}\n" + good) ==
        "f:2: ner_tags[0]: expected a number as before, found \"O\"");
  CHECK(error(lists, "{\"tokens\": [\"a\"], \"ner_tags\": [-100]}\n") ==
        "f:1: ner_tags[0]: expected a non-negative integer, found -100");
}

TEST_CASE("tagged words: columns") {
  CHECK(read(conll, "Ada NNP B-PER\ncame VBD O\n\n\nShe PRP O\n") == "1: Ada/B-PER came/O | 5: She/O");
  CHECK(read(conll, "-DOCSTART- -X- O\n\nAda  NNP B-PER \r\n-DOCSTART- -X- O\nx y O") == "3: Ada/B-PER | 5: x/O");
  CHECK(read(conll, "-DOCSTART-\n\nAda B-PER\n") == "3: Ada/B-PER");
  CHECK(read(conll, "New York\tB-LOC\n\n\xC2\xA0x\tO\n") == "1: New York/B-LOC | 3: \xC2\xA0x/O");
  CHECK(read(conll, "Ada NNP B-PER\n", {.word_column = 2, .tag_column = 1}) == "1: NNP/Ada");
  CHECK(read(conll, "Ada\ncame\n\nx\n", {.with_tags = false}) == "1: Ada came | 4: x");
  CHECK(read(conll, "Ada B-PER\n", {.with_tags = false}) == "1: Ada");
  CHECK(read(conll, "\n \n\t\n").empty());
}

TEST_CASE("tagged words: comments, and words that look so") {
  CHECK(read(conll, "# id = 1\nAda B-PER\n# O\n\n# id = 2\n# O\nx O\n") == "2: Ada/B-PER #/O | 6: #/O x/O");
  CHECK(read(conll, "# id = 1\n# text\nAda\tO\n\n# a b\nx\tO\n\n#\tO\n") == "3: Ada/O | 6: x/O | 8: #/O");
  CHECK(read(conll, "#1 O\n") == "1: #1/O");
  CHECK(read(conll, "# O\nparis B-LOC\n") == "1: #/O paris/B-LOC");
  CHECK(read(conll, "# # I-NP\nof IN O\n") == "1: #/I-NP of/O");
  CHECK(read(conll, "# labels: B-X I-X O\nparis B-X\n") == "2: paris/B-X");
  CHECK(read(conll, "# O\nparis B-LOC\n", {.with_tags = false}) == "1: # paris");
}

TEST_CASE("tagged words: CoNLL-U") {
  const std::string text =
      "# newdoc\n#sent_id=1\n1-2\tvamos\t_\t_\t_\t_\t_\t_\t_\t_\n1\tvamo\tir\tVERB\t_\t_\t0\t_\t_\t_\n"
      "2\tnos\tyo\tPRON\t_\t_\t1\t_\t_\t_\n2.1\tx\tx\tX\t_\t_\t_\t_\t_\t_\n\n1\tal mar\t_\tNOUN\t_\t_\t_\t_\t_\tB-X\n";
  CHECK(read(conllu, text) == "4: vamo/VERB nos/PRON | 8: al mar/NOUN");
  CHECK(read(conllu, text, {.tag_column = 10}) == "4: vamo/_ nos/_ | 8: al mar/B-X");
}

TEST_CASE("tagged words: what is wrong in columns") {
  CHECK(error(conll, "Ada NNP B-PER\ncame O\n") == "f:2: 2 columns, the first word has 3: is its label missing?");
  CHECK(error(conll, "Ada B-PER\n\ncame\n") == "f:3: 1 column, the first word has 2: is its label missing?");
  CHECK(error(conll, "Ada B-PER\nNew York O\n") == "f:2: 3 columns, the first word has 2");
  CHECK(error(conll, "\nAda\n") == "f:2: has one column, a word: its label is missing");
  CHECK(error(conll, "Ada\tB-PER\n\tO\n") == "f:2: its word, column 1, is empty");
  CHECK(error(conll, "Ada\tB-PER\ncame\t\n") == "f:2: the label of \"came\", column 2, is empty");
  CHECK(error(conll, "Ada B-PER\n", {.tag_column = 4}) == "f:1: has 2 columns, but tag_column is 4");
  const FieldNames options([](std::string_view field) { return "--" + std::string(field); });
  CHECK(error(conll, "Ada B-PER\n", {.word_column = 3, .called = options}) ==
        "f:1: has 2 columns, but --word_column is 3");
  CHECK(error(conll, "Ada\tB-PER\ncame O\n") == "f:2: 1 column, the first word has 2: is its label missing?");
  CHECK(error(conllu, "1 Ada _ NOUN\n") == "f:1: has no tab: CoNLL-U has ten columns between tabs");
  CHECK(error(conll, "Ada \xFF\n").starts_with("f:1: byte 5 of the line is not valid UTF-8"));
  std::string endless;
  for (int i = 0; i < 200; ++i) endless += std::string(100'000, 'x') + " O\n";
  CHECK(error(conll, endless) == "f:1: the sentence is longer than 16 MB: an empty line ends one");
  CHECK_THROWS_WITH_AS(read(conll, "", {.tag_column = -1}), "word_column 0, tag_column -1: columns are numbered from 1",
                       std::invalid_argument);
}

TEST_CASE("tagged words: files by name, and where a word is") {
  CHECK(tagged_format("a.JSONL.gz") == lists);
  CHECK(tagged_format("a.conllu") == conllu);
  for (const char* name : {"a.conll", "a.bio", "a.iob", "a.iob2.gz", "a.TXT"}) CHECK(tagged_format(name) == conll);
  CHECK(error_of<std::runtime_error>([] { tagged_format("a.csv", "--format"); }).ends_with(", or be said by --format"));

  const ScratchFolder folder;
  TaggedSentence sentence;
  TaggedWords columns(folder.write("a.bio", "\nAda B\n# x\n"), {});
  REQUIRE(columns.next(sentence));
  CHECK(columns.where(sentence) == folder / "a.bio:2");
  CHECK(columns.where(sentence, 1) == folder / "a.bio:3");
  TaggedWords rows(folder.write("a.jsonl", "\n{\"tokens\": [\"a\"], \"ner_tags\": [\"O\"]}\n"), {});
  REQUIRE(rows.next(sentence));
  CHECK(rows.where(sentence, 0) == folder / "a.jsonl:2: ner_tags[0]");
  CHECK(!rows.next(sentence));
}
