// SPDX-License-Identifier: Apache-2.0
// Reads and writes ViViT's config.json.
#include "models/vivit/config.h"

#include <vector>

#include "models/vit/patch_sizes.h"
#include "tensor/check.h"

namespace thaw {

namespace {

Shape read_tubelet(const Json& json, const Shape& otherwise) {
  const Json* value = json.find("tubelet_size");
  if (!value || value->is_null()) return otherwise;
  const std::vector<int64_t> sizes = json.get_ints("tubelet_size", 1, longest_side);
  if (sizes.size() != 3)
    fail("{}: {} sizes are no number of frames, height and width", json.where("tubelet_size"), sizes.size());
  return Shape(sizes);
}

}  // namespace

VivitConfig::VivitConfig() {
  hidden_act = "gelu_fast";
  layer_norm_eps = 1e-6;
}

VivitConfig VivitConfig::from_json(const Json& json) {
  VivitConfig c;
  c.read_shared(json, "vivit");
  c.read_layers(json);
  c.image_size = read_sides(json, "image_size", c.image_size);
  c.num_frames = read_size(json, "num_frames", c.num_frames, longest_side);
  c.tubelet_size = read_tubelet(json, c.tubelet_size);
  check_patch_sizes(json, {"films", c.film(), "tubelet_size", c.tubelet_size, c.num_channels});
  return c;
}

Json VivitConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("vivit", architecture);
  write_layers(out);
  write_sides(out, "image_size", image_size);
  out.set("num_frames", num_frames);
  out.set("tubelet_size", Json(std::vector<int64_t>(tubelet_size.begin(), tubelet_size.end())));
  return out;
}

PatchEmbeddingOptions VivitConfig::embeddings() const {
  Shape grid = film();
  for (int axis = 0; axis < grid.rank(); ++axis) grid[axis] /= tubelet_size[axis];
  return {.channels = hidden_size,
          .kernel = tubelet_size.with(0, num_channels),
          .grid = grid,
          .dropout = hidden_dropout_prob,
          .resizing = {}};
}

}  // namespace thaw
