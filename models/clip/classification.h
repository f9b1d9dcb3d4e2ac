// SPDX-License-Identifier: Apache-2.0
// CLIP's tower for pictures with a linear head for their classes. B pictures, L labels.
#pragma once

#include <cmath>

#include "models/classification_loss.h"
#include "models/clip/vision_tower.h"
#include "nn/linear.h"

namespace thaw {

// One label, several, or numbers (a score), of a picture, by the mean of what the last layer gives for its patches: the
// norm behind it is not read, as in the reference.
struct CLIPForImageClassification {
  static constexpr const char* architecture = "CLIPForImageClassification";
  static constexpr const char* head = "classifier";
  using Config = CLIPClassifierConfig;
  CLIPVisionTower vision_model;
  Linear classifier;
  ProblemType problem;

  CLIPForImageClassification(const Scope& s, const CLIPClassifierConfig& config)
      : vision_model(s / "vision_model", config.vision, CLIPVisionTower::Reads::rows),
        classifier(s / "classifier", config.vision.hidden_size, config.num_labels(),
                   Init::normal(config.initializer_factor / std::sqrt(static_cast<double>(config.vision.hidden_size)))),
        problem(config.problem()) {}

  Variable operator()(const PatchInput& pictures) const {  // [B, L]
    return classifier(mean_segments(take_rows(vision_model(pictures), pictures.rows.texts), pictures.patch_segments()));
  }
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }
};

}  // namespace thaw
