// SPDX-License-Identifier: Apache-2.0
// Opens a directory's image processor.
#include "models/tasks/picture_encoder.h"

#include <fmt/format.h>

#include <utility>

#include "models/image/patch_embeddings.h"
#include "models/image/picture_file.h"
#include "models/input/preprocessor_file.h"
#include "models/tasks/checksum.h"
#include "models/tasks/in_row.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// Counts pictures that positions are resized for.
class PictureNotes : public RowNotes {
 public:
  explicit PictureNotes(const PatchLimits& limits) : limits_(limits) {}

  void add(const InputRow&, const Encoding& encoding) override {
    ++pictures_;
    others_ += encoding.rows->grid() != limits_.grid();
  }
  std::vector<std::string> lines() const override {
    if (others_ == 0) return {};
    return {
        fmt::format("{} of {} pictures {} seen in another size than {} x {}, which the model's positions are made for: "
                    "they are resized",
                    others_, pictures_, others_ == 1 ? "is" : "are", limits_.picture[0], limits_.picture[1])};
  }

 private:
  PatchLimits limits_;
  int64_t pictures_ = 0, others_ = 0;
};

ImageProcessor processor_for(const std::string& directory, const PatchLimits& limits) {
  const auto own = find_image_processor(directory, limits.processor);
  if (own && std::ssize(own->mean) != limits.channels)
    fail(
        "{}: its preprocessor_config.json makes numbers of {} channels (image_mean and image_std have one for each), "
        "and "
        "the model reads {} (num_channels)",
        directory, own->mean.size(), limits.channels);
  return own ? *own : usual_processor(limits);
}

}  // namespace

Picture picture_of(const InputRow& row) {
  if (row.picture) return *row.picture;
  return in_row(row, [&] { return read_picture(path_of(row)); });
}

PictureEncoder::PictureEncoder(const std::string& directory, const PatchLimits& limits)
    : limits_(limits),
      cutting_(std::make_shared<PictureCutting>(
          PictureCutting{processor_for(directory, limits), limits.patch, limits.channels})),
      files_(std::make_shared<PreprocessorFile>(cutting_->processor.to_json())) {}

Encoding PictureEncoder::encode(const InputRow& row) const {
  return in_row(row, [&] {
    auto rows = row.picture ? std::make_shared<PictureRows>(row.picture, row.where, cutting_)
                            : std::make_shared<PictureRows>(path_of(row), cutting_);
    return encoding_of_patches(std::move(rows), limits_.tokens);
  });
}

Encoding PictureEncoder::longest() const {
  const PictureSize size = cutting_->processor.largest_picture({limits_.picture[0], limits_.picture[1]});
  Shape grid = cutting_->grid(size, "a picture");
  if (limits_.readable(grid) != grid) grid = {1, limits_.most};
  const int64_t width = limits_.channels * limits_.patch.numel();
  const std::vector<float> numbers(static_cast<size_t>(grid.numel() * width));
  return encoding_of_patches(std::make_shared<RowsInMemory>(numbers, grid, width), limits_.tokens);
}

void PictureEncoder::show(const Encoding& example, ShownExample& shown) const {
  const Shape& grid = example.rows->grid();
  shown.text = fmt::format("a picture of {} x {} patches of {} x {} pixels", grid[0], grid[1], limits_.patch[0],
                           limits_.patch[1]);
}

// ViLT's pictures have sizes of their own.
std::unique_ptr<RowNotes> PictureEncoder::notes() const {
  if (limits_.processor == ProcessorKind::vilt) return std::make_unique<NoRowNotes>();
  return std::make_unique<PictureNotes>(limits_);
}

Fingerprint PictureEncoder::identity() const {
  return {{PreprocessorFile::file_name, checksum_text(crc32c(files_->files()[0].content))}};
}

}  // namespace thaw
