// SPDX-License-Identifier: Apache-2.0
// ViLT that answers questions about pictures with one of a list of answers. B pairs, L answers (labels).
#pragma once

#include "autograd/functions.h"
#include "models/classification_loss.h"
#include "models/vilt/vilt.h"

namespace thaw {

struct ViltForQuestionAnswering {
  static constexpr const char* architecture = "ViltForQuestionAnswering";
  static constexpr const char* head = "classifier";
  static constexpr const char* output = "classifier.3";
  using Config = ViltConfig;
  Vilt vilt;
  Linear inner;    // [C] -> [2 C]
  LayerNorm norm;  // with torch's eps, not the configuration's
  Linear outer;    // [2 C] -> [L]

  ViltForQuestionAnswering(const Scope& s, const ViltConfig& config)
      : vilt(s / "vilt", config),
        inner(s / "classifier.0", config.hidden_size, 2 * config.hidden_size, Init::normal(config.initializer_range)),
        norm(s / "classifier.1", 2 * config.hidden_size),
        outer(s / "classifier.3", 2 * config.hidden_size, config.num_labels(), Init::normal(config.initializer_range)) {
  }

  Variable operator()(const ViltInput& pairs) const { return outer(gelu(norm(inner(vilt.pooled(pairs))))); }  // [B, L]
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return answers_loss(logits, targets, count);
  }
};

}  // namespace thaw
