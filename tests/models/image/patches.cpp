// SPDX-License-Identifier: Apache-2.0
// Patches of pictures, of spectrograms and of films against plain loops.
#include "models/image/patches.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <numeric>
#include <vector>

#include "tests/error_of.h"

using namespace thaw;

namespace {

// 0, 1, 2, ...: a number tells where it was.
std::vector<float> counted(const Shape& shape) {
  std::vector<float> numbers(static_cast<size_t>(shape.numel()));
  std::iota(numbers.begin(), numbers.end(), 0.0f);
  return numbers;
}

PatchBatch cut(const std::vector<PatchedArray>& arrays) { return cut_patches(arrays, Device::from_environment()); }

}  // namespace

TEST_CASE(
    "patches: of pictures, row by row, each with its channels one behind the other; what is left over is in none") {
  const Shape patch{2, 3};
  const std::vector<Shape> pictures{{3, 4, 6}, {3, 5, 11}, {3, 2, 3}};
  std::vector<std::vector<float>> pixels;
  std::vector<PatchedArray> arrays;
  for (const Shape& picture : pictures) pixels.push_back(counted(picture));
  for (size_t i = 0; i < pictures.size(); ++i) arrays.push_back(patches_of_picture(pixels[i], pictures[i], patch));
  const PatchBatch batch = cut(arrays);
  CHECK(batch.grids == std::vector<Shape>{{2, 2}, {2, 3}, {1, 1}});
  std::vector<float> expected;
  for (const Shape& picture : pictures)
    for (int64_t top = 0; top + patch[0] <= picture[1]; top += patch[0])
      for (int64_t left = 0; left + patch[1] <= picture[2]; left += patch[1])
        for (int64_t c = 0; c < 3; ++c)
          for (int64_t y = top; y < top + patch[0]; ++y)
            for (int64_t x = left; x < left + patch[1]; ++x)
              expected.push_back(static_cast<float>((c * picture[1] + y) * picture[2] + x));
  CHECK(batch.rows.shape() == Shape{11, 18});
  CHECK(batch.rows.to_host<float>() == expected);
  for (size_t i = 0; i < pictures.size(); ++i)
    CHECK(batch.segments.length(static_cast<int64_t>(i)) == batch.grids[i].numel());
}

TEST_CASE("patches: of a spectrogram [time, mel] turned over, one overlapping the next, mel by mel") {
  const int64_t frames = 9, bins = 7;
  const std::vector<float> spectrogram = counted({frames, bins});
  const PatchBatch batch = cut({{.numbers = spectrogram,
                                 .channels = {.size = 1},
                                 .axes = {{.size = bins, .step = 1, .kernel = 3, .stride = 2},
                                          {.size = frames, .step = bins, .kernel = 4, .stride = 3}}}});
  CHECK(batch.grids[0] == Shape{3, 2});
  std::vector<float> expected;
  for (int64_t f = 0; f + 3 <= bins; f += 2)
    for (int64_t t = 0; t + 4 <= frames; t += 3)
      for (int64_t y = f; y < f + 3; ++y)
        for (int64_t x = t; x < t + 4; ++x) expected.push_back(static_cast<float>(x * bins + y));
  CHECK(batch.rows.to_host<float>() == expected);
}

TEST_CASE(
    "patches: of a film [time, channel, height, width] channel before time in a patch, time before all among them") {
  const Shape film{4, 2, 4, 6};
  const std::vector<float> pixels = counted(film);
  const PatchBatch batch = cut({patches_of_film(pixels, film, {2, 2, 3})});
  CHECK(batch.grids[0] == Shape{2, 2, 2});
  std::vector<float> expected;
  for (int64_t t = 0; t < 4; t += 2)
    for (int64_t top = 0; top < 4; top += 2)
      for (int64_t left = 0; left < 6; left += 3)
        for (int64_t c = 0; c < 2; ++c)
          for (int64_t frame = t; frame < t + 2; ++frame)
            for (int64_t y = top; y < top + 2; ++y)
              for (int64_t x = left; x < left + 3; ++x)
                expected.push_back(static_cast<float>(((frame * 2 + c) * 4 + y) * 6 + x));
  CHECK(batch.rows.to_host<float>() == expected);
}

TEST_CASE("patches: what cannot be cut is told") {
  const std::vector<float> pixels(60);
  CHECK(error_of([&] {
          patches_of_picture(pixels, {3, 4, 5}, {6, 2});
        }) == "a picture of 4 x 5 pixels is smaller than a patch of 6 x 2");
  CHECK(error_of([&] {
          patches_of_picture(pixels, {3, 4, 6}, {2, 2});
        }) == "patches: 60 numbers are no picture [3, 4, 6]");
  CHECK(error_of([&] {
          patches_of_picture(pixels, {60}, {2, 2});
        }) == "patches: a picture [60] and a patch [2, 2]: [c, h, w] and [h, w] are meant");
  CHECK(error_of([&] {
          patches_of_film(pixels, {2, 3, 2, 5}, {3, 1, 1});
        }) == "a film of 2 frames of 2 x 5 pixels is smaller than a patch of 3 x 1 x 1");
  CHECK(error_of([&] {
          patches_of_film(pixels, {2, 3, 2, 6}, {1, 1, 1});
        }) == "patches: 60 numbers are no film [2, 3, 2, 6]");
  CHECK(error_of([&] {
          patches_of_film(pixels, {3, 4, 5}, {2, 2});
        }) == "patches: a film [3, 4, 5] and a patch [2, 2]: [t, c, h, w] and [t, h, w] are meant");
  CHECK(error_of([&] { cut({}); }) == "patches: a batch of nothing");
  const PatchedArray colours = patches_of_picture(pixels, {3, 4, 5}, {2, 2});
  CHECK(error_of([&] {
          cut({colours, patches_of_picture(pixels, {1, 6, 10}, {2, 2})});
        }) == "patches: one has 12 numbers, and one of array 1 has 4");
  PatchedArray longer = colours;
  longer.axes[0].size = 5;
  CHECK(error_of([&] { cut({longer}); }) == "patches: 60 numbers, and the last one's is 64");
  PatchedArray shorter = colours;
  shorter.axes[1].size = 1;
  CHECK(error_of([&] { cut({shorter}); }) == "patches: 1 numbers along an axis, and a patch has 2");
}
