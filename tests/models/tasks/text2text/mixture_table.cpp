// SPDX-License-Identifier: Apache-2.0
// Tables of tasks: what they say, and what is wrong with them.
#include "models/tasks/text2text/mixture_table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/train/metrics.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

Text2TextOptions options_with_source(const std::string& column) {
  Text2TextOptions options;
  options.source_column = column;
  return options;
}

}  // namespace

TEST_CASE("mixture: a table's tasks") {
  const ScratchFolder folder;
  folder.write("a.tsv", "source\ttarget\nx\ty\n");
  folder.write("b.tsv", "from\tto\nx\ty\n");
  const std::string table =
      folder
          .write("m.tsv",
                 "name\tprefix\tfile\tvalidation_file\tsource_column\ttarget_column\tmetric\n"
                 "sum\tsummarize: \ta.tsv\ta.tsv\t\t\trougeL,token_error_rate\nturn\t\tb.tsv\t\tfrom\tto\t\n"
                 "back\t\tb.tsv\t\tto\tfrom\t\n")
          .string();
  const std::vector<MixtureTask> tasks = read_mixture_table(table, {});
  REQUIRE(tasks.size() == 3);
  CHECK(tasks[0].prefix == "summarize: ");
  CHECK(tasks[0].metrics == std::vector<std::string>{"rougeL", "token_error_rate"});
  CHECK(tasks[1].where == table + ":3");
  const Text2TextOptions own = options_of(tasks[1], {});
  CHECK(own.source_column == "from");
  CHECK(own.target_column == "to");
  CHECK(options_of(tasks[0], {}).target_column == "target");
  CHECK(mixture_metric_names(tasks) ==
        std::vector<std::string>{"loss", "loss/sum", "rougeL/sum", "token_error_rate/sum"});
  CHECK(larger_is_better("rougeL/loss"));
  CHECK_FALSE(larger_is_better("token_error_rate/sum"));
}

TEST_CASE("mixture: what is wrong in a table is said with file and line") {
  const ScratchFolder folder;
  folder.write("a.tsv", "source\ttarget\nx\ty\n");
  const auto said_of = [&](const std::string& rows, const Text2TextOptions& options = {}) {
    const std::string file = folder.write("m.tsv", rows).string();
    const std::string said = error_of<std::runtime_error>([&] { read_mixture_table(file, options); });
    return said.starts_with(file) ? said.substr(file.size()) : said;
  };
  const std::string header = "name\tprefix\tfile\tweight\n";
  CHECK(said_of(header) == ": has no rows below its header");
  CHECK(said_of("name\tfile\n") == ":1: has no column \"prefix\"");
  CHECK(said_of("name\tprefix\tfile\tfiel\n") ==
        ":1: a column \"fiel\"; there may be: \"name\", \"prefix\", \"file\", \"validation_file\", \"source_column\", "
        "\"target_column\", \"metric\", \"label_words\", \"weight\"");
  CHECK(said_of(header + "a\t\t\t\n") == ":2: has no \"file\" to learn from");
  CHECK(said_of(header + "a\tx \ta.tsv\t1\nb\ty \ta.tsv\t2\nc\tx \ta.tsv\t1\n") ==
        ":4: learns what " + (folder / "m.tsv") +
            ":2 learns: the same columns of the same file behind the same prefix (a weight says how often)");
  CHECK(said_of(header + "a b\t\ta.tsv\t\n") == ":2: the name \"a b\": letters, digits and -_. make one");
  CHECK(said_of(header + "a\t\ta.tsv\t\na\t\ta.tsv\t\n")
            .starts_with(":3: the name \"a\" is that of " + (folder / "m.tsv") + ":2"));
  CHECK(said_of(header + "a\t\tnone.tsv\t\n") == ":2: " + (folder / "none.tsv") + ": there is no such file");
  CHECK(said_of(header + "a\t\ta.tsv\t-1\n") == ":2: the weight \"-1\" is no number above 0");
  CHECK(said_of(header + "a\t\ta.tsv\t1\nb\tx \ta.tsv\t\n") == ":3: has no weight, the first task has one");
  const std::string judged = "name\tprefix\tfile\tvalidation_file\tmetric\n";
  CHECK(said_of(judged + "a\t\ta.tsv\ta.tsv\tbleurt\n").starts_with(":2: \"bleurt\" is no metric of texts; there are"));
  CHECK(said_of(judged + "a\t\ta.tsv\ta.tsv\tloss\n").starts_with(":2: \"loss\" is no metric of texts; there are"));
  CHECK(said_of(judged + "a\t\ta.tsv\ta.tsv\tbleu,bleu\n") == ":2: the metric \"bleu\" is there twice");
  CHECK(said_of(judged + "a\t\ta.tsv\t\tbleu\n") == ":2: a metric without a \"validation_file\" to count it on");
  const std::string labelled = "name\tprefix\tfile\tvalidation_file\tmetric\tlabel_words\n";
  CHECK(said_of(labelled + "a\t\ta.tsv\ta.tsv\tbleu\tx,y\n") ==
        ":2: \"label_words\" without a metric that counts them: accuracy, no_label_error");
  CHECK(said_of(labelled + "a\t\ta.tsv\ta.tsv\taccuracy\tx,,y\n") == ":2: \"label_words\": \"x,,y\" has an empty one");
  CHECK(said_of(labelled + "a\t\ta.tsv\ta.tsv\taccuracy\tx,y,x\n") == ":2: \"label_words\": \"x,y,x\" has \"x\" twice");
  // Columns: the row's own, or those of the options.
  const std::string columns = "name\tprefix\tfile\tsource_column\ttarget_column\n";
  const std::string own = ":2: \"source_column\", \"target_column\": \"target\" is in both";
  CHECK(said_of(columns + "a\t\ta.tsv\ttarget\ttarget\n") == own);
  CHECK(said_of(columns + "a\t\ta.tsv\ttarget\t\n") == own);
  CHECK(said_of(columns + "a\t\ta.tsv\ttarget\tsource,target\n") == own);
  CHECK(said_of(columns + "a\t\ta.tsv\t\tx\n", options_with_source("x")) ==
        ":2: \"source_column\", \"target_column\": \"x\" is in both");
  CHECK(said_of(columns + "a\t\ta.tsv\t\tx,x\n") == ":2: \"target_column\": \"x\" is there twice");
  CHECK(said_of(columns + "a\t\ta.tsv\t\tx,,y\n") == ":2: \"target_column\": \"x,,y\" has an empty name");
  // The same columns of the same file, however they are called.
  CHECK(said_of(columns + "a\tx \ta.tsv\t\ttarget\nb\tx \t./a.tsv\tsource\t\n").starts_with(":3: learns what "));
  CHECK(said_of(columns + "a\tx \ta.tsv\t\ttarget\nb\tx \ta.tsv\t\ttarget,other\n").starts_with(":3: learns what "));
}

