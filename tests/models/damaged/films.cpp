// SPDX-License-Identifier: Apache-2.0
// Films, and what their first line can promise.
#include <string>
#include <vector>

#include "models/video/y4m.h"
#include "tests/models/damaged/kind_of_file.h"

namespace thaw {
namespace {

std::string content(const std::string& path) {
  const Film film = read_y4m(path);
  return std::to_string(film.frames) + "x" + std::to_string(film.height) + memory_of(film.pixels);
}

}  // namespace

std::vector<KindOfFile> film_kinds() {
  const std::string frame = "FRAME\n" + std::string(6 * 4 + 2 * 6, 'f'), frames = frame + frame + frame;
  KindOfFile kind{.name = "y4m",
                  .whole = "YUV4MPEG2 W6 H4 F25:1 Ip A1:1 C420jpeg\n" + frames,
                  .unpacked = 16,  // a frame of one pixel, "FRAME\nx", is 3 bytes and where they are
                  .read = content,
                  .cut = AfterDamage::anything,  // whole frames are a film
                  .longer = AfterDamage::refused};
  for (const char* line : {"W0 H4",
                           "W6 H0",
                           "W6",
                           "H4",
                           "W-6 H4",
                           "W6 H4 W6",
                           "W7 H4 C444",
                           "W6 H4 C444",
                           "W16384 H16384",
                           "W99999999999999999999 H4",
                           "W2147483647 H2147483647",
                           "W6 H4 F1:0",
                           "W6 H4 F-1:1",
                           "W6 H4 F25",
                           "W6 H4 F99999999999:1",
                           "W6 H4 It",
                           "W6 H4 C420p10",
                           "W6 H4 C",
                           "W6 H4 Q1",
                           "W1 H1"})
    kind.own.push_back({"the line " + std::string(line), "YUV4MPEG2 " + std::string(line) + "\n" + frames});
  const std::string first_line = "YUV4MPEG2 W6 H4\n";
  kind.own.push_back({"no frames", first_line});
  kind.own.push_back({"no line's end", "YUV4MPEG2 W6 H4 X" + std::string(100'000, 'x')});
  kind.own.push_back({"a frame's line without an end", first_line + "FRAME " + std::string(100'000, 'x')});
  kind.own.push_back({"fields of a frame", first_line + "FRAME Ixyz\n" + frame.substr(6), AfterDamage::anything});
  kind.own.push_back({"an odd field", "YUV4MPEG2 W6 H4 F25:1 XODD=\x01\xFF\n" + frames, AfterDamage::same});
  return {kind};
}

}  // namespace thaw
