// SPDX-License-Identifier: Apache-2.0
// Goldens of classes of texts and of tokens.
#include "models/bert/classification.h"
#include "tests/models/bert/golden_bert.h"

namespace thaw {

template <>
GoldenOutputs GoldenHead<BertForSequenceClassification>::outputs(const BertForSequenceClassification& model,
                                                                 const BertInput& text) {
  return {{"logits", {model(text), {}}}};
}
template <>
Variable GoldenHead<BertForSequenceClassification>::loss(const BertForSequenceClassification& model,
                                                         const GoldenLabels& labels) {
  ClassificationTargets targets;
  if (model.problem == ProblemType::single_label) {
    targets.classes = labels.integers("labels");
  } else {
    targets.values = labels.numbers("labels");
  }
  return model.loss(model(labels.text), targets);
}

template <>
GoldenOutputs GoldenHead<BertForTokenClassification>::outputs(const BertForTokenClassification& model,
                                                              const BertInput& text) {
  return {{"logits", {model(text), text.cells}}};
}
template <>
Variable GoldenHead<BertForTokenClassification>::loss(const BertForTokenClassification& model,
                                                      const GoldenLabels& labels) {
  return model.loss(model(labels.text), Indices(labels.text.pick(labels.integers("labels")), labels.device));
}

namespace {
const GoldenEntry entries[] = {
    golden_bert<BertForSequenceClassification>(),
    golden_bert<BertForTokenClassification>(),
};
}

}  // namespace thaw
