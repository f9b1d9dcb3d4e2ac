// SPDX-License-Identifier: Apache-2.0
// Films that were cut off or changed byte by byte are films, or one line.
#include <doctest/doctest.h>

#include <map>
#include <stdexcept>
#include <string>

#include "models/video/y4m.h"

using namespace thaw;

namespace {

enum class Outcome { film, line, wrong };

Outcome outcome(const std::string& bytes) {
  try {
    const Film film = parse_y4m(bytes, "file");
    return film.frames > 0 && std::ssize(film.pixels) == film.frames * film.frame_bytes() ? Outcome::film
                                                                                          : Outcome::wrong;
  } catch (const std::runtime_error& error) {
    const std::string line = error.what();
    return line.starts_with("file: ") && line.size() < 300 && line.find('\n') == line.npos ? Outcome::line
                                                                                           : Outcome::wrong;
  }
}

const std::string frame = "FRAME\n" + std::string(12 + 2 * 4, 'x');
const std::string good = "YUV4MPEG2 W4 H3 F25:1 Ip A1:1 C420jpeg XYSCSS=420JPEG\n" + frame + frame;

}  // namespace

TEST_CASE("damaged films: cut off anywhere") {
  REQUIRE(outcome(good) == Outcome::film);
  for (size_t size = 0; size < good.size(); ++size) {
    CAPTURE(size);
    CHECK(outcome(good.substr(0, size)) == (size == good.size() - frame.size() ? Outcome::film : Outcome::line));
  }
}

TEST_CASE("damaged films: any byte any other one") {
  std::map<Outcome, int> counts;
  for (size_t i = 0; i < good.size(); ++i)
    for (int byte = 0; byte < 256; ++byte) {
      std::string damaged = good;
      damaged[i] = static_cast<char>(byte);
      ++counts[outcome(damaged)];
    }
  CHECK(counts[Outcome::wrong] == 0);
  CHECK(counts[Outcome::line] > 0);
  CHECK(counts[Outcome::film] > 0);
}
