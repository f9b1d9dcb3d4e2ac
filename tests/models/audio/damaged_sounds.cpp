// SPDX-License-Identifier: Apache-2.0
// Sounds that were cut off or changed byte by byte are sounds, or one line.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "models/audio/sound.h"
#include "tests/file_bytes.h"
#include "tests/models/audio/wav_bytes.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

enum class Outcome { sound, line, wrong };

Outcome outcome(const std::string& bytes) {
  try {
    const Sound sound = parse_sound(bytes, "file");
    const bool good = !sound.samples.empty() && sound.sample_rate > 0 &&
                      std::ranges::all_of(sound.samples, [](float x) { return std::isfinite(x); });
    return good ? Outcome::sound : Outcome::wrong;
  } catch (const std::runtime_error& error) {
    const std::string line = error.what();
    return line.starts_with("file: ") && line.size() < 300 && line.find('\n') == line.npos ? Outcome::line
                                                                                           : Outcome::wrong;
  }
}

std::map<std::string, std::string> small_sounds() {
  const std::string folder = (source_folder() / "tests/models/audio/sounds").string();
  const std::vector<float> numbers(100, .5F);
  return {{"integers", wav_bytes({.channels = 2}, std::string(400, 'x'))},
          {"floats", wav_bytes({.format = 3, .channels = 2, .bits = 32}, bytes_of(numbers))},
          {"flac", read_bytes(folder + "/tone.flac")},
          {"ogg", read_bytes(folder + "/tone.ogg")}};
}

}  // namespace

TEST_CASE("damaged sounds: cut off anywhere") {
  if (!reads_sounds()) return;
  for (const auto& [name, bytes] : small_sounds()) {
    std::map<Outcome, int> counts;
    for (size_t size = 0; size < bytes.size(); size += size < 64 ? 1 : 13) ++counts[outcome(bytes.substr(0, size))];
    const std::string& kind = name;
    CAPTURE(kind);
    CHECK(counts[Outcome::wrong] == 0);
    CHECK(counts[Outcome::line] > 0);
  }
  const std::string flac = small_sounds().at("flac");
  CHECK(outcome(flac.substr(0, flac.size() / 2)) == Outcome::line);
}

TEST_CASE("damaged sounds: any byte another one") {
  if (!reads_sounds()) return;
  for (const auto& [name, bytes] : small_sounds()) {
    std::map<Outcome, int> counts;
    for (size_t i = 0; i < bytes.size(); i += i < 64 ? 1 : 5)
      for (const int change : {0x01, 0x80, 0xFF}) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ change);
        ++counts[outcome(damaged)];
      }
    const std::string& kind = name;
    CAPTURE(kind);
    CHECK(counts[Outcome::wrong] == 0);
    CHECK(counts[Outcome::line] > 0);
    if (name != "ogg") CHECK(counts[Outcome::sound] > 0);  // whose pages have check sums
  }
}
