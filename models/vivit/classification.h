// SPDX-License-Identifier: Apache-2.0
// ViViT with a linear head for classes of films. B films, L labels.
#pragma once

#include "models/classification_loss.h"
#include "models/vivit/vivit.h"

namespace thaw {

// One label, several, or numbers, of a film. No dropout is in front of the head, as in the reference.
struct VivitForVideoClassification {
  static constexpr const char* architecture = "VivitForVideoClassification";
  static constexpr const char* head = "classifier";
  using Config = VivitConfig;
  Vivit vivit;
  Linear classifier;
  ProblemType problem;

  VivitForVideoClassification(const Scope& s, const VivitConfig& config)
      : vivit(s / "vivit", config),
        classifier(s / "classifier", config.hidden_size, config.num_labels(), Init::normal(config.initializer_range)),
        problem(config.problem()) {}

  Variable operator()(const PatchInput& films) const { return classifier(vivit.class_tokens(films)); }  // [B, L]
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }
};

}  // namespace thaw
