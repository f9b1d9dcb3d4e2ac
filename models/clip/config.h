// SPDX-License-Identifier: Apache-2.0
// CLIPConfig: a tower for texts and one for pictures, read from config.json and written back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "models/image/patch_limits.h"
#include "models/image_text_keys.h"
#include "nn/pre_norm_layer.h"
#include "tensor/pointwise_ops.h"
#include "tensor/shape.h"

namespace thaw {

// Names and defaults are those of config.json.
struct CLIPTowerConfig : PretrainedConfig {
  int64_t hidden_size = 0;
  int64_t intermediate_size = 0;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 0;
  std::string hidden_act = "quick_gelu";
  double layer_norm_eps = 1e-5;
  double attention_dropout = 0;
  double initializer_range = 0.02;
  double initializer_factor = 1;

  UnaryOp activation() const;
  PreNormOptions layers() const;
  PreNormInit first_weights() const;

 protected:
  CLIPTowerConfig(int64_t channels, int64_t inner_channels, int64_t heads)
      : hidden_size(channels), intermediate_size(inner_channels), num_attention_heads(heads) {}
  void read_tower(const Json& file, std::string_view model_type);
  Json tower_json(std::string_view model_type) const;
};

struct CLIPTextConfig : CLIPTowerConfig {
  int64_t vocab_size = 49408;
  int64_t max_position_embeddings = 77;
  int64_t eos_token_id = 49407;
  static constexpr int64_t eos_of_old_files = 2;  // what those of before 2023 say, whatever their end token is

  CLIPTextConfig() : CLIPTowerConfig(512, 2048, 8) {}
  // Errors as in ViTConfig.
  static CLIPTextConfig from_json(const Json& json);
  Json to_json() const;
};

struct CLIPVisionConfig : CLIPTowerConfig {
  int64_t image_size = 224;  // that the table of positions is for; others are taken, too
  int64_t patch_size = 32;
  int64_t num_channels = 3;

  CLIPVisionConfig() : CLIPTowerConfig(768, 3072, 12) {}
  static CLIPVisionConfig from_json(const Json& json);
  Json to_json() const;

  PatchLimits limits() const {
    return {.channels = num_channels,
            .patch = {patch_size, patch_size},
            .picture = {image_size, image_size},
            .processor = ProcessorKind::clip};
  }
  Shape grid() const { return limits().grid(); }  // of patches
};

// The towers' configurations have a projection_dim, too, which nothing here reads.
struct CLIPConfig : PretrainedConfig, ImageTextKeys {
  CLIPTextConfig text;
  CLIPVisionConfig vision;
  double initializer_factor = 1;  // of projections and classifier

  // Throws std::runtime_error "FILE: KEY: what is wrong" ("text_config.hidden_size"). Old files have
  // "text_config_dict", too, whose keys, and the defaults of those it lacks, take the place of text_config's, as in the
  // reference library; the same of vision_config. They are written back as one.
  static CLIPConfig from_json(const Json& json);
  Json to_json(const std::string& architecture) const;

  CheckpointNames checkpoint_names() const;
  // A model from scratch needs numbers that are not all 0.
  void settle(CheckpointSource& source);
};

// The same of a model that has the tower for pictures alone, and a classifier above it.
struct CLIPClassifierConfig : CLIPConfig {
  static CLIPClassifierConfig from_json(const Json& json) { return {CLIPConfig::from_json(json)}; }
  CheckpointNames checkpoint_names() const;
  void settle(CheckpointSource& source);
};

}  // namespace thaw
