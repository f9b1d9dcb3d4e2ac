// SPDX-License-Identifier: Apache-2.0
// ViTConfig: the sizes and switches of a vision transformer, read from config.json and written back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/image/patch_embeddings.h"
#include "models/image/patch_limits.h"
#include "models/vit/layers_config.h"

namespace thaw {

// Names and defaults are those of config.json.
struct ViTConfig : ViTLayersConfig {
  Shape image_size{224, 224};  // [height, width] that the table of positions is for; others are taken, too
  Shape patch_size{16, 16};
  std::optional<int64_t> pooler_output_size;  // absent: hidden_size
  std::string pooler_act = "tanh";

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's ViT does not do (quantised weights, ...).
  static ViTConfig from_json(const Json& json);

  // `architecture`: "ViTForImageClassification".
  Json to_json(const std::string& architecture) const;

  PatchLimits limits() const { return {.channels = num_channels, .patch = patch_size, .picture = image_size}; }
  Shape grid() const { return limits().grid(); }  // of patches
  int64_t pooled_size() const { return pooler_output_size.value_or(hidden_size); }
  UnaryOp pooler_activation() const;
  PatchEmbeddingOptions embeddings() const;
  CheckpointNames checkpoint_names() const { return names_behind("vit."); }
};

}  // namespace thaw
