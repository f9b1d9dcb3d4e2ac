// SPDX-License-Identifier: Apache-2.0
// Films, and what their first line can promise.
#include <string>
#include <vector>

#include "models/video/y4m.h"
#include "tests/models/damaged/kind_of_file.h"

namespace thaw {
namespace {

// Of a film's first frames this is the beginning.
std::string content(const std::string& path) {
  const Film film = read_y4m(path);
  return std::to_string(film.height) + "x" + std::to_string(film.width) + memory_of(film.pixels);
}

}  // namespace

std::vector<KindOfFile> film_kinds() {
  const std::string line_of_file = "YUV4MPEG2 W6 H4 F25:1 Ip A1:1 C420jpeg\n";
  std::string frame = "FRAME\n", frames;
  for (char byte = 0; byte < 6 * 4 + 2 * 6; ++byte) frame += static_cast<char>(60 + byte);
  constexpr size_t count = 3, held_by_frame = 6 * 4 * 3;
  std::vector<WholePart> parts;
  for (size_t i = 1; i <= count; ++i) {
    frames += frame;
    frame[10] = static_cast<char>(frame[10] + 20);  // no two frames show the same
    if (i < count)
      parts.push_back({line_of_file.size() + frames.size(), std::string("4x6").size() + i * held_by_frame});
  }
  KindOfFile kind{.name = "y4m",
                  .whole = line_of_file + frames,
                  .unpacked = 16,  // a frame of one pixel, "FRAME\nx", is 3 bytes and where they are
                  .read = content,
                  .longer = AfterDamage::refused,
                  .parts = parts};
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