TEST_CASE("mixture: a table in JSONL may have lists where cells have commas") {
  const ScratchFolder folder;
  folder.write("a.tsv", "source\ttarget\nx\ty\n");
  const auto read = [&](const std::string& rows) {
    return read_mixture_table(folder.write("m.jsonl", rows).string(), {});
  };
  const std::string task = R"({"name": "a", "prefix": "x ", "file": "a.tsv", "validation_file": "a.tsv", )";
  const std::vector<MixtureTask> tasks =
      read(task + R"("metric": ["rouge1", "accuracy"], "target_column": ["y", "z"], )"
                  R"("label_words": ["good", "bad"], "weight": 2})");
  REQUIRE(tasks.size() == 1);
  CHECK(tasks[0].metrics == std::vector<std::string>{"rouge1", "accuracy"});
  CHECK(tasks[0].target_column == "y,z");
  CHECK(tasks[0].label_words == std::vector<std::string>{"good", "bad"});
  CHECK(tasks[0].weight == 2);
  CHECK(read(task + R"("metric": []})").at(0).metrics.empty());
  const auto said_of = [&](const std::string& rows) {
    const std::string said = error_of<std::runtime_error>([&] { read(rows); });
    return said.substr(std::min(said.size(), (folder / "m.jsonl").size()));
  };
  CHECK(said_of(task + R"("metric": ["rouge1,rougeL"]})") ==
        R"(:1: "metric": "rouge1,rougeL" cannot be one of several joined by ",")");
  CHECK(said_of(task + R"("metric": ["rouge1", "rouge1"]})") == R"(:1: the metric "rouge1" is there twice)");
  CHECK(said_of(task + R"("source_column": ["x"]})") ==
        R"(:1: "source_column" is a list: a text is expected there, a string)");
  CHECK(said_of(task + R"("weight": [1]})") == R"(:1: "weight" is a list: a number is expected there)");
  CHECK(said_of(task + "\"weight\": 1}\n" + task + R"("weight": 1, "metric": "rouge1"})") ==
        R"(:2: has "metric", which the first line has not)");

  const std::vector<MixtureTask> two = read(task + R"("metric": ["bleu"], "source_column": null})" + "\n" +
                                            R"({"name": "other", "prefix": "o ", "file": "a.tsv", "metric": null})");
  REQUIRE(two.size() == 2);
  CHECK(two[0].source_column == "source");
  CHECK(two[1].validation_file.empty());
  CHECK(two[1].metrics.empty());
}

TEST_CASE("mixture: a prefix that tells no task from another is told") {
  const ScratchFolder folder;
  folder.write("a.tsv", "source\ttarget\nx\ty\n");
  folder.write("b.tsv", "source\ttarget\nx\ty\n");
  folder.write("c.tsv", "source\ttarget\nx\ty\n");
  const auto lines_of = [&](const std::string& rows) {
    return shared_prefixes(read_mixture_table(folder.write("m.tsv", "name\tprefix\tfile\n" + rows).string(), {}));
  };
  CHECK(lines_of("first\tx \ta.tsv\nsecond\ty \tb.tsv\nthird\t\tc.tsv\n").empty());
  CHECK(lines_of("first\tx \ta.tsv\nsecond\ty \tb.tsv\nthird\tx \tc.tsv\n") ==
        std::vector<std::string>{(folder / "m.tsv") + ":4: the prefix \"x \" is that of first, third: by their sources "
                                                      "alone the model tells them apart"});
  CHECK(lines_of("first\t\ta.tsv\nsecond\t\tb.tsv\nthird\t\tc.tsv\n").size() == 1);
}

}  // namespace thaw
