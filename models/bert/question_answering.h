// SPDX-License-Identifier: Apache-2.0
// BERT that finds an answer in a text: for each token, how well the answer begins or ends there. T tokens, B texts.
#pragma once

#include <vector>

#include "models/bert/bert.h"

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

  // Half the cross-entropies of starts and of ends, each over the tokens of its text (padding included where `text`
  // kept it: the reference does so), divided by how many starts and ends are counted. starts, ends [B]: the answer's
  // first and last token in its text; a position beyond the text is not counted, one below 0 stands for the first
  // token. counts: parts of a batch that are given those of the whole add up; 0: this batch's own.
  Variable loss(const Variable& logits, const BertInput& text, const std::vector<int32_t>& starts,
                const std::vector<int32_t>& ends, double start_count = 0, double end_count = 0) const;
};

}  // namespace thaw
