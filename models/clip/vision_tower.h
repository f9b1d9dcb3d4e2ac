// SPDX-License-Identifier: Apache-2.0
// CLIP's tower for pictures: patches behind a class token, positions, a norm, pre-norm layers; a picture is read at its
// class token, behind another norm. B pictures, T rows in all, C channels. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/clip/config.h"
#include "models/image/patch_embeddings.h"
#include "nn/norm.h"
#include "nn/pre_norm_stack.h"

namespace thaw {

struct CLIPVisionTower {
  PatchEmbeddings embeddings;
  LayerNorm first_norm;  // "pre_layrnorm": misspelt in all files
  PreNormStack encoder;
  LayerNorm norm;  // "post_layernorm", of class tokens; undefined where all rows are read

  enum class Reads { rows, class_tokens };
  CLIPVisionTower(const Scope& s, const CLIPVisionConfig& config, Reads what = Reads::class_tokens);

  // The last layer's output [T, C], behind no norm. If `hidden` is given, it receives what the layers read and every
  // layer's output.
  Variable operator()(const PatchInput& pictures, std::vector<Variable>* hidden = nullptr) const;
  // Class tokens alone [B, C], behind the norm: the last layer computes no other row.
  Variable pooled(const PatchInput& pictures) const;

  // As a trunk (models/prefix/frozen_prefix.h): embeddings with their norm, layers, and where class tokens are read the
  // norm behind them; the last layer and that give those alone.
  std::vector<std::vector<std::string>> stages() const;
  int64_t lookup_stages() const { return 0; }  // patches are multiplied
  bool gives_a_row_a_text(int64_t stages) const { return norm.weight.defined() && stages > encoder.count(); }
  Variable states(const PatchInput& pictures, int64_t stages) const;

 private:
  std::string first_norm_path_, norm_path_;

  int64_t stages_below_norm() const { return encoder.count() + 1; }
  // What the first `count` layers give.
  Variable lower_layers(const PatchInput& pictures, int64_t count, std::vector<Variable>* hidden = nullptr) const;
  // What the last layer makes of class tokens.
  Variable last_layer(const PatchInput& pictures) const;
};

}  // namespace thaw
