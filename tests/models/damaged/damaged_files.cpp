// SPDX-License-Identifier: Apache-2.0
// Hundreds of damaged files of every kind: a reader takes what the file was meant to hold or refuses it in one line,
// and takes no more memory than the file's bytes can stand for.
#include <doctest/doctest.h>
#include <malloc.h>

#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/models/damaged/kind_of_file.h"
#include "tests/models/damaged/memory_limit.h"
#include "tests/models/damaged/peak_memory.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// Beside what is made of the file's bytes: a decoder's own tables and blocks.
constexpr size_t least_memory = size_t{16} << 20;

struct Outcome {
  std::string content, line;  // one of them

  bool operator==(const Outcome&) const = default;
};

Outcome outcome(const KindOfFile& kind, const std::string& path) {
  try {
    return {kind.read(path), ""};
  } catch (const std::runtime_error& error) {
    return {"", error.what()};
  } catch (const std::bad_alloc&) {
    return {"", "no memory"};
  }
}

// With little memory a decoder may pass over what it has none for: it shall not ask for more, nor fill more.
void check_memory(const KindOfFile& kind, const std::string& path, const Outcome& expected, size_t bytes) {
  if (!limits_memory) return;
  const size_t most = least_memory + kind.unpacked * bytes;
  const PeakMemory peak;
  CHECK((outcome(kind, path) == expected));
  CHECK(peak.grown() <= most);
  const MemoryLimit limit(most);
  CHECK((outcome(kind, path) == expected));
}

void check_line(const std::string& line, const std::string& path) {
  CHECK(line.starts_with(path + ": "));
  CHECK(line.find('\n') == line.npos);
  CHECK(line.size() < path.size() + 300);
}

void check_outcome(const Outcome& outcome, const std::string& path, const FileDamage& damage,
                   const std::string& whole) {
  if (!outcome.line.empty()) check_line(outcome.line, path);
  switch (damage.expected) {
    case AfterDamage::refused: CHECK(!outcome.line.empty()); break;
    case AfterDamage::same: CHECK_MESSAGE(outcome.content == whole, outcome.line); break;
    case AfterDamage::same_or_refused: CHECK((!outcome.line.empty() || outcome.content == whole)); break;
    case AfterDamage::beginning: CHECK_MESSAGE(outcome.content == whole.substr(0, damage.held), outcome.line); break;
    case AfterDamage::anything: break;
  }
}

// How many damaged files there were.
size_t check_kind(const KindOfFile& kind) {
  CAPTURE(kind.name);
  const ScratchFolder folder;
  const std::string whole = kind.read(folder.write("whole." + kind.name, kind.whole).string());
  REQUIRE(!whole.empty());
  const std::vector<FileDamage> damages = damages_of(kind);
  for (const FileDamage& damage : damages) {
    CAPTURE(damage.what);
    const std::string path = folder.write("damaged." + kind.name, damage.bytes).string();
    const Outcome found = outcome(kind, path);
    check_outcome(found, path, damage, whole);
    check_memory(kind, path, found, damage.bytes.size() - damage.passed_over);
  }
  return damages.size();
}

}  // namespace

TEST_CASE("damaged files: pictures") {
  size_t files = 0;
  for (const KindOfFile& kind : picture_kinds()) files += check_kind(kind);
  CHECK(files > 100);
}

TEST_CASE("damaged files: sounds") {
  size_t files = 0;
  const std::vector<KindOfFile> kinds = sound_kinds();
  if (kinds.empty()) MESSAGE("skipped: thaw was built without libsndfile");
  for (const KindOfFile& kind : kinds) files += check_kind(kind);
  CHECK(files >= 50 * kinds.size());
}

TEST_CASE("damaged files: films") {
  size_t files = 0;
  for (const KindOfFile& kind : film_kinds()) files += check_kind(kind);
  CHECK(files > 50);
}

TEST_CASE("damaged files: who asks for too much memory is held, and who fills it is seen") {
  if (!limits_memory) return;
  const size_t size = (size_t{64} << 20) + mallinfo2().fordblks;  // no hole that other tests left can hold it
  const auto fill = [size] { return std::vector<char>(size, 'x').back(); };
  const PeakMemory peak;
  CHECK(peak.grown() < size / 2);
  CHECK(fill() == 'x');
  CHECK(peak.grown() >= size / 2);
  const MemoryLimit limit(size / 2);
  CHECK_THROWS_AS(fill(), std::bad_alloc);
}
