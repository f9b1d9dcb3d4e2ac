// SPDX-License-Identifier: Apache-2.0
// Gzip'd tables: read as they are, by what their bytes are, in little memory; damaged ones are refused in one line.
#include "models/data/unpacked_bytes.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "models/data/line_reader.h"
#include "models/data/table.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;
using namespace std::string_view_literals;

namespace {

// Text, TAB, label: the library of words 0, 1, 2, 3, as the gzip program packs it, with a file name in its header.
constexpr std::string_view packed_table =
    "\x1F\x8B\x08\x08\x00\x00\x00\x00\x02\xFF\x74\x2E\x74\x73\x76\x00\x2B\x49\xAD\x28\xE1\xCC\x49\x4C\x4A\xCD\xE1\x2A"
    "\xC9\x48\x55\xC8\xC9\x4C\x2A\x4A\x2C\xAA\x54\xC8\x4F\x53\x28\xCF\x2F\x4A\x29\xE6\x34\xC0\x2E\x6C\x88\x5D\xD8\x08"
    "\xBB\xB0\x31\x17\x00\x18\x2B\x8F\x27\x67\x00\x00\x00"sv;

uint32_t crc32(std::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
  }
  return ~crc;
}

// A gzip member that stores the bytes as they are.
std::string stored(std::string_view bytes) {
  std::string out(
      "\x1F\x8B\x08\0\0\0\0\0\0\xFF"
      "\x01"sv);
  const auto little = [&out](uint64_t value, int size) {
    for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
  };
  little(bytes.size(), 2);
  little(~bytes.size(), 2);
  out += bytes;
  little(crc32(bytes), 4);
  little(bytes.size(), 4);
  return out;
}

std::string rows_of(TableReader reader) {
  std::string all;
  TableRow row;
  while (reader.next(row)) all += std::to_string(row.line) + ":" + row.cells.back() + " ";
  return all;
}

std::string rows_of(std::string_view bytes) {
  std::istringstream stream{std::string(bytes)};
  return rows_of(TableReader(stream, "f", TableFormat::tsv));
}

std::string error(const std::string& bytes) {
  return error_of<std::runtime_error>([&] { rows_of(bytes); });
}

// Counts what was taken, and gives it in pieces of one byte.
class SlowBuffer : public std::streambuf {
 public:
  explicit SlowBuffer(std::string bytes) : bytes_(std::move(bytes)) {}
  size_t taken = 0;

 protected:
  int_type underflow() override {
    if (taken == bytes_.size()) return traits_type::eof();
    setg(&bytes_[taken], &bytes_[taken], &bytes_[taken + 1]);
    ++taken;
    return traits_type::to_int_type(*gptr());
  }

 private:
  std::string bytes_;
};

}  // namespace

TEST_CASE("gzip: tables are read whatever they are called") {
  const ScratchFolder folder;
  const std::string all = "2:0 3:1 4:2 5:3 ";
  CHECK(rows_of(TableReader(folder.write("packed.tsv.gz", packed_table))) == all);
  CHECK(rows_of(TableReader(folder.write("PACKED.TSV.GZ", packed_table))) == all);
  CHECK(rows_of(TableReader(folder.write("packed.tsv", packed_table))) == all);
  CHECK(rows_of(TableReader(folder.write("packed", packed_table), TableFormat::tsv)) == all);
  CHECK(rows_of(TableReader(folder.write("plain.tsv.gz", "text\tlabel\na\t1\n"))) == "2:1 ");
  CHECK(rows_of(TableReader(folder.write("a.csv.gz", stored("text,label\na,1\n")))) == "2:1 ");
  CHECK(rows_of(TableReader(folder.write("a.jsonl.gz", stored("{\"a\": 1}\n\n{\"a\": 2}\n")))) == "1:1 3:2 ");
  CHECK(rows_of(TableReader(folder.write("a.txt.gz", stored("one\r\ntwo")))) == "1:one 2:two ");
  CHECK(rows_of(packed_table) == all);  // a stream
}

TEST_CASE("gzip: members one after the other, zeros behind the last") {
  CHECK(rows_of(stored("a\n1\n") + stored("") + stored("2") + stored("3\n4\n")) == "2:1 3:23 4:4 ");
  CHECK(rows_of(stored("a\n1\n") + std::string(100'000, '\0')) == "2:1 ");
  CHECK(rows_of(stored("a\n1\n") + std::string(512, '\0') + stored("2\n")) == "2:1 3:2 ");
}

TEST_CASE("gzip: errors name line and file") {
  const std::string whole(packed_table);
  for (size_t size = 2; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(error(whole.substr(0, size)) == "f: is a gzip file that is cut off: get it again");
  }
  for (const size_t at : {2, 17, 40, 61, 62, 65}) {
    CAPTURE(at);
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    CHECK(error(damaged).starts_with("f: is a gzip file that is damaged ("));
  }
  CHECK(error(stored("a\n") + "rest") == "f: is a gzip file that is followed by bytes that are none");
  CHECK(error(stored("a\n") + "\x1F") == "f: is a gzip file that is cut off: get it again");
  CHECK(error(stored(stored("a\n"))) == "f: is a gzip file within a gzip file: unpack it first (gunzip)");
  CHECK(error(stored("")) == "f: is empty, not even a header line");
  CHECK(error(stored("a\tb\n1\t2\n3\n")) == "f:3: 1 field, the header has 2");
  CHECK(error(stored("a\n\xFF\n")).starts_with("f:2: byte 1 of the line is not valid UTF-8"));

  const ScratchFolder folder;
  const std::string tar = std::string(257, '\0') + "ustar" + std::string(300, '\0');
  CHECK(error_of<std::runtime_error>([&] {
          TableReader reader(folder.write("a.tar.gz", stored(tar)));
        }).ends_with("a.tar.gz: is a tar archive: unpack it first"));
  CHECK(error_of<std::runtime_error>([&] {
          TableReader reader(folder.write("a.gz", stored("a\n")));
        }).find("a.gz: what kind of table it is must show in its name") != std::string::npos);
}

TEST_CASE("gzip: a stream's lines are there as soon as their bytes are") {
  const std::string first = stored("one\n");
  SlowBuffer buffer(first + stored("two\n"));
  std::istream stream(&buffer);
  LineReader lines(stream, "f");
  std::string line;
  CHECK(lines.next(line));
  CHECK(line == "one");
  CHECK(buffer.taken <= first.size());
  CHECK(lines.next(line));
  CHECK(line == "two");
  CHECK(!lines.next(line));
}

TEST_CASE("gzip: an endless line is refused before it is in memory") {
  std::string zeros;  // some hundred members of 60 kB
  const std::string member = stored(std::string(60'000, 'x'));
  for (int i = 0; i < 300; ++i) zeros += member;
  CHECK(error(zeros) == "f:1: the line is longer than 16 MB");
}
