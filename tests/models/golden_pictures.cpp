// SPDX-License-Identifier: Apache-2.0
// Cuts goldens' pictures.
#include "tests/models/golden_pictures.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tensor/ops.h"

namespace thaw {

PatchInput golden_pictures(const GoldenCase& golden, int64_t batch, const Shape& patch, Device device, DType dtype) {
  const std::string name = golden.input(batch, "pixel_values");
  const std::vector<int64_t> sizes = golden.shape(name);
  const Shape picture{sizes.at(1), sizes.at(2), sizes.at(3)};
  const auto cut = [&](const std::vector<float>& pixels) {
    std::vector<PatchedArray> arrays;
    for (size_t i = 0; i < static_cast<size_t>(sizes[0]); ++i)
      arrays.push_back(patches_of_picture(
          std::span(pixels).subspan(i * static_cast<size_t>(picture.numel()), static_cast<size_t>(picture.numel())),
          picture, patch));
    return cut_patches(arrays, device, dtype);
  };
  const std::vector<double> pixels = golden.numbers(name);
  const std::vector<float> rounded(pixels.begin(), pixels.end());
  PatchBatch patches = cut(rounded);
  if (dtype == DType::f64) {  // some goldens have such pixels: models' are f32, and a patch is the sum of its parts'
    std::vector<float> rest;
    for (size_t i = 0; i < pixels.size(); ++i) rest.push_back(static_cast<float>(pixels[i] - double{rounded[i]}));
    patches.rows = add(patches.rows, cut(rest).rows);
  }
  return PatchInput(std::move(patches));
}

}  // namespace thaw
