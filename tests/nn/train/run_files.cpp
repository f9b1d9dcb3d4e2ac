// SPDX-License-Identifier: Apache-2.0
// The files of a run: event file framing, log.jsonl cut back on resume, the lock.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "nn/train/event_file.h"
#include "nn/train/run_lock.h"
#include "nn/train/run_log.h"
#include "tensor/io/crc32c.h"
#include "tensor/io/json.h"
#include "tests/scratch_folder.h"

using namespace thaw;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

uint64_t little_endian(const std::string& bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i)
    value |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  return value;
}

// The records of the one event file in a folder; checks the frames' checksums.
std::vector<std::string> event_records(const fs::path& directory) {
  fs::path file;
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) file = entry.path();
  const std::string bytes = content(file);
  std::vector<std::string> records;
  for (size_t at = 0; at < bytes.size(); at += 16 + records.back().size()) {
    const uint64_t length = little_endian(bytes, at, 8);
    REQUIRE(at + 16 + length <= bytes.size());
    CHECK(little_endian(bytes, at + 8, 4) == masked_crc32c(bytes.substr(at, 8)));
    records.push_back(bytes.substr(at + 12, length));
    CHECK(little_endian(bytes, at + 12 + length, 4) == masked_crc32c(records.back()));
  }
  return records;
}

}  // namespace

TEST_CASE("event file: frames that a TFRecord reader accepts") {
  const ScratchFolder dir;
  {
    EventFile events(dir.path());
    events.scalar("train/loss", 12, 0.5f, 1000.25);
  }
  const auto records = event_records(dir.path());
  REQUIRE(records.size() == 2);
  CHECK(records[0].find("brain.Event:2") != std::string::npos);
  CHECK(records[1].find("train/loss") != std::string::npos);
  CHECK(records[1].find(std::string("\x10\x0c", 2)) != std::string::npos);  // field 2, varint 12
  CHECK(records[1].ends_with(std::string("\x15\x00\x00\x00\x3f", 5)));      // field 2, float 0.5
}

TEST_CASE("event file: a resumed run tells from which step on the former files are void") {
  const ScratchFolder dir;
  { EventFile events(dir.path(), 300); }
  const auto records = event_records(dir.path());
  REQUIRE(records.size() == 2);
  CHECK(records[1].ends_with(std::string("\x10\xac\x02\x3a\x02\x08\x01", 7)));  // step 300; session log {status: start}
}

TEST_CASE("run log: lines can be parsed, and a resumed run cuts off what came after its checkpoint") {
  const ScratchFolder dir;
  {
    RunLog log(dir.path(), -1);
    for (int64_t step = 1; step <= 5; ++step) log.write("train", step, {{"loss", 1.0 / static_cast<double>(step)}});
    log.write("eval", 5, {{"loss", std::nan("")}});
  }
  std::ofstream(dir.path() / "log.jsonl", std::ios::app) << "{\"event\": \"tra";  // killed in the middle of a line
  {
    RunLog log(dir.path(), 3);
    log.write("train", 4, {{"loss", 9}});
  }
  CHECK(event_records(dir.path()).size() >= 3);
  std::istringstream lines(content(dir.path() / "log.jsonl"));
  std::vector<int64_t> steps;
  for (std::string line; std::getline(lines, line);) steps.push_back(Json::parse(line, "log").get_int("step"));
  CHECK(steps == std::vector<int64_t>{1, 2, 3, 4});
}

TEST_CASE("run lock: a second run is refused while the first lives") {
  const ScratchFolder dir;
  {
    const RunLock lock(dir.path() / "run");
    CHECK_THROWS_WITH_AS(RunLock(dir.path() / "run"), doctest::Contains("another run (process "), std::runtime_error);
  }
  const RunLock again(dir.path() / "run");
}
