// SPDX-License-Identifier: Apache-2.0
// AST with a linear head for classes of sounds. B sounds, L labels.
#pragma once

#include "models/ast/ast.h"
#include "models/classification_loss.h"
#include "nn/linear.h"

namespace thaw {

// One label, several, or numbers, of a sound. No dropout is in front of the head, as in the reference.
struct ASTForAudioClassification {
  static constexpr const char* architecture = "ASTForAudioClassification";
  static constexpr const char* head = "classifier";
  static constexpr const char* output = "classifier.dense";
  using Config = ASTConfig;
  AST ast;
  LayerNorm norm;
  Linear dense;
  ProblemType problem;

  ASTForAudioClassification(const Scope& s, const ASTConfig& config)
      : ast(s / "audio_spectrogram_transformer", config),
        norm(s / "classifier.layernorm", config.hidden_size, config.layer_norm_eps),
        dense(s / "classifier.dense", config.hidden_size, config.num_labels(), Init::normal(config.initializer_range)),
        problem(config.problem()) {}

  Variable operator()(const ASTInput& sounds) const { return dense(norm(ast.pooled(sounds))); }  // [B, L]
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }
};

}  // namespace thaw
