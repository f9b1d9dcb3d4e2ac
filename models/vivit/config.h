// SPDX-License-Identifier: Apache-2.0
// VivitConfig: the sizes and switches of a video vision transformer, read from config.json and written back.
#pragma once

#include <cstdint>
#include <string>

#include "models/image/patch_embeddings.h"
#include "models/vit/layers_config.h"

namespace thaw {

// Names and defaults are those of config.json.
struct VivitConfig : ViTLayersConfig {
  // Films are of these sizes: the table of positions is for no others.
  Shape image_size{224, 224};  // [height, width]
  int64_t num_frames = 32;
  Shape tubelet_size{2, 16, 16};  // [frames, height, width] of a patch

  VivitConfig();
  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's ViViT does not do (quantised weights, ...).
  static VivitConfig from_json(const Json& json);

  // `architecture`: "VivitForVideoClassification".
  Json to_json(const std::string& architecture) const;

  Shape film() const { return image_size.with(0, num_frames); }  // [frames, height, width]
  PatchEmbeddingOptions embeddings() const;
  CheckpointNames checkpoint_names() const { return names_behind("vivit."); }
};

}  // namespace thaw
