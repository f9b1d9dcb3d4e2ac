// SPDX-License-Identifier: Apache-2.0
// Files that are no text in UTF-8, and text that only looks so.
#include "models/data/file_kind.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>

#include "models/data/table.h"

using namespace thaw;
using namespace std::string_view_literals;

namespace {

// Code units of 2 or 4 bytes.
std::string encoded(std::u32string_view text, int bytes, bool little, bool mark) {
  std::string out;
  std::u32string codes(text);
  if (mark) codes.insert(codes.begin(), 0xFEFF);
  const auto unit = [&](char32_t value) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * (little ? i : bytes - 1 - i)));
  };
  for (const char32_t code : codes) {
    if (bytes == 2 && code > 0xFFFF) {
      unit(0xD800 + ((code - 0x10000) >> 10));
      unit(0xDC00 + ((code - 0x10000) & 0x3FF));
    } else {
      unit(code);
    }
  }
  return out;
}

std::string header_error(const std::string& bytes, TableFormat format) {
  std::istringstream stream(bytes);
  try {
    TableReader reader(stream, "f", format);
    TableRow row;
    while (reader.next(row)) {
    }
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("file kind: UTF-16 and UTF-32, with and without a byte order mark") {
  for (const std::u32string_view text :
       {U"text\tlabel\nthe library\t1\n"sv, U"text\tlabel\n\u4E2D\u6587\u8BCD\u8BED\t1\n\U0001F600\t0\n"sv,
        U"\u0442\u0435\u043A\u0441\u0442\t\u044F\n\u0434\u0430\t1\n"sv, U"caf\u00E9\t\u201Cx\u201D\r\na\tb\r\n"sv}) {
    for (const bool mark : {true, false}) {
      for (const auto& [bytes, little, encoding] :
           {std::tuple{2, true, "UTF-16LE"}, {2, false, "UTF-16BE"}, {4, true, "UTF-32LE"}, {4, false, "UTF-32BE"}}) {
        const std::string name = encoding;
        CAPTURE(name);
        CAPTURE(mark);
        const std::string file = encoded(text, bytes, little, mark);
        for (const TableFormat format : {TableFormat::tsv, TableFormat::csv, TableFormat::jsonl, TableFormat::lines})
          CHECK(header_error(file, format) ==
                fmt::format("f: is {}, not UTF-8: save it as UTF-8 (iconv -f {} -t UTF-8)", name, name));
      }
    }
  }
}

TEST_CASE("file kind: a few stray NUL characters are no encoding") {
  for (const std::string_view text : {"a\tb\n1\t\0\n"sv, "a\0\tb\n1\t2\n"sv, "\0\0\0\0\0\0\0\0"sv,
                                      "text\nthe \0 library\n"sv, "\xE4\xB8\xAD\0\xE6\x96\x87\n1\n2\n"sv}) {
    CHECK(foreign_kind(text).empty());
    CHECK(header_error(std::string(text), TableFormat::tsv).find("NUL") != std::string::npos);
  }
}

TEST_CASE("file kind: archives, spreadsheets, columns") {
  const std::pair<std::string_view, const char*> files[] = {
      {"\x1F\x8B\x08\0"sv, "gzip"},
      {"PK\x03\x04....xl/workbook.xml"sv, "Excel"},
      {"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet"sv, "OpenDocument"},
      {"PK\x03\x04....train.csv"sv, "zip"},
      {"PAR1\x15\x04"sv, "Parquet"},
      {"ARROW1\0\0"sv, "Arrow"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"sv, ".xls"},
      {"SQLite format 3\0"sv, "SQLite"},
      {"\xFD"
       "7zXZ\0"sv,
       "xz"},
      {"\x28\xB5\x2F\xFD\x04"sv, "Zstandard"},
      {"BZh91AY&SY"sv, "bzip2"},
      {"%PDF-1.7\n"sv, "PDF"},
  };
  for (const auto& [bytes, named] : files) {
    const std::string word = named;
    CAPTURE(word);
    CHECK(foreign_kind(bytes).find(word) != std::string::npos);
    CHECK(header_error(std::string(bytes), TableFormat::csv).starts_with("f: is a"));
  }
  for (const std::string_view text : {"text,label\nPK,1\n"sv, "BZ,h\n"sv, "7z\n"sv, "PAR,1\n"sv, "a"sv, ""sv})
    CHECK(foreign_kind(text).empty());
}

TEST_CASE("file kind: bytes that are not UTF-8") {
  CHECK(encoding_hint("caf\xE9 x", 3).find("0xE9, which is \xC3\xA9 in Latin-1 and Windows-1252") == 0);
  CHECK(encoding_hint("a \x93quoted\x94", 2).find("0x93, which is \xE2\x80\x9C in Windows-1252") == 0);
  CHECK(encoding_hint("l\x92\xE9t\xE9", 1).find("in Windows-1252") != std::string::npos);
  CHECK(encoding_hint("\xCF\xF0\xE8\xE2\xE5\xF2", 0) == "0xCF; if the file is in another encoding, save it as UTF-8");
  CHECK(encoding_hint("\xE2\x82", 0) == "0xE2; if the file is in another encoding, save it as UTF-8");
  CHECK(encoding_hint("a\x81"
                      "b",
                      1) == "0x81; if the file is in another encoding, save it as UTF-8");
}
