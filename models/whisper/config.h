// SPDX-License-Identifier: Apache-2.0
// WhisperConfig: the sizes and switches of Whisper's encoder, read from config.json and written back. Keys that are
// about the decoder are kept, and not read.
#pragma once

#include <cstdint>
#include <string>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "nn/pre_norm_layer.h"
#include "tensor/pointwise_ops.h"

namespace thaw {

// Names and defaults are those of config.json.
struct WhisperConfig : PretrainedConfig {
  int64_t d_model = 384;
  int64_t encoder_layers = 4;
  int64_t encoder_attention_heads = 6;
  int64_t encoder_ffn_dim = 1536;
  std::string activation_function = "gelu";  // of the layers: behind convolutions stands gelu, whatever this is
  double dropout = 0;
  double attention_dropout = 0;
  double activation_dropout = 0;
  double init_std = 0.02;
  int64_t num_mel_bins = 80;
  int64_t max_source_positions = 1500;  // each of two frames
  bool use_weighted_layer_sum = false;  // a head reads all hidden states, and not the last one alone
  int64_t classifier_proj_size = 256;   // a head's inner size
  static constexpr double norm_eps = 1e-5;

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's Whisper does not do (layers dropped at random, ...).
  static WhisperConfig from_json(const Json& json);

  // `architecture`: "WhisperForAudioClassification".
  Json to_json(const std::string& architecture) const;

  UnaryOp activation() const;
  PreNormOptions layers() const;
  int64_t hidden_states() const { return encoder_layers + 1; }  // the embeddings among them

  CheckpointNames checkpoint_names() const;
  // Notes a decoder that nothing reads. A model from scratch needs numbers that are not all 0.
  void settle(CheckpointSource& source);
};

}  // namespace thaw
