// SPDX-License-Identifier: Apache-2.0
// ViLT (Kim et al. 2021): the embeddings of a text's tokens and of a picture's patches side by side, a stack of
// pre-norm layers in which each row attends to all of both, a last norm, a pooler. B pairs of a text and a picture, T
// rows in all, C channels. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/bert/bert.h"
#include "models/image/patch_embeddings.h"
#include "models/vilt/config.h"
#include "models/vilt/input.h"
#include "nn/embedding.h"
#include "nn/norm.h"
#include "nn/pre_norm_stack.h"

namespace thaw {

// x = text tokens, normed as BERT's, | class token and patches, not normed, + the vector of their modality
struct ViltEmbeddings {
  Scope scope;
  BertEmbeddings texts;
  PatchEmbeddings pictures;
  Embedding modalities;  // "token_type_embeddings"; those of the texts are their own
  std::optional<int64_t> most_patches;

  ViltEmbeddings(const Scope& s, const ViltConfig& config);
  // [T, C]. std::invalid_argument: a picture has more patches than the configuration's max_image_length, or what is
  // wrong with texts or pictures alone.
  Variable operator()(const ViltInput& pairs) const;
};

struct Vilt {
  static constexpr const char* architecture = "ViltModel";
  using Config = ViltConfig;
  ViltEmbeddings embeddings;
  PreNormStack encoder;
  LayerNorm norm;
  BertPooler pooler;

  Vilt(const Scope& s, const ViltConfig& config);

  // The last hidden states [T, C]. If `hidden` is given, it receives the embeddings and every layer's output, before
  // the norm.
  Variable operator()(const ViltInput& pairs, std::vector<Variable>* hidden = nullptr) const;
  // What the pooler makes of each text's first token [B, C]: the last layer computes no other row.
  Variable pooled(const ViltInput& pairs) const;

  // As a trunk (models/prefix/frozen_prefix.h): embeddings, layers, the norm, the pooler. The last layer and what is
  // behind it give first tokens alone.
  std::vector<std::string> stages() const;
  int64_t lookup_stages() const { return 0; }  // patches are multiplied
  bool gives_a_row_a_text(int64_t stages) const { return stages > encoder.count(); }
  Variable states(const ViltInput& pairs, int64_t stages) const;

 private:
  std::string norm_path_;

  int64_t stages_below_norm() const { return encoder.count() + 1; }
  // What the first `count` layers give.
  Variable lower_layers(const ViltInput& pairs, int64_t count, std::vector<Variable>* hidden = nullptr) const;
  // What the last layer makes of first tokens, and the norm of that.
  Variable last_layer(const ViltInput& pairs) const;
  Variable first_tokens(const ViltInput& pairs) const;
};

// The bare model: the last hidden states [T, C] are its outputs.
struct ViltEncoder {
  static constexpr const char* architecture = Vilt::architecture;
  using Config = ViltConfig;
  Vilt vilt;

  ViltEncoder(const Scope& s, const ViltConfig& config) : vilt(s, config) {}
  Variable operator()(const ViltInput& pairs) const { return vilt(pairs); }
};

}  // namespace thaw
