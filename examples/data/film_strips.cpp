// SPDX-License-Identifier: Apache-2.0
// Frames side by side.
#include "examples/data/film_strips.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "examples/data/scene_files.h"
#include "models/data/table.h"
#include "models/image/picture.h"
#include "models/video/y4m.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

// Each pixel as a square of so many; between two frames a grey line as wide.
constexpr int64_t magnified = 4;
constexpr uint8_t grey = 128;

int64_t strip_height(const Film& film) { return magnified * film.height; }
int64_t strip_width(const Film& film) { return magnified * (film.frames * (film.width + 1) - 1); }

// The frames side by side [strip_height, strip_width, 3].
std::vector<uint8_t> strip_of(const Film& film) {
  std::vector<uint8_t> pixels;
  for (int64_t y = 0; y < strip_height(film); ++y)
    for (int64_t x = 0; x < strip_width(film); ++x) {
      const int64_t frame = x / magnified / (film.width + 1), column = x / magnified % (film.width + 1);
      const int64_t at = frame * film.frame_bytes() + 3 * (y / magnified * film.width + column);
      for (int64_t part = at; part < at + 3; ++part)
        pixels.push_back(column == film.width ? grey : film.pixels[static_cast<size_t>(part)]);
    }
  return pixels;
}

bool can_name_file(const std::string& label) {
  return !label.empty() && label.find_first_of(std::string_view("/\0", 2)) == label.npos;
}

}  // namespace

std::string write_film_strips(const fs::path& table, const fs::path& output) {
  ParentDirectories parents(output.string());
  AtomicDirectory folder(output.string());
  std::set<std::string> shown;
  TableReader rows(table, {.columns = {"video", "label"}});
  for (TableRow row; rows.next(row);) {
    const std::string &video = row.cells[0], &label = row.cells[1];
    if (!shown.insert(label).second) continue;
    if (!can_name_file(label)) fail("{}: the label {} is no name of a file", rows.where(row), quote(label));
    const Film film = read_y4m((table.parent_path() / video).string());
    if (strip_width(film) > max_picture_pixels / strip_height(film))
      fail("{}: is too large a film for a picture", rows.where(row));
    write_picture(fs::path(folder.path()) / (label + std::string(picture_extension)), strip_of(film),
                  static_cast<int>(strip_height(film)), static_cast<int>(strip_width(film)));
  }
  if (shown.empty()) fail("{}: has no rows below its header", table.string());
  folder.commit();
  parents.commit();
  return fmt::format("{}: {} pictures\n", output.string(), shown.size());
}

}  // namespace thaw
