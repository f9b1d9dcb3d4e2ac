// SPDX-License-Identifier: Apache-2.0
// Goldens of what BERT is pretrained for.
#include "models/bert/pretraining.h"
#include "tests/models/bert/golden_bert.h"

namespace thaw {

template <>
GoldenOutputs GoldenHead<BertForMaskedLM>::outputs(const BertForMaskedLM& model, const BertInput& text) {
  return {{"logits", {model(text), text.cells}}};
}
template <>
Variable GoldenHead<BertForMaskedLM>::loss(const BertForMaskedLM& model, const GoldenLabels& labels) {
  return model.loss(labels.text, labels.text.pick(labels.integers("labels")));
}

template <>
GoldenOutputs GoldenHead<BertForNextSentencePrediction>::outputs(const BertForNextSentencePrediction& model,
                                                                 const BertInput& text) {
  return {{"logits", {model(text), {}}}};
}
template <>
Variable GoldenHead<BertForNextSentencePrediction>::loss(const BertForNextSentencePrediction& model,
                                                         const GoldenLabels& labels) {
  return model.loss(model(labels.text), Indices(labels.integers("labels"), labels.device));
}

template <>
GoldenOutputs GoldenHead<BertForPreTraining>::outputs(const BertForPreTraining& model, const BertInput& text) {
  const BertForPreTraining::Logits logits = model.logits(text);
  return {{"prediction_logits", {logits.words, text.cells}}, {"seq_relationship_logits", {logits.next_sentence, {}}}};
}
template <>
Variable GoldenHead<BertForPreTraining>::loss(const BertForPreTraining& model, const GoldenLabels& labels) {
  return model.loss(labels.text, labels.text.pick(labels.integers("labels")), labels.integers("next_sentence_label"));
}

namespace {
const GoldenEntry entries[] = {
    golden_bert<BertForMaskedLM>(),
    golden_bert<BertForNextSentencePrediction>(),
    golden_bert<BertForPreTraining>(),
};
}

}  // namespace thaw
