// SPDX-License-Identifier: Apache-2.0
// Reads, prepares and cuts films.
#include "models/video/film_rows.h"

#include <utility>

#include "models/image/patch_limits.h"
#include "models/image/patches.h"
#include "models/image/picture.h"
#include "models/video/y4m.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/sha256.h"

namespace thaw {

namespace {

void add_to(Sha256& sum, const Film& film) {
  const std::array<int64_t, 3> sizes{film.frames, film.height, film.width};
  sum.add(std::as_bytes(std::span(sizes)));
  sum.add(std::as_bytes(std::span(film.pixels)));
}

Picture picture_of(const Film& film, int64_t frame) {
  const auto begin = film.pixels.begin() + frame * film.frame_bytes();
  return {film.height, film.width, 3, {begin, begin + film.frame_bytes()}};
}

// Of what a model sees of it, where it sees something.
FilmDigest identity_of(const Film& film, const std::string& path, const FilmCutting& cutting) {
  cutting.check_fits(film, path);
  Sha256 sum;
  add_to(sum, film);
  const std::string processor = cutting.processor.to_json().dump();
  sum.add(std::as_bytes(std::span(processor)));
  return sum.digest();
}

}  // namespace

ImageProcessor usual_processor(const FilmLimits& limits) {
  return usual_processor(PatchLimits{.channels = limits.channels,
                                     .patch = limits.block.without(0),
                                     .picture = limits.film.without(0),
                                     .processor = ProcessorKind::vivit});
}

std::vector<SeenRows> seen_sizes(const FilmLimits& limits) {
  const Shape grid = limits.grid();
  return {2, SeenRows{grid, limits.channels * limits.block.numel(), limits.tokens + grid.numel()}};
}

std::vector<int64_t> frames_looked_at(int64_t frames, int64_t count) {
  check(count >= 1 && frames >= count, "{} of {}", count, counted(frames, "frame"));
  std::vector<int64_t> looked_at;
  for (int64_t i = 0; i < count; ++i) looked_at.push_back((2 * i + 1) * frames / (2 * count));
  return looked_at;
}

FilmDigest film_digest(const Film& film) {
  Sha256 sum;
  add_to(sum, film);
  return sum.digest();
}

void FilmCutting::check_fits(const Film& film, std::string_view name) const {
  if (film.frames < limits.film[0])
    fail("{}: has {}, and the model reads {}", name, counted(film.frames, "frame"), limits.film[0]);
  const PictureSize seen = processor.prepared_size({film.height, film.width}, name);
  if (seen != PictureSize{limits.film[1], limits.film[2]})
    fail("{}: its frames become pictures of {} x {} pixels, and the model reads {} x {}", name, seen.height, seen.width,
         limits.film[1], limits.film[2]);
  if (processor.mean.size() > 1) return;
  for (const int64_t frame : frames_looked_at(film.frames, limits.film[0]))
    processor.check_colours(picture_of(film, frame), name);
}

std::vector<float> FilmCutting::blocks(const Film& film, std::string_view name) const {
  check_fits(film, name);
  std::vector<float> pixels;  // [frames, channels, height, width]
  for (const int64_t frame : frames_looked_at(film.frames, limits.film[0])) {
    const PixelValues seen = processor(picture_of(film, frame), name);
    if (seen.channels != limits.channels)
      fail("{}: its processor makes {} channels of it, and the model reads {}", name, seen.channels, limits.channels);
    pixels.insert(pixels.end(), seen.values.begin(), seen.values.end());
  }
  const Shape& sizes = limits.film;
  const PatchedArray array = patches_of_film(pixels, {sizes[0], limits.channels, sizes[1], sizes[2]}, limits.block);
  return patch_numbers(array);
}

FilmRows::FilmRows(std::string path, std::shared_ptr<const FilmCutting> cutting)
    : RowSource(cutting->limits.grid(), cutting->limits.channels * cutting->limits.block.numel()),
      path_(std::move(path)),
      cutting_(std::move(cutting)),
      identity_(identity_of(read_y4m(path_), path_, *cutting_)) {}

std::vector<float> FilmRows::numbers() const {
  const Film film = read_y4m(path_);
  if (identity_of(film, path_, *cutting_) != identity_) fail("{}: has changed since it was read first", path_);
  return cutting_->blocks(film, path_);
}

}  // namespace thaw
