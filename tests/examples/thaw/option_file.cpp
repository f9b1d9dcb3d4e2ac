// SPDX-License-Identifier: Apache-2.0
// Files of options as people write them.
#include "examples/thaw/option_file.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// "line:key=value" of each option of the text.
std::vector<std::string> read(const std::string& text) {
  const ScratchFolder dir;
  dir.write("f", text);
  std::vector<std::string> found;
  for (const FileOption& option : read_option_file(dir / "f"))
    found.push_back(std::to_string(option.line) + ":" + option.key + "=" + option.value);
  return found;
}

// Without the folder.
std::string read_error(const std::string& text) {
  const std::string error = error_of<std::runtime_error>([&] { read(text); });
  return error.substr(error.rfind("/f:") + 1);
}

}  // namespace

TEST_CASE("option file: keys and values, comments and blanks") {
  using Lines = std::vector<std::string>;
  CHECK(read("").empty());
  CHECK(read("# a = b\n\n  \t\n   # c = d").empty());
  CHECK(read("a=b\nc = d\n  e\t=\tf  \r\n") == Lines{"1:a=b", "2:c=d", "3:e=f"});
  CHECK(read("lr = classifier.*=1e-3") == Lines{"1:lr=classifier.*=1e-3"});
  CHECK(read("a = b # c\na = b#c\na = \"b # c\" # d\n") == Lines{"1:a=b", "2:a=b#c", "3:a=b # c"});
  CHECK(read("a = two words") == Lines{"1:a=two words"});
  CHECK(read(R"(a = "\t")") == Lines{"1:a=\t"});
  CHECK(read(R"(a = "")") == Lines{"1:a="});
  CHECK(read(R"(a = "say \"no\" \\")") == Lines{R"(1:a=say "no" \)"});
  CHECK(read("freeze = a\ntrain = b\nfreeze = c") == Lines{"1:freeze=a", "2:train=b", "3:freeze=c"});
}

TEST_CASE("option file: what is wrong is told with its line") {
  CHECK(read_error("a = b\nlearning rate 5\n") ==
        "f:2: KEY = VALUE was expected, as \"batch-size = 16\", not \"learning rate 5\"");
  CHECK(read_error("[section]") == "f:1: KEY = VALUE was expected, as \"batch-size = 16\", not \"[section]\"");
  CHECK(read_error("\n= 5") == "f:2: KEY = VALUE was expected, as \"batch-size = 16\", not \"= 5\"");
  CHECK(read_error("a =") == "f:1: a: a value is missing after =");
  CHECK(read_error("a = # b") == "f:1: a: a value is missing after =");
  CHECK(read_error("a = 'b'") == "f:1: a: quotes are \", not '");
  CHECK(read_error("a = \"b") == "f:1: the quotes do not end");
  CHECK(read_error("a = \"b\" c") == "f:1: \"c\" after the closing quote");
  CHECK(read_error("a = \"\\x\"").starts_with("f:1"));
  CHECK(error_of<std::runtime_error>([] { read_option_file("no/such"); }) == "no/such: no such file");
  CHECK(error_of<std::runtime_error>([] { read_option_file("."); }) == ".: is a directory, not a file of options");
}

TEST_CASE("option file: a byte order mark does not count") {
  const ScratchFolder dir;
  dir.write("f", "\xEF\xBB\xBFseed = 7\nmodel = m\n");
  const std::vector<FileOption> options = read_option_file(dir / "f");
  REQUIRE(options.size() == 2);
  CHECK(options[0].key == "seed");
  CHECK(options[0].line == 1);
  CHECK(options[1].value == "m");
}

TEST_CASE("option file: what is written reads back") {
  for (const std::string value : {"5e-5", "two words", "a=b", "#", "a #b", "a#b", "", " a", "a\t", "\t", "'a'", "\"a\"",
                                  "a\nb", "a\\nb", "{a,b}.*", "[0-3]*", "\xC3\xA9", "\x01"}) {
    const std::string line = option_line("key", value);
    CHECK(line.find('\n') == std::string::npos);
    CHECK_MESSAGE(read(line) == std::vector<std::string>{"1:key=" + value}, line);
  }
  CHECK(option_line("freeze", "bert.*") == "freeze = bert.*");
}
