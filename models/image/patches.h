// SPDX-License-Identifier: Apache-2.0
// Patches in the place of convolutions: what a kernel sees is cut out on the host, once, since pixels have no gradient,
// and the convolution is then a product of rows. A arrays (pictures, spectrograms, films), N patches in all, K numbers
// in each.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tensor/segments.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace thaw {

// One axis of an array, and how patches lie along it. Numbers behind the last whole patch are in none, as a convolution
// without padding has it.
struct PatchAxis {
  int64_t size = 0;    // numbers along it
  int64_t step = 1;    // in memory, from one to the next
  int64_t kernel = 1;  // numbers of a patch
  int64_t stride = 1;  // from the beginning of one patch to that of the next

  int64_t patches() const { return (size - kernel) / stride + 1; }
};

// An array as its patches are cut: all channels are in each. It outlives this.
struct PatchedArray {
  std::span<const float> numbers;
  PatchAxis channels;           // one patch
  std::vector<PatchAxis> axes;  // the last one is the fastest, in a patch and among patches

  Shape grid() const;  // how many patches there are along each axis
};

// Its patches, row by row [N, K]: a patch as kernels in files have it, [c][axes]. std::invalid_argument: the array is
// smaller than a patch, or has fewer numbers than its axes say.
std::vector<float> patch_numbers(const PatchedArray& array);

// A picture [c, h, w], cut into patches of [py, px] side by side. std::invalid_argument: it is smaller than one.
PatchedArray patches_of_picture(std::span<const float> pixels, const Shape& picture, const Shape& patch);

// A film [t, c, h, w], cut into blocks of [pt, py, px]: so many frames, and a patch of each.
PatchedArray patches_of_film(std::span<const float> pixels, const Shape& film, const Shape& patch);

struct PatchBatch {
  Tensor rows;               // [N, K]
  Segments segments;         // [A]: the patches of each array
  std::vector<Shape> grids;  // [A]
};

// std::invalid_argument: an array is smaller than a patch or has fewer numbers than its axes say, patches of two arrays
// have unequal sizes, or there is no array.
PatchBatch cut_patches(std::span<const PatchedArray> arrays, Device device, DType dtype = DType::f32);

}  // namespace thaw
