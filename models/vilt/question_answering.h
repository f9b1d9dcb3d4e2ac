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
  // Whatever config.json says: an answer may be true to some degree, as far as people gave it.
  static constexpr ProblemType problem = ProblemType::multi_label;
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
  // Of a pair the sum, not the mean, of the binary cross-entropies of its answers.
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return scale(classification_loss(problem, logits, targets, count), static_cast<double>(logits.size(1)));
  }
};

}  // namespace thaw
