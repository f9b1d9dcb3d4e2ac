// SPDX-License-Identifier: Apache-2.0
// ViltConfig: the sizes and switches of a model that reads a text and a picture together, read from config.json and
// written back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/bert/config.h"
#include "models/image/patch_embeddings.h"
#include "models/vit/layers_config.h"

namespace thaw {

// Names and defaults are those of config.json.
struct ViltConfig : ViTLayersConfig {
  int64_t vocab_size = 30522;
  int64_t type_vocab_size = 2;
  int64_t max_position_embeddings = 40;  // of a text
  std::optional<int64_t> pad_token_id;
  int64_t modality_type_vocab_size = 2;  // texts, pictures; further ones are read by no model here
  int64_t image_size = 384;              // height and width that the table of positions is for; others are taken, too
  int64_t patch_size = 32;
  // Of a picture with more patches than this (null and negative numbers: any) the reference library reads so many,
  // drawn anew each time, in evaluation too. Other pictures are not touched by it. Here a picture with more is an
  // error.
  std::optional<int64_t> max_image_length;

  // Throws std::runtime_error "FILE: KEY: what is wrong" on a wrong type, a value out of range, or a key that asks for
  // a computation that thaw's ViLT does not do (several pictures a text, quantised weights, ...).
  static ViltConfig from_json(const Json& json);

  // `architecture`: "ViltForQuestionAnswering".
  Json to_json(const std::string& architecture) const;

  BertConfig texts() const;  // of what embeds texts, and of the pooler: both are BERT's
  PatchEmbeddingOptions pictures() const;

  CheckpointNames checkpoint_names() const;
  // A model from scratch needs to know its vocabulary's size, and numbers that are not all 0.
  void settle(CheckpointSource& source);
};

}  // namespace thaw
