// SPDX-License-Identifier: Apache-2.0
// Rows in files: shared by processes, damaged, cut off, bounded.
#include "models/prefix/row_folder.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include <string>
#include <vector>

#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

Key128 key(uint64_t number) { return {{number * 0x9E3779B97F4A7C15u, number}}; }

std::vector<std::byte> rows_of(uint64_t number, size_t bytes = 100) {
  std::vector<std::byte> rows(bytes);
  for (size_t i = 0; i < bytes; ++i) rows[i] = static_cast<std::byte>(number * 7 + i);
  return rows;
}

// A folder of rows that remembers what was told.
struct Shared {
  ScratchFolder scratch;
  std::vector<std::string> told = {};

  fs::path folder() const { return scratch / "rows"; }
  RowFolder open(uint64_t set = 1, int64_t most = 0) {
    return RowFolder({folder(), most, [this](const std::string& line) { told.push_back(line); }}, key(set));
  }
  std::vector<fs::path> files() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder()))
      if (entry.path().extension() == ".rows") found.push_back(entry.path());
    return found;
  }
  // How many of the texts 1 .. count are there; all that are must be right.
  int64_t sound(RowFolder& rows, uint64_t count) const {
    int64_t sound = 0;
    for (uint64_t n = 1; n <= count; ++n) {
      std::vector<std::byte> found;
      if (!rows.read(key(n), found)) continue;
      CHECK(found == rows_of(n));
      ++sound;
    }
    return sound;
  }
};

void write_some(RowFolder& rows, uint64_t first, uint64_t last) {
  for (uint64_t n = first; n <= last; ++n) rows.write(key(n), rows_of(n));
}

}  // namespace

TEST_CASE("row folder: what one wrote another one reads") {
  Shared shared;
  {
    RowFolder rows = shared.open();
    CHECK_FALSE(rows.contains(key(1)));
    write_some(rows, 1, 5);
    write_some(rows, 3, 7);  // those that are there are not written again
    CHECK(shared.sound(rows, 9) == 7);
  }
  RowFolder again = shared.open(), other = shared.open(2);
  CHECK(shared.sound(again, 9) == 7);
  CHECK(shared.sound(other, 9) == 0);  // of other weights
  CHECK(shared.files().size() == 1);
  CHECK(fs::file_size(shared.files()[0]) == 16 + 7 * (32 + 100));
  CHECK(shared.told.empty());
}

TEST_CASE("row folder: two at once write files of their own") {
  Shared shared;
  {
    RowFolder one = shared.open(), two = shared.open();
    write_some(one, 1, 4);
    write_some(two, 3, 6);
    CHECK(shared.sound(one, 6) == 4);
  }
  RowFolder both = shared.open();
  CHECK(shared.files().size() == 2);
  CHECK(shared.sound(both, 6) == 6);
}

TEST_CASE("row folder: a file that ends anywhere has what was whole, and nothing is told of it") {
  Shared shared;
  {
    RowFolder rows = shared.open();
    write_some(rows, 1, 3);
  }
  const fs::path file = shared.files()[0];
  const auto whole = static_cast<int64_t>(fs::file_size(file));
  for (int64_t size = whole; size >= 0; --size) {
    fs::resize_file(file, static_cast<uintmax_t>(size));
    RowFolder rows = shared.open();
    CHECK(shared.sound(rows, 3) == std::max<int64_t>(0, size - 16) / 132);
  }
  CHECK(shared.told.empty());
}

TEST_CASE("row folder: a flipped byte anywhere is noticed, told of once, and what stood there is written again") {
  Shared shared;
  {
    RowFolder rows = shared.open();
    write_some(rows, 1, 2);
  }
  const fs::path file = shared.files()[0];
  const std::string sound = read_bytes(file.string());
  for (size_t at = 0; at < sound.size(); ++at) {
    if (at >= 12 && at < 16) continue;  // between the first line and the first record nothing stands
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    std::ofstream(file, std::ios::binary) << damaged;
    shared.told.clear();
    {
      RowFolder rows = shared.open();
      CHECK(shared.sound(rows, 2) < 2);
      REQUIRE(shared.told.size() == 1);
      CHECK(shared.told[0].find(file.string() + ": is damaged") == 0);
      write_some(rows, 1, 2);
      CHECK(shared.sound(rows, 2) == 2);
    }
    RowFolder rows = shared.open();
    CHECK(shared.sound(rows, 2) == 2);
    for (const fs::path& other : shared.files())
      if (other != file) fs::remove(other);
  }
}

TEST_CASE("row folder: a process that is killed while it writes leaves what it had finished") {
  Shared shared;
  for (int round = 0; round < 5; ++round) {
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      RowFolder rows = shared.open();
      for (uint64_t n = 1;; ++n) rows.write(key(n), rows_of(n));
    }
    usleep(static_cast<useconds_t>(3000 + 4000 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    RowFolder rows = shared.open();
    uint64_t count = 0;
    while (rows.contains(key(count + 1))) ++count;
    CHECK(shared.sound(rows, count) == static_cast<int64_t>(count));
  }
  CHECK(shared.told.empty());
}

TEST_CASE("row folder: sets that nobody uses go, whole, the longest unused first, when there is no room") {
  Shared shared;
  constexpr int64_t set_bytes = 16 + 5 * 132, most = 3 * set_bytes + 50;
  for (uint64_t set = 1; set <= 3; ++set) {
    RowFolder rows = shared.open(set, most);
    write_some(rows, 1, 5);
    usleep(20'000);  // the clock of files is coarse
  }
  const auto there = [&](uint64_t set) {
    RowFolder rows = shared.open(set, most);
    return shared.sound(rows, 5);
  };
  {
    RowFolder in_use = shared.open(1, most);
    usleep(20'000);
    RowFolder rows = shared.open(4, most);
    write_some(rows, 1, 5);
    CHECK(shared.sound(rows, 5) == 5);
    CHECK(shared.sound(in_use, 5) == 5);
  }
  CHECK(shared.told.empty());
  CHECK(there(3) == 5);
  CHECK(there(1) == 5);
  CHECK(there(4) == 5);
  CHECK(there(2) == 0);
}

TEST_CASE("row folder: where nothing can go, no more is written, which is told once; what is there is read") {
  Shared shared;
  RowFolder rows = shared.open(1, 16 + 3 * 132 + 20);
  write_some(rows, 1, 9);
  CHECK(shared.sound(rows, 9) == 3);
  REQUIRE(shared.told.size() == 1);
  CHECK(shared.told[0].find("holds as much as it may") != std::string::npos);
}

TEST_CASE("row folder: a folder that cannot be one is an error that names it") {
  const ScratchFolder scratch;
  const std::string file = scratch.write("file", "x").string();
  const std::string error = error_of<std::runtime_error>([&] { const RowFolder rows({.folder = file}, key(1)); });
  CHECK(error.find(file) == 0);
  CHECK(error.find('\n') == std::string::npos);
}

}  // namespace thaw
