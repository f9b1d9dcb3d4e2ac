// SPDX-License-Identifier: Apache-2.0
// Reads and writes ViT's config.json.
#include "models/vit/config.h"

#include "models/vit/patch_sizes.h"
#include "nn/activation.h"

namespace thaw {

ViTConfig ViTConfig::from_json(const Json& json) {
  ViTConfig c;
  c.read_shared(json, "vit");
  c.read_layers(json);
  c.image_size = read_sides(json, "image_size", c.image_size);
  c.patch_size = read_sides(json, "patch_size", c.patch_size);
  read_size(json, "encoder_stride", 16);  // of a decoder that masked pictures are restored by: no model here has it
  if (const Json* size = json.find("pooler_output_size"); size && !size->is_null())
    c.pooler_output_size = read_size(json, "pooler_output_size", 1);
  c.pooler_act = json.get_string_or("pooler_act", c.pooler_act);
  activation_named(c.pooler_act, json.where("pooler_act"));
  check_patch_sizes(json, {"pictures", c.image_size, "patch_size", c.patch_size, c.num_channels});
  return c;
}

Json ViTConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("vit", architecture);
  write_layers(out);
  write_sides(out, "image_size", image_size);
  write_sides(out, "patch_size", patch_size);
  if (pooler_output_size) out.set("pooler_output_size", *pooler_output_size);
  if (pooler_act != ViTConfig().pooler_act || out.contains("pooler_act")) out.set("pooler_act", pooler_act);
  return out;
}

UnaryOp ViTConfig::pooler_activation() const { return activation_named(pooler_act, "pooler_act"); }

PatchEmbeddingOptions ViTConfig::embeddings() const {
  return {.channels = hidden_size,
          .kernel = patch_size.with(0, num_channels),
          .grid = grid(),
          .dropout = hidden_dropout_prob};
}

}  // namespace thaw
