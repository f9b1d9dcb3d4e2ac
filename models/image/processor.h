// SPDX-License-Identifier: Apache-2.0
// What a model sees of a picture: resized, cut, as numbers around 0, as its preprocessor_config.json says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/image/picture.h"
#include "models/image/resize.h"
#include "tensor/io/json.h"

namespace thaw {

// The reference library's classes ViTImageProcessor, CLIPImageProcessor, ViltImageProcessor, VivitImageProcessor.
enum class ProcessorKind { vit, clip, vilt, vivit };

struct PictureSize {
  int64_t height = 0, width = 0;

  bool operator==(const PictureSize&) const = default;
};

struct PixelValues {
  int64_t channels = 0, height = 0, width = 0;
  std::vector<float> values;  // [channels, height, width]
};

struct ImageProcessor {
  ProcessorKind kind = ProcessorKind::vit;

  // Resized to `size`; or, where there is a shortest edge, so that this is the shorter side, in the picture's own
  // proportions. ViLT: the longer side is at most 1333 / 800 of it, and both are multiples of `divisor`.
  bool resizes = true;
  PictureSize size;
  int64_t shortest_edge = 0;  // 0: none
  int64_t divisor = 1;
  PictureFilter filter = PictureFilter::bilinear;

  // The middle of the picture, with a black border where it is smaller.
  bool crops = false;
  PictureSize crop;

  // Numbers from 0 to 255 times a factor, minus 1 with `offset` (ViViT); then minus the channel's mean, divided by its
  // deviation. As many channels as means: 3, or 1 for models of grey pictures.
  bool rescales = true;
  double rescale_factor = 1.0 / 255;
  bool offset = false;
  bool normalises = true;
  std::vector<double> mean{.5, .5, .5}, deviation{.5, .5, .5};

  Json json = Json::object();  // the file as it was read: keys that are not understood are written back

  // What the class does that is told nothing.
  static ImageProcessor usual(ProcessorKind kind);
  // Of a preprocessor_config.json of any age, `otherwise` if it names no class. Strict: std::runtime_error "FILE: KEY:
  // what is wrong" for another class, a step that the class does not have, a filter or a size that is not supported.
  static ImageProcessor from_json(const Json& file, ProcessorKind otherwise);
  Json to_json() const;

  // What pictures of a size become before they are cut. ViLT can find no size for a narrow picture: a side of 0.
  PictureSize resized_size(PictureSize picture) const;
  // Of pictures that have sizes of their own, and bounds (ViLT), that of one that stays as large as any; else `usual`.
  PictureSize largest_picture(PictureSize usual) const;
  // The size of all pixel values, if it is the same for all pictures.
  std::optional<PictureSize> fixed_size() const;
  // What prepared() makes of pictures of a size, and its errors, ...
  PictureSize prepared_size(PictureSize picture, std::string_view name) const;
  // ... and that of numbers, of a picture of colours where one is asked for: what passes both now has numbers later.
  void check_colours(const Picture& picture, std::string_view name) const;
  // Resized and cut. std::runtime_error that begins with `name`, the picture's, if it is too narrow.
  Picture prepared(const Picture& picture, std::string_view name) const;
  // The numbers of prepared(). A grey picture has three equal channels where three are asked for; std::runtime_error
  // for a picture of colours where one is. Nothing is padded: ViLT's pictures have sizes of their own.
  PixelValues operator()(const Picture& picture, std::string_view name) const;
};

// Of a directory as the reference library looks for it: in processor_config.json, else in preprocessor_config.json (of
// a model of films also in their files for videos). None if there is none: the caller may take the usual one.
std::optional<ImageProcessor> find_image_processor(const std::string& directory, ProcessorKind otherwise);

}  // namespace thaw
