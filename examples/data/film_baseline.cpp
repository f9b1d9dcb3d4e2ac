// SPDX-License-Identifier: Apache-2.0
// Brightness of pixels as rows of numbers.
#include "examples/data/film_baseline.h"

#include <optional>
#include <vector>

#include "examples/data/baseline.h"
#include "examples/data/labelled_texts.h"
#include "examples/data/sparse.h"
#include "models/video/y4m.h"
#include "tensor/check.h"
#include "tensor/counted.h"

namespace thaw {
namespace {

constexpr double closeness = 0.1;  // C: the inverse of the penalty

// Sizes that all films have.
struct FilmSizes {
  int64_t frames = 0, height = 0, width = 0;

  bool operator==(const FilmSizes&) const = default;
};

struct FilmTable {
  std::vector<std::string> labels;
  SparseMatrix first_frames, changes;
};

// The mean of red, green and blue, from 0 to 1.
double brightness(const Film& film, int64_t frame, int64_t pixel) {
  const uint8_t* at = film.pixels.data() + frame * film.frame_bytes() + 3 * pixel;
  return (at[0] + at[1] + at[2]) / 765.0;
}

std::vector<SparseEntry> first_frame(const Film& film) {
  std::vector<SparseEntry> row;
  for (int64_t pixel = 0; pixel < film.height * film.width; ++pixel)
    row.push_back({static_cast<int>(pixel), brightness(film, 0, pixel)});
  return row;
}

// From each frame to the next one, pixel by pixel, where there is any.
std::vector<SparseEntry> changes(const Film& film) {
  std::vector<SparseEntry> row;
  const int64_t pixels = film.height * film.width;
  for (int64_t frame = 1; frame < film.frames; ++frame)
    for (int64_t pixel = 0; pixel < pixels; ++pixel)
      if (const double change = brightness(film, frame, pixel) - brightness(film, frame - 1, pixel); change != 0)
        row.push_back({static_cast<int>((frame - 1) * pixels + pixel), change});
  return row;
}

FilmTable read_films(const std::filesystem::path& file, const std::string& label_column,
                     std::optional<FilmSizes>& sizes) {
  const LabelledTexts rows = labelled_texts(read_table(file), file, "video", label_column);
  FilmTable table{.labels = rows.labels, .first_frames = {}, .changes = {}};
  for (const std::string& video : rows.texts) {
    const std::string path = (file.parent_path() / video).string();
    const Film film = read_y4m(path);
    const FilmSizes own{film.frames, film.height, film.width};
    if (!sizes) sizes = own;
    if (own != *sizes)
      fail("{}: has {} of {} x {} pixels, and others have {} of {} x {}", path, counted(own.frames, "frame"),
           own.height, own.width, sizes->frames, sizes->height, sizes->width);
    if (own.frames > INT32_MAX / (own.height * own.width)) fail("{}: is too long a film", path);
    table.first_frames.rows.push_back(first_frame(film));
    table.changes.rows.push_back(changes(film));
  }
  table.first_frames.columns = static_cast<int>(sizes->height * sizes->width);
  table.changes.columns = static_cast<int>(sizes->frames - 1) * table.first_frames.columns;
  return table;
}

}  // namespace

FilmBaselines film_baselines(const std::filesystem::path& train, const std::filesystem::path& test,
                             const std::string& label_column) {
  std::optional<FilmSizes> sizes;
  const FilmTable learnt = read_films(train, label_column, sizes), judged = read_films(test, label_column, sizes);
  const auto accuracy = [&](const SparseMatrix& from, const SparseMatrix& of) {
    return linear_accuracy(from, learnt.labels, of, judged.labels, closeness);
  };
  return {.majority = share_of(judged.labels, majority_label(learnt.labels)),
          .first_frame = accuracy(learnt.first_frames, judged.first_frames),
          .changes = accuracy(learnt.changes, judged.changes)};
}

}  // namespace thaw
