// SPDX-License-Identifier: Apache-2.0
// ASTConfig: the sizes and switches of an Audio Spectrogram Transformer, read from config.json and written back.
#pragma once

#include <cstdint>
#include <string>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "models/image/patch_embeddings.h"
#include "nn/pre_norm_layer.h"
#include "tensor/pointwise_ops.h"

namespace thaw {

// Names and defaults are those of config.json.
struct ASTConfig : PretrainedConfig {
  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  int64_t intermediate_size = 3072;
  std::string hidden_act = "gelu";
  double hidden_dropout_prob = 0;
  double attention_probs_dropout_prob = 0;
  double initializer_range = 0.02;
  double layer_norm_eps = 1e-12;
  int64_t max_length = 1024;   // frames of a spectrogram ...
  int64_t num_mel_bins = 128;  // ... and bins of a frame: there are positions for these alone
  int64_t patch_size = 16;     // frames and bins of a patch ...
  int64_t frequency_stride = 10;
  int64_t time_stride = 10;  // ... and from one to the next: patches overlap
  bool qkv_bias = true;

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's AST does not do (quantised weights, ...).
  static ASTConfig from_json(const Json& json);

  // `architecture`: "ASTForAudioClassification".
  Json to_json(const std::string& architecture) const;

  Shape grid() const;  // of patches: along frequency, along time
  UnaryOp activation() const;
  PatchEmbeddingOptions embeddings() const;
  PreNormOptions layers() const;

  CheckpointNames checkpoint_names() const;
  // A model from scratch needs numbers that are not all 0.
  void settle(CheckpointSource& source);
};

}  // namespace thaw
