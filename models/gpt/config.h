// SPDX-License-Identifier: Apache-2.0
// GptConfig: the sizes and switches of a GPT-1 (openai-gpt) or a GPT-2 (gpt2), read from config.json and written back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "tensor/pointwise_ops.h"

namespace thaw {

// Names and defaults are those of config.json, of GPT-2.
struct GptConfig : PretrainedConfig {
  std::string model_type = "gpt2";  // or openai-gpt: norms behind the sums, and none at the end
  int64_t vocab_size = 50257;
  int64_t n_positions = 1024;
  int64_t n_embd = 768;
  int64_t n_layer = 12;
  int64_t n_head = 12;
  std::optional<int64_t> n_inner;                // absent: 4 n_embd, as it always is in GPT-1
  std::string activation_function = "gelu_new";  // "afn" in GPT-1, where "gelu" is the tanh form, too
  double resid_pdrop = 0.1;
  double embd_pdrop = 0.1;
  double attn_pdrop = 0.1;
  // In front of the classes of texts; absent: nothing is dropped there, as in the reference.
  double layer_norm_epsilon = 1e-5;
  double initializer_range = 0.02;
  bool scale_attn_weights = true;                // scores by 1 / sqrt(head size)
  bool scale_attn_by_inverse_layer_idx = false;  // ... and by 1 / (number of the layer, from 1)
  std::optional<int64_t> bos_token_id, pad_token_id;
  std::vector<int64_t> eos_token_ids;  // "eos_token_id": a number or a list
  // What pads texts for a classifier that is new (see settle()).
  std::optional<int64_t> classifier_padding;

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's GPT does not do (cross-attention, pruned heads, quantised weights, ...).
  static GptConfig from_json(const Json& json);

  // `architecture`: "GPT2LMHeadModel", written as the model_type has it ("OpenAIGPTLMHeadModel").
  Json to_json(const std::string& architecture) const;

  bool is_gpt1() const { return model_type == "openai-gpt"; }
  int64_t inner_size() const { return n_inner.value_or(4 * n_embd); }
  double score_scale(int64_t layer) const;
  UnaryOp activation() const;
  // A text is classified by its last token that is not this one.
  std::optional<int64_t> padding_of_classifier() const { return pad_token_id ? pad_token_id : classifier_padding; }

  CheckpointNames checkpoint_names() const;
  // A file whose output matrix holds other numbers than the word embeddings it should be tied to makes the
  // configuration untied; one without an output matrix is tied, whatever the configuration says: see the source's
  // report. A classifier that is new has its texts padded with the end token if there is no pad_token_id: the reference
  // takes no batch without one.
  void settle(CheckpointSource& source);
};

}  // namespace thaw
