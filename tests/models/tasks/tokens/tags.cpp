// SPDX-License-Identifier: Apache-2.0
// Labels of a training file, what is odd about them, and how columns are chosen.
#include "models/tasks/tokens/tags.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/tasks/task_table.h"
#include "models/tasks/tokens/tagged_file.h"
#include "tests/error_of.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Names = std::vector<std::string>;

bool any_has(const Names& lines, const std::string& text) {
  return std::ranges::any_of(lines, [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("tags: which labels name entities, and which go on with one that is not there") {
  CHECK(name_entities({"B-PER", "O"}));
  CHECK(name_entities({"O", "PER", "S-LOC"}));
  CHECK(name_entities({"B", "I", "O"}));
  CHECK_FALSE(name_entities({"NOUN", "INTJ", "O"}));
  CHECK_FALSE(name_entities({"O"}));
  CHECK_FALSE(name_entities({"0", "1"}));
  CHECK(begins_oddly("", "I-PER"));
  CHECK(begins_oddly("O", "E-PER"));
  CHECK(begins_oddly("B-LOC", "I-PER"));
  CHECK_FALSE(begins_oddly("B-PER", "I-PER"));
  CHECK_FALSE(begins_oddly("I-PER", "E-PER"));
  CHECK(begins_oddly("E-PER", "I-PER"));
  CHECK_FALSE(begins_oddly("O", "B-PER"));
  CHECK_FALSE(begins_oddly("NOUN", "INTJ"));
}

TEST_CASE("tags: found in lists and in columns, in the order of their bytes") {
  const ScratchFolder folder;
  const std::string lists = folder.write("a.jsonl", R"({"w": ["x", "y"], "t": ["O", "B-A"]})").string();
  TokensOptions options{.words_column = "w", .tags_column = "t"};
  CHECK(find_tags(lists, options, {}, {}).labels.names() == Names{"B-A", "O"});
  const std::string columns = folder.write("a.conll", "x NN B-A\ny VB O\n").string();
  CHECK(find_tags(columns, {}, {}, {}).labels.names() == Names{"B-A", "O"});
  options = {.words_column = "1", .tags_column = "2"};
  CHECK(find_tags(columns, options, {}, {}).labels.names() == Names{"NN", "VB"});
  options.tags_column = "pos";
  CHECK(error_of([&] {
          find_tags(columns, options, {}, {});
        }).find("tags_column: \"pos\" is no number of a column, from 1, as ") == 0);
  const std::string one = folder.write("one.conll", "x O\ny O\n").string();
  CHECK(error_of<std::runtime_error>([&] { find_tags(one, {}, {}, {}); }).find("every word has the label \"O\"") !=
        std::string::npos);
  const std::string table = folder.write("a.tsv", "x\tO\n").string();
  CHECK(error_of<std::runtime_error>([&] { find_tags(table, {}, {}, {}); }).find("must show in its name") !=
        std::string::npos);
}

TEST_CASE("tags: labels that are hardly meant are warned of") {
  const ScratchFolder folder;
  const auto warnings = [&](const std::string& text, const Names& known = {}) {
    return find_tags(folder.write("a.conll", text).string(), {}, known, {}).warnings;
  };
  CHECK(warnings("x B-A\ny O\nz O\n").empty());
  CHECK(any_has(warnings("x B-A\ny B-a\nz O\nz O\n"), "by upper and lower case only"));
  CHECK(any_has(warnings("x B-A\ny PER\nz O\nz O\n"), "a.conll:2: the label \"PER\" is neither O nor begins with B-"));
  CHECK(any_has(warnings("x 0\ny 1\nz 0\nz 0\n"), "the labels are numbers"));
  CHECK(warnings("x 0\ny 1\nz 0\nz 0\n", {"O", "B-A"}).empty());
}

TEST_CASE("tokens task: its options, what it says of parts of speech, and of its data") {
  const ScratchFolder folder;
  for (const TaskUse use : {TaskUse::training, TaskUse::prediction})
    for (const OptionField& option : make_task("tokens")->options(use)) CHECK_FALSE(option.help.empty());
  const auto task = make_task("tokens");
  for (const OptionField& option : task->options(TaskUse::training))
    if (option.name == "tags_column") *std::get<std::string*>(option.field) = "tokens";
  CHECK(error_of([&] { task->check_options(TaskUse::training); }).find("words_column and tags_column: both are") == 0);

  const auto speech = make_task("tokens");
  const std::string nouns = folder.write("nouns.conll", "cat NOUN\nsat VERB\n").string();
  speech->look_at("", nouns);
  CHECK(any_has(speech->notes(), "no label names an entity"));
  const auto people = make_task("tokens");
  const std::string train = folder.write("people.conll", "Ada B-PER\nsat O\n\nBob I-PER\n").string();
  people->look_at("", train);
  CHECK(people->notes().empty());

  write_small_vocabulary(folder.path().string());
  folder.write("config.json", R"({"model_type": "bert", "vocab_size": 27, "max_position_embeddings": 32})");
  const std::string test = folder.write("test.conll", "Ada B-PER\nsat O\n\nthe B-LOC\n\x01 O\ncat O\n").string();
  for (const OptionField& option : people->options(TaskUse::training))
    if (option.name == "max_length") *std::get<int64_t*>(option.field) = 3;
  const DataReport report = people->check_data(folder.path().string(), {{"train", train}, {"test", test}});
  for (const char* text : {"words of label", "entities of type", "PER                               2"})
    CHECK(report.text.find(text) != std::string::npos);
  CHECK(any_has(report.warnings,
                "train: I- or E- that no B- of its type precedes (each begins an entity): 1, the "
                "first "));
  CHECK(any_has(report.warnings, "people.conll:4, \"I-PER\" after the sentence's beginning"));
  CHECK(any_has(report.warnings, "test: labels that the training data does not have (an error in training): 1"));
  CHECK(any_has(report.warnings, "test: texts that train has too"));
  CHECK(any_has(report.warnings, "test: words beyond 3 tokens"));
  CHECK(any_has(report.warnings, "the label \"I-PER\" has 1 word"));
  const DataReport unmeasured = people->check_data("", {{"train", train}, {"test", test}});
  CHECK_FALSE(any_has(unmeasured.warnings, "words beyond"));
}
