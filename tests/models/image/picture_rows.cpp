// SPDX-License-Identifier: Apache-2.0
// Pictures as rows: what a model cannot see is told when it is looked at first, not when its numbers are made.
#include "models/image/picture_rows.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/image/processor.h"
#include "tests/error_of.h"
#include "tests/models/small_pictures.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::shared_ptr<const PictureCutting> cutting(ImageProcessor processor, int64_t channels) {
  return std::make_shared<const PictureCutting>(PictureCutting{std::move(processor), {4, 4}, channels});
}

std::string error(const std::string& path, const std::shared_ptr<const PictureCutting>& how) {
  return error_of<std::runtime_error>([&] { PictureRows(path, how); });
}

}  // namespace

TEST_CASE("picture rows: a strip that cannot be resized is told at once, though its middle would be cut out") {
  const ScratchFolder folder;
  const std::string strip = folder.write("strip.ppm", ppm_bytes(1, 4000, 9, 9, 9)).string();
  CHECK(error(strip, cutting(ImageProcessor::usual(ProcessorKind::clip), 3)) ==
        strip + ": a picture of 1 x 4000 is too narrow: it would be resized to 224 x 896000");
  CHECK(error(strip, cutting(ImageProcessor::usual(ProcessorKind::vilt), 3)) ==
        strip + ": a picture of 1 x 4000 is too narrow: it would be resized to 0 x 608");
  CHECK(PictureRows(strip, cutting(ImageProcessor::usual(ProcessorKind::vit), 3)).grid() == Shape{56, 56});
}

TEST_CASE("picture rows: colours that a model of grey pictures does not see are told at once") {
  const ScratchFolder folder;
  const std::string colours = folder.write("colours.ppm", ppm_bytes(8, 8, 200, 9, 9)).string();
  ImageProcessor grey = ImageProcessor::usual(ProcessorKind::vit);
  grey.mean = grey.deviation = {0.5};
  CHECK(error(colours, cutting(grey, 1)).starts_with(colours + ": is a picture of colours, the model's are grey"));
  const std::string none = folder.write("none.ppm", "P6\n4 4\n255\n" + std::string(48, '\x10')).string();
  CHECK(PictureRows(none, cutting(grey, 1)).numbers().size() == 224 * 224);
}
