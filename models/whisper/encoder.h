// SPDX-License-Identifier: Apache-2.0
// Whisper's encoder (Radford et al. 2022): two convolutions over log-mels, positions, pre-norm layers, a last norm.
// B sounds, T rows in all, C channels, L layers. Parameters are named as in checkpoints.
//
// The reference reads every sound as 30 seconds, the rest silence. Here a sound is as long as it is, at positions 0, 1,
// ...: what that gives of a short sound is not what it gives padded, which heads that are trained do not mind, and so
// much less is computed. A sound of max_source_positions has the reference's numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/whisper/config.h"
#include "models/whisper/convolution.h"
#include "models/whisper/input.h"
#include "nn/dropout.h"
#include "nn/embedding.h"
#include "nn/norm.h"
#include "nn/pre_norm_stack.h"

namespace thaw {

struct WhisperEncoder {
  Scope scope;
  TimeConvolution conv1, conv2;
  // "embed_positions" [max_source_positions, C]: of the file, sinusoids in a model from scratch. The class has them
  // frozen: they are read as constants, and have no gradient, whatever is trained (unread()).
  Embedding positions;
  DropoutLayer dropout;
  PreNormStack layers;
  LayerNorm norm;

  // What is read of it: all rows of the last hidden state, the mean of each sound's rows, or that mean of every hidden
  // state: the embeddings, what the layers below the last one give, the last hidden state.
  enum class Reads { rows, mean, all_means };
  WhisperEncoder(const Scope& s, const WhisperConfig& config, Reads what);

  // The last hidden states [T, C]. If `hidden` is given, it receives all of them, the last one behind the norm.
  // std::invalid_argument: a sound is longer than there are positions, or has frames of another number of bins.
  Variable operator()(const WhisperInput& sounds, std::vector<Variable>* hidden = nullptr) const;
  // Means over time: [B, C], or of all hidden states side by side [B, (L + 1) C].
  Variable means(const WhisperInput& sounds) const;

  // As a trunk (models/prefix/frozen_prefix.h): convolutions and positions, layers, the norm. Where means are read, it
  // gives those with the last stage. Where they are of all hidden states, stages give all there are so far side by
  // side, [T, stages C].
  std::vector<std::vector<std::string>> stages() const;
  int64_t lookup_stages() const { return 0; }  // frames are multiplied
  bool gives_a_row_a_text(int64_t stages) const { return reads_ != Reads::rows && stages > stages_below_norm(); }
  Variable states(const WhisperInput& sounds, int64_t stages) const;

  // Names of parameters that get no gradient, whatever is trained.
  std::vector<std::string> unread() const { return {positions.weight.name()}; }

 private:
  Reads reads_;

  int64_t stages_below_norm() const { return layers.count() + 1; }
  Variable embed(const WhisperInput& sounds) const;
  // Hidden states up to what the first `count` layers give: all of them, or the last one.
  std::vector<Variable> lower_layers(const WhisperInput& sounds, int64_t count, bool all) const;
  // The same up to the last one, behind the norm.
  std::vector<Variable> all_layers(const WhisperInput& sounds, bool all) const;
};

// The encoder alone: the last hidden states [T, C] are its outputs.
struct WhisperEncoderModel {
  static constexpr const char* architecture = "WhisperModel";
  using Config = WhisperConfig;
  WhisperEncoder encoder;

  WhisperEncoderModel(const Scope& s, const WhisperConfig& config)
      : encoder(s / "encoder", config, WhisperEncoder::Reads::rows) {}
  Variable operator()(const WhisperInput& sounds) const { return encoder(sounds); }
};

}  // namespace thaw
