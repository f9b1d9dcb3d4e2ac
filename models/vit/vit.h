// SPDX-License-Identifier: Apache-2.0
// ViT (Dosovitskiy et al. 2021): a picture's patches behind a class token, positions, a stack of pre-norm layers, a
// last norm. B pictures, T rows in all, C channels. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/image/patch_embeddings.h"
#include "models/vit/config.h"
#include "nn/linear.h"
#include "nn/norm.h"
#include "nn/pre_norm_stack.h"

namespace thaw {

// act(W h + b) of each picture's class token
struct ViTPooler {
  std::string path;  // what its parameters' names begin with
  Linear dense;      // undefined: there is none
  UnaryOp activation = UnaryOp::tanh;

  ViTPooler() = default;
  ViTPooler(const Scope& s, const ViTConfig& config);
  Variable operator()(const Variable& class_tokens) const { return dense(class_tokens, activation); }  // [B, pooled]
};

struct ViT {
  static constexpr const char* architecture = "ViTModel";
  using Config = ViTConfig;
  PatchEmbeddings embeddings;
  PreNormStack encoder;
  LayerNorm norm;
  ViTPooler pooler;

  // What is read of it: all rows, each picture's class token, or what the pooler makes of that.
  enum class Reads { rows, class_tokens, pooled };
  ViT(const Scope& s, const ViTConfig& config, Reads what = Reads::pooled);

  // The last hidden states [T, C]. If `hidden` is given, it receives the embeddings and every layer's output, before
  // the norm.
  Variable operator()(const PatchInput& pictures, std::vector<Variable>* hidden = nullptr) const;
  // The same of each picture's class token alone [B, C]: the last layer computes no other row.
  Variable class_tokens(const PatchInput& pictures) const;
  Variable pooled(const PatchInput& pictures) const;  // [B, pooled]

  // As a trunk (models/prefix/frozen_prefix.h): embeddings, layers, the norm, and the pooler, if there is one. Where
  // class tokens are read, the last layer and what is behind it give those alone.
  std::vector<std::string> stages() const;
  int64_t lookup_stages() const { return 0; }  // patches are multiplied
  bool gives_a_row_a_text(int64_t stages) const { return reads_ != Reads::rows && stages > encoder.count(); }
  Variable states(const PatchInput& pictures, int64_t stages) const;

 protected:
  // The same layers on other patches than those of pictures; without a pooler.
  ViT(const Scope& s, const ViTLayersConfig& config, const PatchEmbeddingOptions& patches, Reads what);

 private:
  Reads reads_;
  std::string norm_path_;

  int64_t stages_below_norm() const { return encoder.count() + 1; }
  // What the first `count` layers give.
  Variable lower_layers(const PatchInput& pictures, int64_t count, std::vector<Variable>* hidden = nullptr) const;
  // What the last layer makes of class tokens.
  Variable last_layer(const PatchInput& pictures) const;
};

// The encoder alone: the last hidden states [T, C] are its outputs.
struct ViTEncoder {
  static constexpr const char* architecture = ViT::architecture;
  using Config = ViTConfig;
  ViT vit;

  ViTEncoder(const Scope& s, const ViTConfig& config) : vit(s, config, ViT::Reads::rows) {}
  Variable operator()(const PatchInput& pictures) const { return vit(pictures); }
};

}  // namespace thaw
