// SPDX-License-Identifier: Apache-2.0
// Crafted bad tables: each gets one line that names file and line.
#include <doctest/doctest.h>

#include <sstream>
#include <stdexcept>

#include "models/data/line_reader.h"
#include "models/data/table.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct BadTable {
  std::string name;
  std::string text;
  std::string error;
  std::vector<std::string> columns = {};
};

std::string nul(std::string text) {
  for (char& c : text)
    if (c == '@') c = '\0';
  return text;
}

std::string read_error(const ScratchFolder& folder, const BadTable& bad) {
  const auto path = folder.write(bad.name, bad.text);
  try {
    TableReader reader(path, {bad.columns, ""});
    TableRow row;
    while (reader.next(row)) {
    }
  } catch (const std::runtime_error& error) {
    std::string what = error.what();
    const size_t at = what.find(path.parent_path().string() + "/");
    if (at == 0) what.erase(0, path.parent_path().string().size() + 1);
    return what;
  }
  return "no error";
}

const std::vector<BadTable> bad_tables = {
    {"a.tsv", "", "a.tsv: is empty, not even a header line"},
    {"a.csv", "", "a.csv: is empty, not even a header line"},
    {"a.jsonl", "", "a.jsonl: is empty"},
    {"a.jsonl", "\n \n\t\n", "a.jsonl: is empty"},
    {"a.tsv", "a\tb\n1\t2\t3\n", "a.tsv:2: 3 fields, the header has 2"},
    {"a.tsv", "a\tb\n1\t2\n1\n", "a.tsv:3: 1 field, the header has 2"},
    {"a.tsv", "\n \n", "a.tsv: is empty, not even a header line"},
    {"a.tsv", "a\tb\n\n1\n", "a.tsv:3: 1 field, the header has 2"},
    {"a.csv", "a,b\n\"\"\n", "a.csv:2: 1 field, the header has 2"},
    {"a.tsv", "a\tb\n1 2\n", "a.tsv:2: 1 field, the header has 2"},
    {"a.tsv",
     "a,b\n1,2\n",
     "a.tsv: has no column \"a\" (it has: a,b): the header has commas: fields are separated by commas in .csv, by tabs "
     "in .tsv",
     {"a"}},
    {"a.tsv", "a\tb\ta\n1\t2\t3\n", "a.tsv: the column \"a\" is there twice"},
    {"a.tsv", "a\tb\n1\t2\n", "a.tsv: has no column \"text\" (it has: a, b)", {"text"}},
    {"a.tsv", "text \tb\n1\t2\n", "a.tsv: has no column \"text\" (it has: \"text \", b)", {"text"}},
    {"a.tsv", nul("a\tb\n1\t@\n"), "a.tsv:2: has a NUL character"},
    {"a.tsv", nul("a@\tb\n1\t2\n"), "a.tsv:1: has a NUL character"},
    {"a.tsv", nul("a\tb\n1\t2\n@"), "a.tsv:3: has a NUL character"},
    {"a.tsv", "a\tb\n1\t\xFF\n",
     "a.tsv:2: byte 3 of the line is not valid UTF-8: 0xFF, which is ÿ in Latin-1 and Windows-1252; save the file as "
     "UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"},
    {"a.tsv", "a\tb\n1\t2\nx\xC3\ty\n",
     "a.tsv:3: byte 2 of the line is not valid UTF-8: 0xC3, which is Ã in Latin-1 and Windows-1252; save the file as "
     "UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"},
    {"a.tsv", "a\tb\n1\t\xC0\xAF\n",
     "a.tsv:2: byte 3 of the line is not valid UTF-8: 0xC0; if the file is in another encoding, save it as UTF-8"},
    {"a.tsv", "a\tb\n1\t\xED\xA0\x80\n",
     "a.tsv:2: byte 3 of the line is not valid UTF-8: 0xED; if the file is in another encoding, save it as UTF-8"},
    {"a.tsv", "a\tb\n1\t\xF4\x90\x80\x80\n",
     "a.tsv:2: byte 3 of the line is not valid UTF-8: 0xF4; if the file is in another encoding, save it as UTF-8"},
    {"a.tsv", "a\tb\n1\t2\n3\t\xE2\x82",
     "a.tsv:3: byte 3 of the line is not valid UTF-8: 0xE2; if the file is in another encoding, save it as UTF-8"},
    {"a.tsv",
     "\xFF\xFE"
     "a\n",
     "a.tsv: is UTF-16LE, not UTF-8: save it as UTF-8 (iconv -f UTF-16LE -t UTF-8)"},
    {"a.tsv", "a\xE9\n1\n",
     "a.tsv:1: byte 2 of the line is not valid UTF-8: 0xE9, which is é in Latin-1 and Windows-1252; save the file as "
     "UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"},
    {"a.txt", "one\n\x80\n",
     "a.txt:2: byte 1 of the line is not valid UTF-8: 0x80, which is € in Windows-1252; save the file as UTF-8 (iconv "
     "-f WINDOWS-1252 -t UTF-8)"},
    {"a.txt", nul("one\n@\n"), "a.txt:2: has a NUL character"},
    {"a.csv", "a,b\n1,2,3\n", "a.csv:2: 3 fields, the header has 2"},
    {"a.csv", "a,b\n1,2,\n", "a.csv:2: 3 fields, the header has 2"},
    {"a.csv", "a,b\n1;2\n", "a.csv:2: 1 field, the header has 2"},
    {"a.csv", "a,b\n1,x\"y\"\n", "a.csv:2: field 2 has a quote but does not begin with one"},
    {"a.csv", "a,b\n1, \"y\"\n", "a.csv:2: field 2 has a quote but does not begin with one"},
    {"a.csv", "a,b\n\"x\"y,2\n", "a.csv:2: field 1 goes on after its closing quote"},
    {"a.csv", "a,b\n\"x\ny\" ,2\n", "a.csv:3: field 1 goes on after its closing quote"},
    {"a.csv", "a,b\n1,2\n3,\"4\n5,6\n", "a.csv:3: the quote that opens field 2 is never closed"},
    {"a.csv", "a,\"b\n", "a.csv:1: the quote that opens field 2 is never closed"},
    {"a.csv", "a,b\n\"1\n2\",3\n4\n", "a.csv:4: 1 field, the header has 2"},
    {"a.csv", "a,b\n\"1\n2\",3,4\n", "a.csv:2: 3 fields, the header has 2"},
    {"a.csv", nul("a,b\n\"1\n@\",3\n"), "a.csv:3: has a NUL character"},
    {"a.csv", "a,b\n\"1\n\xFE\",3\n",
     "a.csv:3: byte 1 of the line is not valid UTF-8: 0xFE, which is þ in Latin-1 and Windows-1252; save the file as "
     "UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"},
    {"a.csv", "a,a\n1,2\n", "a.csv: the column \"a\" is there twice"},
    {"a.jsonl", "{\"a\": 1}\n{\"b\": 1}\n", "a.jsonl:2: has no \"a\", which the first line has"},
    {"a.jsonl", "{\"a\": 1}\n[1]\n",
     "a.jsonl:2: expected an object, found an array: JSONL has one object a line (`jq -c '.[]'` writes an array so, "
     "`jq -c .` objects)"},
    {"a.jsonl", "3\n",
     "a.jsonl:1: expected an object, found 3: JSONL has one object a line (`jq -c '.[]'` writes an array so, `jq -c .` "
     "objects)"},
    {"a.jsonl", "{\"a\": null}\n", "a.jsonl:1: \"a\" is null: expected a string or a number"},
    {"a.jsonl", "{\"a\": {\"b\": 1}}\n", "a.jsonl:1: \"a\" is an object: expected a string or a number"},
    {"a.jsonl", "{\"a\": [\"x\"]}\n",
     "a.jsonl:1: \"a\" is a list: lists are read as several labels, or several numbers, with list_separator '|'"},
    {"a.jsonl", "{\"a\": \"x\\u0000y\"}\n", "a.jsonl:1: \"a\" has a NUL character"},
    {"a.jsonl", "{\"a\": 1}\n", "a.jsonl: has no column \"text\" (it has: a)", {"text"}},
    {"a.json", "[]",
     "a.json:1: expected an object, found an empty array: JSONL has one object a line (`jq -c '.[]'` writes an array "
     "so, `jq -c .` objects)"},
    {"a.json", "[{\"a\": 1},\n{\"a\": 2}]",
     "a.json:1: expected an object, found the beginning of an array: JSONL has one object a line (`jq -c '.[]'` writes "
     "an array so, `jq -c .` objects)"},
    {"a.jsonl", "[\n{\"a\": 1}\n]\n",
     "a.jsonl:1: expected an object, found the beginning of an array: JSONL has one object a line (`jq -c '.[]'` "
     "writes an array so, `jq -c .` objects)"},
    {"a.json", "{\n  \"a\": 1\n}\n",
     "a.json:1: the object goes on beyond the line: JSONL has one object a line (`jq -c '.[]'` writes an array so, `jq "
     "-c .` objects)"},
    {"a.jsonl", "{\"a\": 1,\n\"b\": [2]}\n",
     "a.jsonl:1: the object goes on beyond the line: JSONL has one object a line (`jq -c '.[]'` writes an array so, "
     "`jq -c .` objects)"},
    {"a.jsonl", "{\"a\": 1},\n", "a.jsonl:1: byte 9: text after the JSON value"},
    {"a.jsonl", "{\"a\": 1}\n{\"a\": NaN}\n", "a.jsonl:2: \"a\" is NaN: expected a string or a number"},
    {"a.jsonl", "{\"a\": -Infinity}\n", "a.jsonl:1: \"a\" is -Infinity: expected a string or a number"},
    {"a.jsonl", "{\"a\": None}\n", "a.jsonl:1: a: \"None\" is not a JSON value"},
    {"a.jsonl", "{\"a\": \"cut \\ud83d\"}\n",
     "a.jsonl:1: a: not JSON: byte 12: a string holds half of a surrogate pair, \\ud83d, which is no character"},
    {"a.jsonl", "{\"a\": \"one\ttwo\"}\n",
     "a.jsonl:1: a: not JSON: byte 11: a control character inside a string: U+0009"},
    {"a.jsonl", "{\"a\": \"C:\\data\"}\n", "a.jsonl:1: a: not JSON: byte 10: a string with a bad escape: \\d"},
    {"a.csv", "a,b\r1,2\r3,4\r",
     "a.csv: its lines end in CR alone, as on old Macs: save it with LF or CRLF (tr '\\r' '\\n')"},
    {"a.csv", "a,b\r1,2\r\n", "a.csv:1: has a CR inside: do the lines end in CR alone? Save the file with LF or CRLF"},
    {"a.csv", "a,b\n1,2\r3,4\r", "a.csv:2: 3 fields, the header has 2 (the line has a CR inside)"},
    {"a.csv",
     "a;b\n1;2\n",
     "a.csv: has no column \"a\" (it has: a;b): the header has semicolons: fields are separated by commas in .csv, by "
     "tabs "
     "in .tsv",
     {"a"}},
    {"a.jsonl", "{'a': 1}\n",
     "a.jsonl:1: expected a JSON object, found one as Python prints it: JSON has double quotes (json.dumps)"},
    {"a.txt",
     "\xFF\xFE"
     "a\n",
     "a.txt: is UTF-16LE, not UTF-8: save it as UTF-8 (iconv -f UTF-16LE -t UTF-8)",
     {"label"}},
    {"a.csv", "<!DOCTYPE html>\n<html>\n", "a.csv: is an HTML page, not a table"},
    {"a.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n",
     "a.jsonl: is a Git LFS pointer, not the data: `git lfs pull` gets them"},
    {"a.csv.gz", "\x1F\x8B\x08", "a.csv.gz: is a gzip file that is cut off: get it again"},
    {"a.csv", "\x1F\x8B\x08", "a.csv: is a gzip file that is cut off: get it again"},
    {"a.csv.xz",
     "\xFD"
     "7zXZ",
     "a.csv.xz: is an xz file: unpack it first (unxz)"},
    {"train", "a\n",
     "train: what kind of table it is must show in its name: .tsv, .csv or .jsonl (.txt: one text a line)"},
};

}  // namespace

