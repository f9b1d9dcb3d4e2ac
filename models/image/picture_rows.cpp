// SPDX-License-Identifier: Apache-2.0
// Reads, prepares and cuts pictures.
#include "models/image/picture_rows.h"

#include <utility>

#include "models/image/patches.h"
#include "models/image/picture_file.h"
#include "tensor/check.h"
#include "tensor/io/sha256.h"

namespace thaw {

namespace {

PictureSize size_of(const Picture& picture) { return {picture.height, picture.width}; }

void add_to(Sha256& sum, const Picture& picture) {
  const std::array<int64_t, 3> sizes{picture.height, picture.width, picture.channels};
  sum.add(std::as_bytes(std::span(sizes)));
  sum.add(std::as_bytes(std::span(picture.pixels)));
}

}  // namespace

PictureDigest picture_digest(const Picture& picture) {
  Sha256 sum;
  add_to(sum, picture);
  return sum.digest();
}

Shape PictureCutting::grid(PictureSize of, std::string_view name) const {
  const PictureSize seen = processor.prepared_size(of, name);
  if (seen.height < patch[0] || seen.width < patch[1])
    fail("{}: the model sees {} x {} pixels of it, which are less than a patch of {} x {}", name, seen.height,
         seen.width, patch[0], patch[1]);
  return {seen.height / patch[0], seen.width / patch[1]};
}

std::vector<float> PictureCutting::patches(const Picture& picture, std::string_view name) const {
  const PixelValues seen = processor(picture, name);
  if (seen.channels != channels)
    fail("{}: its processor makes {} channels of it, and the model reads {}", name, seen.channels, channels);
  const PatchedArray array = patches_of_picture(seen.values, {seen.channels, seen.height, seen.width}, patch);
  return patch_numbers(array);
}

PictureRows::Looked PictureRows::look_at(const Picture& picture, std::string_view name, const PictureCutting& cutting) {
  cutting.processor.check_colours(picture, name);
  Sha256 sum;
  add_to(sum, picture);
  const std::string processor = cutting.processor.to_json().dump();
  sum.add(std::as_bytes(std::span(processor)));
  return {cutting.grid(size_of(picture), name), sum.digest()};
}

PictureRows::PictureRows(Looked looked, std::shared_ptr<const Picture> picture, std::string name,
                         std::shared_ptr<const PictureCutting> cutting)
    : RowSource(looked.grid, cutting->channels * cutting->patch.numel()),
      picture_(std::move(picture)),
      name_(std::move(name)),
      cutting_(std::move(cutting)),
      identity_(looked.identity) {}

PictureRows::PictureRows(std::string path, std::shared_ptr<const PictureCutting> cutting)
    : PictureRows(look_at(read_picture(path), path, *cutting), nullptr, path, cutting) {}

PictureRows::PictureRows(std::shared_ptr<const Picture> picture, std::string name,
                         std::shared_ptr<const PictureCutting> cutting)
    : PictureRows(look_at(*picture, name, *cutting), picture, std::move(name), cutting) {}

std::vector<float> PictureRows::numbers() const {
  if (picture_) return cutting_->patches(*picture_, name_);
  const Picture picture = read_picture(name_);
  if (look_at(picture, name_, *cutting_).identity != identity_) fail("{}: has changed since it was read first", name_);
  return cutting_->patches(picture, name_);
}

}  // namespace thaw
