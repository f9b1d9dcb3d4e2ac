// SPDX-License-Identifier: Apache-2.0
// BERT that finds an answer in a text: for each token, how well the answer begins or ends there. T tokens, B texts.
#pragma once

#include <vector>

#include "models/bert/bert.h"
#include "models/span_loss.h"

namespace thaw {

// The batch with its padding, for the loss that the reference takes over whole padded rows. Errors as in PackedText.
BertInput keep_padding(const PaddedText& padded, Device device);

struct BertForQuestionAnswering {
  static constexpr const char* architecture = "BertForQuestionAnswering";
  static constexpr const char* head = "qa_outputs";
  using Config = BertConfig;
  Bert bert;
  Linear qa_outputs;

  BertForQuestionAnswering(const Scope& s, const BertConfig& config);

  Variable operator()(const BertInput& text) const { return qa_outputs(bert(text)); }  // [T, 2]: start, end

  // See span_loss(); over the padding, too, where `text` kept it.
  Variable loss(const Variable& logits, const BertInput& text, const std::vector<int32_t>& starts,
                const std::vector<int32_t>& ends, double start_count = 0, double end_count = 0) const {
    return span_loss(logits, text.segments, starts, ends, start_count, end_count);
  }
};

}  // namespace thaw
