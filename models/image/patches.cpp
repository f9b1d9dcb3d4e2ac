// SPDX-License-Identifier: Apache-2.0
// Cuts arrays into patches: where patches begin, and where the numbers of one are from there.
#include "models/image/patches.h"

#include <utility>

#include "tensor/check.h"

namespace thaw {

namespace {

// What of an axis a walk goes along.
struct Walk {
  int64_t count, step;
};

// The places in memory of a grid of points, row by row.
std::vector<int64_t> places(std::span<const Walk> walks) {
  std::vector<int64_t> all{0};
  for (const auto& [count, step] : walks) {
    std::vector<int64_t> finer;
    finer.reserve(all.size() * static_cast<size_t>(count));
    for (const int64_t place : all)
      for (int64_t i = 0; i < count; ++i) finer.push_back(place + i * step);
    all = std::move(finer);
  }
  return all;
}

std::vector<int64_t> beginnings(const PatchedArray& array) {
  std::vector<Walk> walks;
  for (const PatchAxis& axis : array.axes) walks.push_back({axis.patches(), axis.stride * axis.step});
  return places(walks);
}

std::vector<int64_t> places_of_patch(const PatchedArray& array) {
  std::vector<Walk> walks{{array.channels.size, array.channels.step}};
  for (const PatchAxis& axis : array.axes) walks.push_back({axis.kernel, axis.step});
  return places(walks);
}

void check_array(const PatchedArray& array) {
  int64_t last = (array.channels.size - 1) * array.channels.step;
  for (const PatchAxis& axis : array.axes) {
    check(axis.kernel >= 1 && axis.stride >= 1 && axis.size >= axis.kernel,
          "patches: {} numbers along an axis, and a patch has {}", axis.size, axis.kernel);
    last += (axis.size - 1) * axis.step;
  }
  check(array.channels.size >= 1 && last < std::ssize(array.numbers), "patches: {} numbers, and the last one's is {}",
        array.numbers.size(), last);
}

}  // namespace

Shape PatchedArray::grid() const {
  Shape grid;
  for (const PatchAxis& axis : axes) grid = grid.with(grid.rank(), axis.patches());
  return grid;
}

PatchedArray patches_of_picture(std::span<const float> pixels, const Shape& picture, const Shape& patch) {
  check(picture.rank() == 3 && patch.rank() == 2,
        "patches: a picture {} and a patch {}: [c, h, w] and [h, w] are meant", picture, patch);
  const int64_t height = picture[1], width = picture[2];
  check(picture.numel() == std::ssize(pixels), "patches: {} numbers are no picture {}", pixels.size(), picture);
  check(height >= patch[0] && width >= patch[1], "a picture of {} x {} pixels is smaller than a patch of {} x {}",
        height, width, patch[0], patch[1]);
  return {.numbers = pixels,
          .channels = {.size = picture[0], .step = height * width},
          .axes = {{.size = height, .step = width, .kernel = patch[0], .stride = patch[0]},
                   {.size = width, .step = 1, .kernel = patch[1], .stride = patch[1]}}};
}

std::vector<float> patch_numbers(const PatchedArray& array) {
  check_array(array);
  const std::vector<int64_t> begins = beginnings(array), patch = places_of_patch(array);
  std::vector<float> rows;
  rows.reserve(begins.size() * patch.size());
  for (const int64_t begin : begins)
    for (const int64_t place : patch) rows.push_back(array.numbers[static_cast<size_t>(begin + place)]);
  return rows;
}

PatchedArray patches_of_film(std::span<const float> pixels, const Shape& film, const Shape& patch) {
  check(film.rank() == 4 && patch.rank() == 3,
        "patches: a film {} and a patch {}: [t, c, h, w] and [t, h, w] are meant", film, patch);
  const int64_t frames = film[0], height = film[2], width = film[3], channel = height * width;
  check(film.numel() == std::ssize(pixels), "patches: {} numbers are no film {}", pixels.size(), film);
  check(frames >= patch[0] && height >= patch[1] && width >= patch[2],
        "a film of {} frames of {} x {} pixels is smaller than a patch of {} x {} x {}", frames, height, width,
        patch[0], patch[1], patch[2]);
  return {.numbers = pixels,
          .channels = {.size = film[1], .step = channel},
          .axes = {{.size = frames, .step = film[1] * channel, .kernel = patch[0], .stride = patch[0]},
                   {.size = height, .step = width, .kernel = patch[1], .stride = patch[1]},
                   {.size = width, .step = 1, .kernel = patch[2], .stride = patch[2]}}};
}

PatchBatch cut_patches(std::span<const PatchedArray> arrays, Device device, DType dtype) {
  check(!arrays.empty(), "patches: a batch of nothing");
  PatchBatch batch;
  std::vector<float> rows;
  std::vector<int32_t> lengths;
  size_t numbers = 0;  // of a patch
  for (const PatchedArray& array : arrays) {
    const std::vector<float> own = patch_numbers(array);
    const Shape& grid = batch.grids.emplace_back(array.grid());
    const size_t size = own.size() / static_cast<size_t>(grid.numel());
    if (lengths.empty()) numbers = size;
    check(size == numbers, "patches: one has {} numbers, and one of array {} has {}", numbers, lengths.size(), size);
    rows.insert(rows.end(), own.begin(), own.end());
    lengths.push_back(static_cast<int32_t>(grid.numel()));
  }
  batch.segments = Segments(lengths, device);
  batch.rows = Tensor::from_host(rows, {batch.segments.total(), static_cast<int64_t>(numbers)}, device, dtype);
  return batch;
}

}  // namespace thaw
