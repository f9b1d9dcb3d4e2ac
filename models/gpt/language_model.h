// SPDX-License-Identifier: Apache-2.0
// GPT that says of each token which one comes next. T tokens, V words.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/generation/decoder.h"
#include "models/gpt/gpt.h"

namespace thaw {

struct GptLMHeadModel {
  static constexpr const char* architecture = "GPT2LMHeadModel";
  static constexpr const char* gpt1_architecture = "OpenAIGPTLMHeadModel";
  static constexpr const char* head = "lm_head";
  static constexpr const char* also_in = "ForSequenceClassification";  // its words are this head, if tied
  using Config = GptConfig;
  Gpt transformer;
  Linear lm_head;  // C -> V: the words' (tied) or its own

  GptLMHeadModel(const Scope& s, const GptConfig& config);

  Variable operator()(const GptInput& text) const { return lm_head(transformer(text)); }  // [T, V]
  Variable at_tokens(const GptInput& text, const Indices& tokens) const {                 // [R, V]
    return lm_head(take_rows(transformer(text), tokens));
  }
  // Of the logits no more than a chunk is there at once (linear_cross_entropy).
  Variable loss_at_tokens(const GptInput& text, const Indices& tokens, const Indices& targets, double count) const {
    return lm_head.cross_entropy(take_rows(transformer(text), tokens), targets, {}, count);
  }
  // labels [T]: the tokens themselves, -100 where one is not counted. Mean cross-entropy over the counted ones of what
  // is said of each behind those before it (the first of a text is said by none); or their sum divided by `count`.
  Variable loss(const GptInput& text, const std::vector<int32_t>& labels, double count = 0) const;

  // Continues texts; the model must outlive it.
  std::unique_ptr<Decoder> decoder() const;
};

// What each token's row says, [T]: the next one's label of its text; -100 behind a text's last token.
std::vector<int32_t> next_labels(const Segments& segments, const std::vector<int32_t>& labels);

}  // namespace thaw
