// SPDX-License-Identifier: Apache-2.0
// Reads sizes of pictures and of patches.
#include "models/vit/patch_sizes.h"

#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "tensor/check.h"

namespace thaw {

namespace {

std::string by(const Shape& sizes) { return fmt::format("{}", fmt::join(sizes.begin(), sizes.end(), " x ")); }

// 0: it does not fit.
int64_t patches(const PatchSizes& sizes) {
  int64_t count = 1;
  for (int axis = 0; axis < sizes.patch.rank(); ++axis) count *= sizes.array[axis] / sizes.patch[axis];
  return count;
}

}  // namespace

Shape read_sides(const Json& json, const char* key, const Shape& otherwise) {
  const Json* value = json.find(key);
  if (!value || !value->is_array()) {
    const int64_t side = json.get_int_or(key, 0, 1, longest_side);
    return side > 0 ? Shape{side, side} : otherwise;
  }
  const std::vector<int64_t> sides = json.get_ints(key, 1, longest_side);
  if (sides.size() != 2) fail("{}: {} sizes are no height and width", json.where(key), sides.size());
  return {sides[0], sides[1]};
}

void write_sides(Json& out, const char* key, const Shape& sides) {
  if (read_sides(out, key, {}) == sides) return;
  out.set(key, sides[0] == sides[1] ? Json(sides[0]) : Json(std::vector<int64_t>{sides[0], sides[1]}));
}

void check_patch_sizes(const Json& json, const PatchSizes& sizes) {
  const int64_t count = patches(sizes);
  if (count == 0)
    fail("{}: a patch of {} does not fit {} of {}", json.where(sizes.patch_key), by(sizes.patch), sizes.arrays,
         by(sizes.array));
  if (count >= INT32_MAX) fail("{}: {} patches are too many", json.where("image_size"), count);
  if (sizes.channels > INT32_MAX / sizes.patch.numel())
    fail("{}: {} of a patch of {} are too many numbers", json.where("num_channels"), sizes.channels, by(sizes.patch));
}

}  // namespace thaw
