// SPDX-License-Identifier: Apache-2.0
// Whisper's encoder with a head for classes of sounds. B sounds, L labels, C channels.
#pragma once

#include <string>
#include <vector>

#include "models/classification_loss.h"
#include "models/whisper/encoder.h"
#include "nn/linear.h"

namespace thaw {

// One label, several, or numbers, of a sound: classifier(projector(h)), h the mean over time of the last hidden state,
// or (use_weighted_layer_sum) of all of them, weighted by softmax(layer_weights). The reference projects every row, and
// takes the mean of that, which is the same but for rounding.
struct WhisperForAudioClassification {
  static constexpr const char* architecture = "WhisperForAudioClassification";
  static constexpr const char* head = "classifier";
  using Config = WhisperConfig;
  WhisperEncoder encoder;
  Parameter layer_weights;  // [hidden states], or undefined
  Linear projector, classifier;
  ProblemType problem;

  WhisperForAudioClassification(const Scope& s, const WhisperConfig& config);

  Variable operator()(const WhisperInput& sounds) const { return classifier(projector(pooled(sounds))); }  // [B, L]
  Variable pooled(const WhisperInput& sounds) const;                                                       // [B, C]
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }
  // Names of parameters that get no gradient, whatever is trained.
  std::vector<std::string> unread() const { return encoder.unread(); }
};

}  // namespace thaw
