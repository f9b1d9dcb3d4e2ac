// SPDX-License-Identifier: Apache-2.0
// A picture as the patches that a model reads of it.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/image/picture.h"
#include "models/image/processor.h"
#include "models/input/row_source.h"
#include "tensor/shape.h"

namespace thaw {

using PictureDigest = std::array<std::byte, 32>;

// How pictures become patches.
struct PictureCutting {
  ImageProcessor processor;
  Shape patch;           // [height, width]
  int64_t channels = 3;  // of what the model reads

  // The patches of a picture [N, channels * height * width], N of the grid. std::runtime_error that begins with `name`:
  // what is made of it has other channels, or is smaller than a patch.
  std::vector<float> patches(const Picture& picture, std::string_view name) const;
  // [height, width], in patches, of pictures of such a size; errors as those of patches().
  Shape grid(PictureSize of, std::string_view name) const;
};

// A SHA-256 of what it shows: pictures of one digest have the same pixels, whatever their files are.
PictureDigest picture_digest(const Picture& picture);

class PictureRows : public RowSource {
 public:
  // A file, which is read now to see whether it is a picture and which, and again whenever its numbers are asked for.
  // std::runtime_error that names it, as of read_picture() and of PictureCutting: later reads find nothing new.
  PictureRows(std::string path, std::shared_ptr<const PictureCutting> cutting);
  // One in memory; `name` stands for the path in messages.
  PictureRows(std::shared_ptr<const Picture> picture, std::string name, std::shared_ptr<const PictureCutting> cutting);

  // std::runtime_error, too, if the file is another picture than before.
  std::vector<float> numbers() const override;
  std::span<const std::byte> identity() const override { return identity_; }
  std::string name() const override { return name_; }

 private:
  struct Looked {
    Shape grid;
    PictureDigest identity;
  };
  PictureRows(Looked looked, std::shared_ptr<const Picture> picture, std::string name,
              std::shared_ptr<const PictureCutting> cutting);
  static Looked look_at(const Picture& picture, std::string_view name, const PictureCutting& cutting);

  std::shared_ptr<const Picture> picture_;  // null: in the file of that name
  std::string name_;
  std::shared_ptr<const PictureCutting> cutting_;
  PictureDigest identity_;
};

}  // namespace thaw
