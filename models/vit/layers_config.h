// SPDX-License-Identifier: Apache-2.0
// ViTLayersConfig: what the configurations of ViT and of the models that are built of its layers have in common.
#pragma once

#include <cstdint>
#include <string>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "nn/pre_norm_layer.h"
#include "tensor/pointwise_ops.h"

namespace thaw {

// Names and defaults are those of config.json.
struct ViTLayersConfig : PretrainedConfig {
  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  int64_t intermediate_size = 3072;
  std::string hidden_act = "gelu";
  double hidden_dropout_prob = 0;
  double attention_probs_dropout_prob = 0;
  double initializer_range = 0.02;
  double layer_norm_eps = 1e-12;
  int64_t num_channels = 3;
  bool qkv_bias = true;

  UnaryOp activation() const;
  PreNormOptions layers() const;

  // A model from scratch needs numbers that are not all 0.
  void settle(CheckpointSource& source);

 protected:
  void read_layers(const Json& file);
  void write_layers(Json& out) const;
  // Of a model whose parameters' names begin so ("vit.") in files of its heads.
  static CheckpointNames names_behind(const std::string& prefix);
};

}  // namespace thaw
