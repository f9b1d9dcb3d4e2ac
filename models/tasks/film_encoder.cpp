// SPDX-License-Identifier: Apache-2.0
// Opens a directory's image processor, for the frames of films.
#include "models/tasks/film_encoder.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "models/image/patch_embeddings.h"
#include "models/input/preprocessor_file.h"
#include "models/tasks/checksum.h"
#include "models/tasks/in_row.h"
#include "models/video/y4m.h"
#include "tensor/check.h"

namespace thaw {

namespace {

ImageProcessor processor_for(const std::string& directory, const FilmLimits& limits) {
  const Shape& film = limits.film;
  if (film[1] > most_film_side || film[2] > most_film_side || film[0] > most_film_bytes / (3 * film[1] * film[2]))
    fail("{}: its model reads films of {} frames of {} x {} pixels, and films in files are no larger than {} bytes",
         directory, film[0], film[1], film[2], most_film_bytes);
  const auto own = find_image_processor(directory, ProcessorKind::vivit);
  if (!own) return usual_processor(limits);
  if (std::ssize(own->mean) != limits.channels)
    fail("{}: its preprocessor_config.json makes numbers of {} channels, and the model reads {}", directory,
         own->mean.size(), limits.channels);
  if (const auto size = own->fixed_size(); size && *size != PictureSize{film[1], film[2]})
    fail("{}: its preprocessor_config.json makes frames of {} x {} pixels, and the model reads {} x {}", directory,
         size->height, size->width, film[1], film[2]);
  return *own;
}

}  // namespace

Film film_of(const InputRow& row) {
  return in_row(row, [&] { return read_y4m(path_of(row)); });
}

FilmEncoder::FilmEncoder(const std::string& directory, const FilmLimits& limits)
    : cutting_(std::make_shared<FilmCutting>(FilmCutting{processor_for(directory, limits), limits})),
      files_(std::make_shared<PreprocessorFile>(cutting_->processor.to_json())) {}

Encoding FilmEncoder::encode(const InputRow& row) const {
  return in_row(row, [&] {
    return encoding_of_patches(std::make_shared<FilmRows>(path_of(row), cutting_), cutting_->limits.tokens);
  });
}

Encoding FilmEncoder::longest() const {
  const FilmLimits& limits = cutting_->limits;
  const Shape grid = limits.grid();
  const int64_t width = limits.channels * limits.block.numel();
  std::vector<float> numbers(static_cast<size_t>(grid.numel() * width));
  return encoding_of_patches(std::make_shared<RowsInMemory>(std::move(numbers), grid, width), limits.tokens);
}

void FilmEncoder::show(const Encoding& example, ShownExample& shown) const {
  const Shape &grid = example.rows->grid(), &block = cutting_->limits.block;
  shown.text = fmt::format("a film of {} x {} x {} blocks of {} frames of {} x {} pixels", grid[0], grid[1], grid[2],
                           block[0], block[1], block[2]);
}

std::unique_ptr<RowNotes> FilmEncoder::notes() const { return std::make_unique<NoRowNotes>(); }

Fingerprint FilmEncoder::identity() const {
  return {{PreprocessorFile::file_name, checksum_text(crc32c(files_->files()[0].content))}};
}

}  // namespace thaw
