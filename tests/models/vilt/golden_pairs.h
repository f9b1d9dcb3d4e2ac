// SPDX-License-Identifier: Apache-2.0
// The pictures of ViLT's golden folders, each as large as its mask tells: padding is right of it and below.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/image/patches.h"
#include "tests/models/golden_case.h"

namespace thaw {

class GoldenPairPictures {
 public:
  // Of a batch, in patches of side x side.
  GoldenPairPictures(const GoldenCase& golden, int64_t batch, int64_t side) {
    const std::string name = golden.input(batch, "pixel_values");
    const std::vector<double> given = golden.numbers(name);
    pixels_.assign(given.begin(), given.end());
    masks_ = golden.integers(golden.input(batch, "pixel_mask"));
    const Shape sizes(golden.shape(name));  // [B, c, h, w]
    const Shape padded = sizes.without(0);
    const auto numbers = static_cast<size_t>(padded.numel()), places = numbers / static_cast<size_t>(padded[0]);
    for (size_t i = 0; i < static_cast<size_t>(sizes[0]); ++i) {
      const auto mask = std::span(masks_).subspan(i * places, places);
      PatchedArray& picture = arrays.emplace_back(
          patches_of_picture(std::span(pixels_).subspan(i * numbers, numbers), padded, {side, side}));
      picture.axes[0].size = true_side(mask, padded[1], padded[2]);
      picture.axes[1].size = true_side(mask, padded[2], 1);
      for (const PatchAxis& axis : picture.axes) REQUIRE(axis.size % side == 0);  // as the library prepares them
    }
  }
  GoldenPairPictures(const GoldenPairPictures&) = delete;
  GoldenPairPictures& operator=(const GoldenPairPictures&) = delete;

  std::vector<PatchedArray> arrays;  // they look at the pixels here

 private:
  // How many of the places that lie `step` apart are not padded.
  static int64_t true_side(std::span<const int32_t> mask, int64_t places, int64_t step) {
    int64_t side = 0;
    while (side < places && mask[static_cast<size_t>(side * step)] != 0) ++side;
    return side;
  }

  std::vector<float> pixels_;
  std::vector<int32_t> masks_;
};

}  // namespace thaw
