// SPDX-License-Identifier: Apache-2.0
// Goldens of question answering.
#include "models/bert/question_answering.h"
#include "tests/models/bert/golden_bert.h"

namespace thaw {

template <>
BertInput GoldenHead<BertForQuestionAnswering>::input(const PaddedText& padded, Device device) {
  return keep_padding(padded, device);
}
template <>
GoldenOutputs GoldenHead<BertForQuestionAnswering>::outputs(const BertForQuestionAnswering& model,
                                                            const BertInput& text) {
  const Variable logits = model(text);
  return {{"start_logits", {slice(logits, 1, 0, 1), text.cells}}, {"end_logits", {slice(logits, 1, 1, 2), text.cells}}};
}
template <>
Variable GoldenHead<BertForQuestionAnswering>::loss(const BertForQuestionAnswering& model, const GoldenLabels& labels) {
  return model.loss(model(labels.text), labels.text, labels.integers("start_positions"),
                    labels.integers("end_positions"));
}

namespace {
const GoldenEntry entries[] = {
    golden_bert<BertForQuestionAnswering>(),
};
}

}  // namespace thaw
