// SPDX-License-Identifier: Apache-2.0
// ViTConfig: the sizes and switches of a vision transformer, read from config.json and written back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "models/image/patch_embeddings.h"
#include "nn/pre_norm_layer.h"
#include "tensor/pointwise_ops.h"

namespace thaw {

// Names and defaults are those of config.json.
struct ViTConfig : PretrainedConfig {
  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  int64_t intermediate_size = 3072;
  std::string hidden_act = "gelu";
  double hidden_dropout_prob = 0;
  double attention_probs_dropout_prob = 0;
  double initializer_range = 0.02;
  double layer_norm_eps = 1e-12;
  Shape image_size{224, 224};  // [height, width] that the table of positions is for; others are taken, too
  Shape patch_size{16, 16};
  int64_t num_channels = 3;
  bool qkv_bias = true;
  std::optional<int64_t> pooler_output_size;  // absent: hidden_size
  std::string pooler_act = "tanh";

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's ViT does not do (quantised weights, ...).
  static ViTConfig from_json(const Json& json);

  // `architecture`: "ViTForImageClassification".
  Json to_json(const std::string& architecture) const;

  Shape grid() const { return {image_size[0] / patch_size[0], image_size[1] / patch_size[1]}; }  // of patches
  int64_t pooled_size() const { return pooler_output_size.value_or(hidden_size); }
  UnaryOp activation() const;
  UnaryOp pooler_activation() const;
  PatchEmbeddingOptions embeddings() const;
  PreNormOptions layers() const;

  CheckpointNames checkpoint_names() const;
  // A model from scratch needs numbers that are not all 0.
  void settle(CheckpointSource& source);
};

}  // namespace thaw
