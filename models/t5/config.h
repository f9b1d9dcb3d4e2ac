// SPDX-License-Identifier: Apache-2.0
// T5Config: the sizes and switches of a T5 model (t5, mt5 or umt5), read from config.json and written back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "models/writer_tokens.h"
#include "tensor/pointwise_ops.h"

namespace thaw {

// Names and defaults are those of config.json. ByT5 is a t5.
struct T5Config : PretrainedConfig, WriterTokens {
  std::string model_type = "t5";  // or mt5; or umt5, whose layers have a table of relative biases each
  int64_t vocab_size = 32128;
  int64_t d_model = 512;
  int64_t d_kv = 64;  // of a head; heads x d_kv need not be d_model
  int64_t d_ff = 2048;
  int64_t num_layers = 6;          // of the encoder
  int64_t num_decoder_layers = 6;  // absent: num_layers
  int64_t num_heads = 8;
  int64_t relative_attention_num_buckets = 32;
  int64_t relative_attention_max_distance = 128;
  double dropout_rate = 0.1;
  double layer_norm_epsilon = 1e-6;
  double initializer_factor = 1;
  std::string feed_forward_proj = "relu";  // "ACTIVATION" or "gated-ACTIVATION"; "gelu" of a gated one is gelu_new
  std::string dense_act_fn = "relu";       // ... what that comes to; files may say it themselves
  bool is_gated_act = false;
  bool scale_decoder_outputs = true;  // by d_model^-.5, before the output matrix
  bool head_is_shared = true;         // the output matrix is the embeddings'

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's T5 does not do (a decoder alone, an encoder that is the decoder, quantised weights, ...).
  static T5Config from_json(const Json& json);

  // `architecture`: "T5ForConditionalGeneration", written as the model_type has it ("MT5ForConditionalGeneration").
  Json to_json(const std::string& architecture) const;

  UnaryOp activation() const;
  bool has_bias_in_every_layer() const { return model_type == "umt5"; }

  CheckpointNames checkpoint_names() const;
  // A file with an output matrix of its own, other numbers than shared.weight, has an untied head; one without has
  // not, whatever its config says: see the source's report. Embeddings of encoder or decoder that are not shared are a
  // std::runtime_error.
  void settle(CheckpointSource& source);
};

// The same file for the encoder alone: what there is of a decoder is left where it is.
struct T5EncoderConfig : T5Config {
  static T5EncoderConfig from_json(const Json& json) { return {T5Config::from_json(json)}; }
  Json to_json(const std::string& architecture) const;
  CheckpointNames checkpoint_names() const;
};

}  // namespace thaw