TEST_CASE("table: a list where a text is expected") {
  std::istringstream lines("{\"text\": [\"x\", \"y\"], \"label\": [\"a\"]}\n");
  const TableReading reading{
      .columns = {"text", "label"}, .list_separator = "|", .text_columns = {"text"}, .format_option = ""};
  TableReader reader(lines, "t.jsonl", TableFormat::jsonl, reading);
  TableRow row;
  CHECK_THROWS_WITH_AS(reader.next(row), "t.jsonl:1: \"text\" is a list: a text is expected there, a string",
                       std::runtime_error);
}

TEST_CASE("table: what lists are of, and where a number is expected, is for the reader to say") {
  TableReading reading{.columns = {"label", "weight"}, .list_separator = "|", .text_columns = {}};
  reading.number_columns = {"weight"};
  const auto error = [&](const std::string& text) {
    std::istringstream lines(text);
    TableReader reader(lines, "t.jsonl", TableFormat::jsonl, reading);
    TableRow row;
    return error_of<std::runtime_error>([&] { reader.next(row); });
  };
  const std::string joined = R"({"label": ["a|b"], "weight": 1})";
  CHECK(error(R"({"label": ["a"], "weight": [1]})") == R"(t.jsonl:1: "weight" is a list: a number is expected there)");
  CHECK(error(joined) == R"(t.jsonl:1: "label": "a|b" cannot be one of several joined by "|")");
  reading.list_item = "a label";
  CHECK(error(joined) == R"(t.jsonl:1: "label": "a|b" cannot be a label joined by "|")");
}

