// SPDX-License-Identifier: Apache-2.0
// Fits pictures and a processor to a model.
#include "models/image/patch_limits.h"

#include <algorithm>

namespace thaw {

Shape PatchLimits::readable(const Shape& grid) const {
  if (most == 0 || grid.numel() <= most) return grid;
  return {std::max<int64_t>(1, most / grid[1]), std::min<int64_t>(most, grid[1])};
}

ImageProcessor usual_processor(const PatchLimits& limits) {
  ImageProcessor usual = ImageProcessor::usual(limits.processor);
  const PictureSize size{limits.picture[0], limits.picture[1]};
  if (usual.shortest_edge > 0) {
    usual.shortest_edge = std::min(size.height, size.width);
  } else {
    usual.size = size;
  }
  if (usual.crops) usual.crop = size;
  if (usual.divisor > 1) usual.divisor = limits.patch[0];
  if (limits.channels == 1) {
    usual.mean = usual.deviation = {0.5};
    usual.json.set("do_convert_rgb", false);
  }
  return usual;
}

std::vector<SeenRows> seen_sizes(const PatchLimits& limits) {
  const Shape usual = limits.grid();
  std::vector<SeenRows> sizes;
  for (const Shape& size : {usual, Shape{usual[0] + 1, usual[1]}}) {
    const Shape grid = limits.readable(size);
    sizes.push_back({grid, limits.channels * limits.patch.numel(), limits.tokens + grid.numel()});
  }
  return sizes;
}

}  // namespace thaw
