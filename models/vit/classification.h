// SPDX-License-Identifier: Apache-2.0
// ViT with a linear head for classes of pictures. B pictures, L labels.
#pragma once

#include "models/classification_loss.h"
#include "models/vit/vit.h"

namespace thaw {

// One label, several, or numbers (a score), of a picture. No dropout is in front of the head, as in the reference.
struct ViTForImageClassification {
  static constexpr const char* architecture = "ViTForImageClassification";
  static constexpr const char* head = "classifier";
  using Config = ViTConfig;
  ViT vit;
  Linear classifier;
  ProblemType problem;

  ViTForImageClassification(const Scope& s, const ViTConfig& config)
      : vit(s / "vit", config, ViT::Reads::class_tokens),
        classifier(s / "classifier", config.hidden_size, config.num_labels(), Init::normal(config.initializer_range)),
        problem(config.problem()) {}

  Variable operator()(const PatchInput& pictures) const { return classifier(vit.class_tokens(pictures)); }  // [B, L]
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }
};

}  // namespace thaw
