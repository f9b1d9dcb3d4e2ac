// SPDX-License-Identifier: Apache-2.0
// The steps of processors by hand: sizes, the middle of a picture, numbers.
#include "models/image/processor.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/error_of.h"

using namespace thaw;

namespace {

// A processor that does nothing.
ImageProcessor idle() {
  ImageProcessor p;
  p.resizes = p.crops = p.rescales = p.normalises = false;
  return p;
}

// Pixels 1, 2, 3, ...
Picture counted(int64_t height, int64_t width, int64_t channels = 1) {
  Picture picture{height, width, channels, {}};
  for (int64_t i = 1; i <= height * width * channels; ++i) picture.pixels.push_back(static_cast<uint8_t>(i));
  return picture;
}

PictureSize size_of(ProcessorKind kind, int64_t height, int64_t width) {
  return ImageProcessor::usual(kind).resized_size({height, width});
}

}  // namespace

TEST_CASE("image processor: what pictures are resized to") {
  CHECK(size_of(ProcessorKind::vit, 480, 640) == PictureSize{224, 224});
  CHECK(size_of(ProcessorKind::clip, 480, 640) == PictureSize{224, 298});  // 298.67
  CHECK(size_of(ProcessorKind::clip, 640, 480) == PictureSize{298, 224});
  CHECK(size_of(ProcessorKind::clip, 50, 50) == PictureSize{224, 224});
  CHECK(size_of(ProcessorKind::vivit, 240, 320) == PictureSize{256, 341});
  CHECK(size_of(ProcessorKind::vilt, 480, 640) == PictureSize{384, 512});
  CHECK(size_of(ProcessorKind::vilt, 500, 600) == PictureSize{384, 448});  // 460.8, down to a multiple of 32
  // The longer side would be 768, and is 639 at most: 319.5 is rounded up to 320, a multiple of 32.
  CHECK(size_of(ProcessorKind::vilt, 300, 600) == PictureSize{320, 608});
  CHECK(size_of(ProcessorKind::vilt, 600, 300) == PictureSize{608, 320});
  CHECK(size_of(ProcessorKind::vilt, 10, 2000) == PictureSize{0, 608});
  CHECK(idle().resized_size({3, 5}) == PictureSize{3, 5});
  CHECK_THROWS_AS(size_of(ProcessorKind::clip, 0, 5), std::invalid_argument);
}

TEST_CASE("image processor: of ViLT's pictures none becomes larger than the largest one") {
  using Edge = std::pair<int64_t, int64_t>;  // and the divisor
  for (const auto& [edge, divisor] : std::vector<Edge>{{384, 32}, {12, 4}, {30, 7}}) {
    ImageProcessor p = ImageProcessor::usual(ProcessorKind::vilt);
    p.shortest_edge = edge;
    p.divisor = divisor;
    const auto area = [&](PictureSize picture) {
      const PictureSize size = p.resized_size(picture);
      return size.height * size.width;
    };
    const int64_t largest = area(p.largest_picture({edge, edge}));
    CHECK(largest > area({edge, edge}));
    for (int64_t width = 20; width < 500; ++width) CHECK(area({100, width}) <= largest);
  }
  const PictureSize size{40, 60};
  CHECK(ImageProcessor::usual(ProcessorKind::vit).largest_picture(size) == size);
  CHECK(ImageProcessor::usual(ProcessorKind::clip).largest_picture(size) == size);
}

TEST_CASE("image processor: which sizes are the same for all pictures") {
  CHECK(ImageProcessor::usual(ProcessorKind::vit).fixed_size() == PictureSize{224, 224});
  CHECK(ImageProcessor::usual(ProcessorKind::clip).fixed_size() == PictureSize{224, 224});
  CHECK(!ImageProcessor::usual(ProcessorKind::vilt).fixed_size());
  CHECK(!idle().fixed_size());
}

TEST_CASE("image processor: the middle, with a black border where the picture is smaller") {
  ImageProcessor p = idle();
  p.crops = true;
  const auto cut = [&](const Picture& picture, int64_t height, int64_t width) {
    p.crop = {height, width};
    return p.prepared(picture, "a").pixels;
  };
  using Numbers = std::vector<uint8_t>;
  CHECK(cut(counted(3, 3), 1, 1) == Numbers{5});
  CHECK(cut(counted(2, 4), 1, 2) == Numbers{2, 3});
  CHECK(cut(counted(1, 4), 1, 1) == Numbers{2});  // (4 - 1) / 2 rounded down
  CHECK(cut(counted(4, 1), 3, 1) == Numbers{1, 2, 3});
  CHECK(cut(counted(1, 2), 3, 4) == Numbers{0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0});
  CHECK(cut(counted(1, 2), 1, 3) == Numbers{0, 1, 2});  // (2 - 3) / 2 rounded down, too
  CHECK(cut(counted(1, 3), 2, 1) == Numbers{0, 2});
  CHECK(cut(counted(1, 3, 3), 1, 1) == Numbers{4, 5, 6});
}

TEST_CASE("image processor: numbers, channel by channel") {
  ImageProcessor p = idle();
  const Picture colours{1, 2, 3, {0, 51, 102, 153, 204, 255}};
  const PixelValues plain = p(colours, "a");
  CHECK(plain.channels == 3);
  CHECK(plain.height == 1);
  CHECK(plain.width == 2);
  CHECK(plain.values == std::vector<float>{0, 153, 51, 204, 102, 255});
  p.rescales = true;
  p.rescale_factor = 1 / 51.;
  CHECK(p(colours, "a").values == std::vector<float>{0, 3, 1, 4, 2, 5});
  p.offset = true;
  CHECK(p(colours, "a").values == std::vector<float>{-1, 2, 0, 3, 1, 4});
  p.normalises = true;
  p.mean = {1, 0, -1};
  p.deviation = {1, 2, .5};
  CHECK(p(colours, "a").values == std::vector<float>{-2, 1, 0, 1.5, 4, 10});
}

TEST_CASE("image processor: grey pictures have as many channels as means") {
  ImageProcessor p = idle();
  CHECK(p(counted(1, 2), "a").values == std::vector<float>{1, 2, 1, 2, 1, 2});
  p.mean = p.deviation = {.5};
  const PixelValues grey = p(counted(1, 2), "a");
  CHECK(grey.channels == 1);
  CHECK(grey.values == std::vector<float>{1, 2});
  CHECK(error_of<std::runtime_error>([&] { p(counted(1, 2, 3), "b.png"); }) ==
        "b.png: is a picture of colours, the model's are grey (num_channels 1): make it grey, or take a model with "
        "num_channels 3");
  CHECK(p(Picture{1, 2, 3, {7, 7, 7, 9, 9, 9}}, "a").values == p(Picture{1, 2, 1, {7, 9}}, "a").values);
}

TEST_CASE("image processor: pictures that are too narrow, and what is none") {
  const auto error = [](ProcessorKind kind, const Picture& picture) {
    return error_of<std::runtime_error>([&] { ImageProcessor::usual(kind)(picture, "b.png"); });
  };
  CHECK(error(ProcessorKind::vilt, counted(1, 200)) ==
        "b.png: a picture of 1 x 200 is too narrow: it would be resized to 0 x 608");
  CHECK(error(ProcessorKind::clip, {1, 4000, 1, std::vector<uint8_t>(4000)}) ==
        "b.png: a picture of 1 x 4000 is too narrow: it would be resized to 224 x 896000");
  const ImageProcessor p = idle();
  CHECK_THROWS_AS(p({1, 2, 1, {5}}, "a"), std::invalid_argument);
}