TEST_CASE("table: kinds of files by extension") {
  CHECK(table_format("a.JSONL") == TableFormat::jsonl);
  CHECK(table_format("a.Csv") == TableFormat::csv);
  CHECK(table_format("a.TSV") == TableFormat::tsv);
  CHECK(table_format("a.TXT") == TableFormat::lines);
  CHECK(table_format("a.csv.gz") == TableFormat::csv);
  CHECK(table_format("a.JSONL.GZ") == TableFormat::jsonl);
  CHECK_THROWS_WITH_AS(table_format("csv.gz"), doctest::Contains("must show in its name"), std::runtime_error);
  CHECK_THROWS_WITH_AS(table_format("a.data", "--format"), doctest::Contains("or be said by --format"),
                       std::runtime_error);
}

TEST_CASE("table: bad files are named by line") {
  const ScratchFolder folder;
  for (const BadTable& bad : bad_tables) {
    CAPTURE(bad.text);
    CHECK(read_error(folder, bad) == bad.error);
  }
}

TEST_CASE("table: bad JSON is named by line") {
  const ScratchFolder folder;
  for (const char* text : {"{", "{\"a\": 1,}", "{\"a\": 1} x", "{\"a\": NaN}", "{\"a\": 1, \"a\": 2}", "{'a': 1}",
                           "{\"a\": \"\\ud800\"}", "{\"a\": 1}{\"a\": 2}", "\"a", "{\"a\": 01}"}) {
    CAPTURE(text);
    const std::string error = read_error(folder, {"a.jsonl", std::string("{\"a\": 0}\n") + text + "\n", "", {}});
    CHECK(error.starts_with("a.jsonl:2"));
    CHECK(error.find('\n') == std::string::npos);
  }
}

