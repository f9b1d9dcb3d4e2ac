// SPDX-License-Identifier: Apache-2.0
// A film as the blocks of frames that a model reads of it (ViViT's tubelets).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/image/processor.h"
#include "models/input/row_source.h"
#include "models/input/seen_rows.h"
#include "models/video/film.h"
#include "models/video/film_limits.h"

namespace thaw {

// A model's usual processor, in the size of its films.
ImageProcessor usual_processor(const FilmLimits& limits);

// Of a film of the one size that a model reads, twice.
std::vector<SeenRows> seen_sizes(const FilmLimits& limits);

// Which of a film's frames are looked at where `count` are: the middle ones of so many equal parts, (2 i + 1) frames /
// (2 count) rounded down; each one where there are no more. std::invalid_argument if there are less.
std::vector<int64_t> frames_looked_at(int64_t frames, int64_t count);

using FilmDigest = std::array<std::byte, 32>;
// A SHA-256 of what it shows: films of one digest have the same pixels in all frames, whatever their files are.
FilmDigest film_digest(const Film& film);

// How films become blocks: each frame that is looked at by the processor, then blocks of frames.
struct FilmCutting {
  ImageProcessor processor;
  FilmLimits limits;

  // [N, channels * frames * height * width], N of limits.grid(). std::runtime_error that begins with `name`: the film
  // has less frames than the model reads, or the processor makes other sizes or channels of them.
  std::vector<float> blocks(const Film& film, std::string_view name) const;
  // The same errors, and those of ImageProcessor, without making numbers.
  void check_fits(const Film& film, std::string_view name) const;
};

class FilmRows : public RowSource {
 public:
  // A file, which is read now to see whether it is a film and which, and again whenever its numbers are asked for.
  // std::runtime_error that names it, as of read_y4m() and of FilmCutting.
  FilmRows(std::string path, std::shared_ptr<const FilmCutting> cutting);

  // std::runtime_error, too, if the file is another film than before.
  std::vector<float> numbers() const override;
  std::span<const std::byte> identity() const override { return identity_; }
  std::string name() const override { return path_; }

 private:
  std::string path_;
  std::shared_ptr<const FilmCutting> cutting_;
  FilmDigest identity_;
};

}  // namespace thaw
