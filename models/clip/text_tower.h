// SPDX-License-Identifier: Apache-2.0
// CLIP's tower for texts: words and positions, causal pre-norm layers, a last norm; a text is read at its end token.
// B texts, T tokens in all, C channels. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/clip/config.h"
#include "models/packed_text.h"
#include "nn/embedding.h"
#include "nn/norm.h"
#include "nn/pre_norm_stack.h"

namespace thaw {

// [B]: the row of each text's first token `eos`; where that is CLIPTextConfig::eos_of_old_files, of its first one with
// the text's highest id, as in the reference library. std::invalid_argument naming a text that has no end token: no row
// is known to have seen all of it (the reference reads its first).
std::vector<int32_t> end_rows(const PackedText& text, int64_t eos);

struct CLIPTextTower {
  Embedding words, positions;
  PreNormStack encoder;
  LayerNorm norm;

  CLIPTextTower(const Scope& s, const CLIPTextConfig& config);

  // The last hidden states [T, C], behind the norm. If `hidden` is given, it receives the embeddings and every layer's
  // output, before the norm.
  Variable operator()(const PackedText& text, std::vector<Variable>* hidden = nullptr) const;
  // The same of each text's end token alone [B, C]: the last layer computes no other row, and none behind it.
  Variable pooled(const PackedText& text) const;

  // As a trunk (models/prefix/frozen_prefix.h): words with positions, layers, the norm. The last layer and the norm
  // give end tokens alone.
  std::vector<std::vector<std::string>> stages() const;
  int64_t lookup_stages() const { return 1; }
  bool gives_a_row_a_text(int64_t stages) const { return stages > encoder.count(); }
  Variable states(const PackedText& text, int64_t stages) const;

 private:
  std::string norm_path_;
  int64_t eos_;

  int64_t stages_below_norm() const { return encoder.count() + 1; }
  // What the first `count` layers give.
  Variable lower_layers(const PackedText& text, int64_t count, std::vector<Variable>* hidden = nullptr) const;
  // What the last layer makes of end tokens.
  Variable last_layer(const PackedText& text) const;
};

}  // namespace thaw
