// SPDX-License-Identifier: Apache-2.0
// AST (Gong et al. 2021): a vision transformer that reads spectrograms. Overlapping patches stand behind a class token
// and a distillation token (of DeiT, whose weights it began with); what it makes of a sound is the mean of both.
// B sounds, T rows in all, C channels. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/ast/config.h"
#include "models/ast/input.h"
#include "models/image/patch_embeddings.h"
#include "nn/norm.h"
#include "nn/pre_norm_stack.h"

namespace thaw {

struct AST {
  static constexpr const char* architecture = "ASTModel";
  using Config = ASTConfig;
  PatchEmbeddings embeddings;
  PreNormStack encoder;
  LayerNorm norm;

  // What is read of it: all rows, or the mean of each sound's two tokens.
  enum class Reads { rows, pooled };
  AST(const Scope& s, const ASTConfig& config, Reads what = Reads::pooled);

  // The last hidden states [T, C]. If `hidden` is given, it receives the embeddings and every layer's output, before
  // the norm. std::invalid_argument: there are no positions for so many patches.
  Variable operator()(const ASTInput& sounds, std::vector<Variable>* hidden = nullptr) const;
  // [B, C]: the mean of the last hidden states of both tokens: the last layer computes no other row.
  Variable pooled(const ASTInput& sounds) const;

  // As a trunk (models/prefix/frozen_prefix.h): embeddings, layers, the norm. Where the mean is read, the last layer
  // gives both tokens of a sound side by side, [B, 2 C], and the norm their mean.
  std::vector<std::string> stages() const;
  int64_t lookup_stages() const { return 0; }  // patches are multiplied
  bool gives_a_row_a_text(int64_t stages) const { return reads_ == Reads::pooled && stages > encoder.count(); }
  Variable states(const ASTInput& sounds, int64_t stages) const;

 private:
  Reads reads_;
  std::string norm_path_;

  int64_t stages_below_norm() const { return encoder.count() + 1; }
  Variable embed(const ASTInput& sounds) const;
  // What the first `count` layers give.
  Variable lower_layers(const ASTInput& sounds, int64_t count, std::vector<Variable>* hidden = nullptr) const;
  // What the last layer makes of both tokens: [2 B, C].
  Variable last_layer(const ASTInput& sounds) const;
};

}  // namespace thaw
