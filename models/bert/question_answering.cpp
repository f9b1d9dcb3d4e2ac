// SPDX-License-Identifier: Apache-2.0
// Batches that keep their padding, and what the head must be.
#include "models/bert/question_answering.h"

#include <utility>

#include "tensor/check.h"

namespace thaw {

BertInput keep_padding(const PaddedText& padded, Device device) {
  const PackedText texts = PackedText::from_padded(padded, device);  // only where text is
  PaddedText whole = padded;
  whole.mask = {};
  BertInput input = BertInput::from_padded(whole, device);
  if (texts.total() == input.total()) return input;
  std::vector<int32_t> firsts;
  for (const int32_t row : texts.first_rows()) firsts.push_back(texts.cells[static_cast<size_t>(row)]);
  input.first_tokens = Indices(std::move(firsts), device);
  input.text_rows = Indices(texts.cells, device);
  input.text_segments = texts.segments;
  return input;
}

BertForQuestionAnswering::BertForQuestionAnswering(const Scope& s, const BertConfig& config)
    : bert(s / "bert", config, Bert::Pooler::without),
      qa_outputs(s / "qa_outputs", config.hidden_size, 2, Init::normal(config.initializer_range)) {
  if (config.num_labels() != 2)
    fail("{}: question answering has two outputs, start and end, not {}", config.json.where("id2label"),
         config.num_labels());
}

}  // namespace thaw