TEST_CASE("table: files that are not there, or no files") {
  const ScratchFolder folder;
  CHECK_THROWS_WITH_AS(TableReader(folder.path() / "no.tsv"), doctest::Contains("no.tsv: no such file"),
                       std::runtime_error);
  std::filesystem::create_directory(folder.path() / "d.tsv");
  CHECK_THROWS_WITH_AS(TableReader(folder.path() / "d.tsv"), doctest::Contains("d.tsv: is a directory, not a file"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(read_table(folder.write("a.tsv", "a\tb\n")),
                       doctest::Contains("a.tsv: has no rows below its header"), std::runtime_error);
}

namespace {

// Gives the same byte for ever, after a beginning, and counts what was taken.
class EndlessBuffer : public std::streambuf {
 public:
  EndlessBuffer(std::string beginning, char c, size_t limit) : block_(std::move(beginning)), c_(c), limit_(limit) {
    setg(block_.data(), block_.data(), block_.data() + block_.size());
  }
  size_t given = 0;

 protected:
  int_type underflow() override {
    if (given >= limit_) return traits_type::eof();
    block_.assign(1 << 16, c_);
    given += block_.size();
    setg(block_.data(), block_.data(), block_.data() + block_.size());
    return traits_type::to_int_type(block_[0]);
  }

 private:
  std::string block_;
  char c_;
  size_t limit_;
};

void check_bounded(const std::string& beginning, char c, TableFormat format, const std::string& expected) {
  constexpr size_t far_too_long = size_t{100} << 20;
  EndlessBuffer buffer(beginning, c, far_too_long);
  std::istream stream(&buffer);
  const auto read = [&] {
    TableReader reader(stream, "a", format);
    TableRow row;
    while (reader.next(row)) {
    }
  };
  CHECK_THROWS_WITH_AS(read(), expected.c_str(), std::runtime_error);
  CHECK(buffer.given < 3 * LineReader::max_line_bytes);
}

}  // namespace

TEST_CASE("table: an endless line is refused before it is in memory") {
  check_bounded("a\tb\n1\t", 'x', TableFormat::tsv, "a:2: the line is longer than 16 MB");
  check_bounded("", 'x', TableFormat::tsv, "a:1: the line is longer than 16 MB");
  check_bounded("a,b\n1,\"", '\n', TableFormat::csv, "a:2: the quoted field 2 is longer than 16 MB");
  check_bounded("{\"a\": 1}\n{\"a\": \"", 'x', TableFormat::jsonl, "a:2: the line is longer than 16 MB");
}
