// SPDX-License-Identifier: Apache-2.0
// Where sentences end, and what pieces texts are cut into.
#include "models/tasks/pretraining/sentences.h"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/data/document_reader.h"
#include "models/tasks/pretraining/documents.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Ends = std::vector<size_t>;

struct Vocabulary {
  ScratchFolder folder;
  Vocabulary() { write_small_vocabulary(folder.path().string()); }
};

struct Read : Vocabulary {
  TextEncoder encoder{
      folder.path().string(), load_tokenizer(folder.path().string()), {.vocab_size = small_vocabulary_size()}, 0};
  Documents operator()(const std::string& text, const PieceLengths& lengths, const char* name = "t.txt") const {
    return read_documents(encoder, folder.write(name, text).string(), "text", lengths);
  }
};

// The tokens of sentences, "the cat . | sat": pieces are parted by lines.
std::string cut(const Documents& documents, const Tokenizer& tokenizer) {
  std::string text;
  for (const Piece& piece : documents.pieces()) {
    for (size_t s = piece.first; s < piece.end; ++s) {
      const Documents::Range range = documents.sentence(s);
      for (size_t i = range.begin; i < range.end; ++i) text += tokenizer.token(documents.ids()[i]) + " ";
      text += s + 1 < piece.end ? "| " : "\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("sentences: end behind marks that a blank follows, and at line breaks") {
  CHECK(sentence_ends("A b. C d! E? F") == Ends{4, 9, 12});
  CHECK(sentence_ends("version 1.5 of it") == Ends{});
  CHECK(sentence_ends("e.g. this, i.e. that. 3 more") == Ends{21});
  CHECK(sentence_ends("He said \"go.\" (Then he went.) So") == Ends{13, 29});
  CHECK(sentence_ends("one\ntwo\n\nthree") == Ends{3, 7, 8});
  CHECK(sentence_ends("the end. ") == Ends{});
  CHECK(sentence_ends("") == Ends{});
  CHECK(sentence_ends(". .") == Ends{1});
  CHECK(sentence_ends("Ünïcödé. \xe2\x82\xac 5") == Ends{8});  // in code points
}

TEST_CASE("documents: rows of a table, lines of plain text up to an empty one") {
  const ScratchFolder folder;
  const auto read = [&](const char* name, const std::string& text) {
    DocumentReader reader(folder.write(name, text), "text");
    std::vector<std::string> all;
    for (Document document; reader.next(document);) all.push_back(std::to_string(document.line) + " " + document.text);
    return all;
  };
  using Lines = std::vector<std::string>;
  CHECK(read("a.txt", "\n\none\ntwo\n \n\nthree\n") == Lines{"3 one\ntwo", "7 three"});
  CHECK(read("b.txt", "one\r\n\r\ntwo") == Lines{"1 one", "3 two"});
  CHECK(read("c.txt", "\n\n") == Lines{});
  CHECK(read("f.txt", "one\n\f\v\t\ntwo") == Lines{"1 one", "3 two"});
  CHECK(read("d.jsonl", "{\"text\": \"one\\n\\ntwo\"}\n{\"text\": \"\"}\n") == Lines{"1 one\n\ntwo", "2 "});
  CHECK_THROWS_WITH_AS(DocumentReader(folder.write("e.tsv", "a\tb\n1\t2\n"), "text"),
                       doctest::Contains("has no column \"text\""), std::runtime_error);
}

TEST_CASE("documents: pieces are full, no text is lost, one sentence is not left alone where it need not be") {
  const Read read;
  const Tokenizer& tokenizer = read.encoder.tokenizer();
  const std::string text = "the cat. A dog. The mat. The film.\n\ngood dog. Bad\n";
  CHECK(cut(read(text, {12, 6}), tokenizer) == "the cat . | a dog . | the mat . | the film . \ngood dog . | bad \n");
  CHECK(cut(read(text, {9, 4}), tokenizer) == "the cat . | a dog . \nthe mat . | the film . \ngood dog . | bad \n");
  CHECK(cut(read(text, {6, 3}), tokenizer) == "the cat . | a dog . \nthe mat . | the film . \ngood dog . | bad \n");
  // A sentence of more tokens counts as several, cut between words.
  CHECK(cut(read("the cats dogs mats on.\n\nA", {6, 3}), tokenizer) == "the cat ##s | dog ##s \nmat ##s on | . \na \n");
  const Documents documents = read(text, {6, 3});
  CHECK(documents.pieces()[0].kin == documents.pieces()[1].kin);
  CHECK(documents.pieces()[0].kin != documents.pieces()[2].kin);
  CHECK(documents.pieces()[1].line == 1);
  CHECK(documents.pieces()[2].line == 3);
  CHECK(documents.words()[4] == 4);  // numbered through the text
}

TEST_CASE("documents: what has no word is passed over and told of") {
  const Read read;
  const Documents documents = read("[MASK]\nxyzzy\n\nthe cat. Xyzzy\nA dog\n", {20, 10});
  CHECK(cut(documents, read.encoder.tokenizer()) == "the cat . | a dog \n");
  const std::string file = read.folder.path().string() + "/t.txt";
  CHECK(documents.notes() ==
        std::vector<std::string>{file + ": 1 text with 2 sentences make 1 example",
                                 file + ": 1 text without a word: passed over, the first " + file + ":1"});
  CHECK_THROWS_WITH_AS(read("xyzzy\n", {20, 10}), doctest::Contains("t.txt: none of its 1 texts has a word"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(read("\n", {20, 10}), doctest::Contains("t.txt: has no texts"), std::runtime_error);
}

TEST_CASE("documents: checksums tell tokens and cuts apart") {
  const Read read;
  const std::set<uint32_t> sums{
      read("the cat. A dog.\n\nthe", {20, 10}).checksum(), read("the cat. A mat.\n\nthe", {20, 10}).checksum(),
      read("the cat. a dog.\n\nthe", {20, 10}).checksum(), read("the cat.\n\nA dog.\n\nthe", {20, 10}).checksum()};
  CHECK(sums.size() == 4);
  CHECK(sums.contains(read("the cat. A dog.\n\nthe", {20, 10}).checksum()));
}
