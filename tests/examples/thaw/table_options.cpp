// SPDX-License-Identifier: Apache-2.0
// Two entries of a table on one command line: what each option is to each of them, and to whom a value goes.
#include "examples/thaw/table_options.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "tests/error_of.h"

using namespace thaw;

namespace {

// "tags" and "scores" share a column and a limit; each has an option of its own.
struct Table {
  Table() {
    options.add_entry("tags", {{"text_column", &tag_column, "column of the words"},
                               {.name = "limit", .field = &tag_limit, .help = "at most so many", .range = {1, 9}},
                               {.name = "decay", .field = &tag_decay, .help = "of it", .range = {0.5, 2}},
                               {"scheme", &scheme, "how tags are written", {}, {"bio", "plain"}}});
    options.add_entry("scores", {{"text_column", &score_column, "column of the text"},
                                 {"limit", &score_limit, "at most so many"},
                                 {.name = "power", .field = &power, .help = "of the score", .range = {.most = 2}},
                                 {.name = "decay", .field = &decay, .help = "of it", .range = {0, 1, true, true}},
                                 {"clip", &clip, "within [0, 1]"}});
    options.add_options(app, "Table");
  }
  void choose(const std::string& line, const std::string& name) {
    app.parse(line);
    options.choose(app, name);
  }
  std::string tag_column = "words", score_column = "text", scheme = "bio";
  int64_t tag_limit = 0, score_limit = 0;
  double power = 1, tag_decay = 1, decay = 0.5;
  bool clip = false;
  TableOptions options{"--kind"};
  CLI::App app;
};

std::string refusal(const std::string& line, const std::string& name) {
  return error_of<CLI::ParseError>([&] { Table().choose(line, name); });
}

}  // namespace

TEST_CASE("table options: a value goes to the entry that is chosen; the others keep theirs") {
  Table scores;
  scores.choose("--text-column body --limit 3 --power 1.5 --clip", "scores");
  CHECK(scores.score_column == "body");
  CHECK(scores.score_limit == 3);
  CHECK(scores.clip);
  CHECK(scores.options.changed() == std::map<std::string, std::string>{
                                        {"clip", "true"}, {"limit", "3"}, {"power", "1.5"}, {"text_column", "body"}});
  Table tags;
  tags.choose("--text-column words --scheme plain", "tags");
  CHECK(tags.score_column == "text");
  CHECK(tags.options.changed() ==
        std::map<std::string, std::string>{{"scheme", "plain"}});  // the default changes nothing
  CHECK(tags.options.is_field("--power"));
  CHECK_FALSE(tags.options.is_field("--help"));
}

TEST_CASE("table options: the help tells what an option is to each, where that differs") {
  const Table table;
  const std::string help = table.app.help();
  CHECK(help.find("tags: column of the words (default: words); scores: column of the text (default: text)") !=
        std::string::npos);
  CHECK(help.find("at most so many\n") != std::string::npos);
}

TEST_CASE("table options: what the chosen entry has not, and values out of their range, are refused") {
  CHECK(refusal("--clip", "tags") == "--clip: no option of --kind tags");
  CHECK(refusal("--power 3", "scores").find("--power: ") == 0);
  CHECK(refusal("--power 2", "scores") == "no error");
  for (const std::string end : {"0", "1", "1.0"})
    CHECK(refusal("--decay " + end, "scores") ==
          fmt::format("--decay: a number above 0, below 1 was expected, not \"{}\"", end == "0" ? "0" : "1"));
  CHECK(refusal("--decay 0.999", "scores") == "no error");
  CHECK(refusal("--scheme iob", "tags").find("--scheme: one of bio, plain") == 0);
  Table table;
  CHECK(error_of([&] {
          table.options.add_entry("odd", {{"limit", &table.scheme, "a word"}});
        }) == "option limit: --kind odd has it of another type");
}

TEST_CASE("table options: each entry holds its own range, whichever comes first") {
  CHECK(refusal("--limit 10", "scores") == "no error");
  CHECK(refusal("--limit 0", "scores") == "no error");
  CHECK(refusal("--limit -1", "scores") == "--limit: a whole number of at least 0 was expected, not \"-1\"");
  CHECK(refusal("--limit 0", "tags") == "--limit: a whole number from 1 to 9 was expected, not \"0\"");
  CHECK(refusal("--limit 10", "tags") == "--limit: a whole number from 1 to 9 was expected, not \"10\"");
  CHECK(refusal("--limit 9", "tags") == "no error");
  CHECK(refusal("--decay 2", "tags") == "no error");
  CHECK(refusal("--decay 0.4", "tags") == "--decay: a number from 0.5 to 2 was expected, not \"0.4\"");
  CHECK(refusal("--decay 0.4", "scores") == "no error");
  CHECK(refusal("--decay 1.5", "scores") == "--decay: a number above 0, below 1 was expected, not \"1.5\"");
  CHECK(refusal("--decay 2.5", "tags") == "--decay: a number from 0.5 to 2 was expected, not \"2.5\"");
}

TEST_CASE("table options: what is not given has no value; what is given may be 0 and false") {
  struct Optional {
    std::optional<int64_t> beams, plain_too;
    std::optional<double> penalty;
    std::optional<bool> draws;
    int64_t plain = 7;
    TableOptions options{"--kind"};
    CLI::App app;
    explicit Optional(const std::string& line) {
      options.add_entry("one", {{"plain", &plain, "a number"}});
      options.add_entry("other", {{.name = "beams", .field = &beams, .help = "a number", .range = {1, 9}},
                                  {"penalty", &penalty, "a number"},
                                  {"draws", &draws, "or not"},
                                  {"plain", &plain_too, "a number"}});
      options.add_options(app, "Table");
      app.parse(line);
      options.choose(app, "other");
    }
  };
  const Optional none("");
  CHECK_FALSE((none.beams || none.penalty || none.draws || none.plain_too));
  CHECK(none.options.changed().empty());
  const Optional all("--beams 1 --penalty 0 --draws=false --plain 0");
  CHECK(all.beams == 1);
  CHECK(all.penalty == 0);
  CHECK(all.draws == false);
  CHECK(all.plain_too == 0);
  CHECK(all.options.changed() ==
        std::map<std::string, std::string>{{"beams", "1"}, {"draws", "false"}, {"penalty", "0"}, {"plain", "0"}});
  CHECK(Optional("--draws").draws == true);
  CHECK(error_of<CLI::ParseError>([] { Optional("--beams 10"); }) ==
        "--beams: a whole number from 1 to 9 was expected, not \"10\"");
}
