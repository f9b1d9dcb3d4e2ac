// SPDX-License-Identifier: Apache-2.0
// A GPT that keeps nothing: all of every row is computed anew at each step.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/generation/decoder.h"
#include "models/gpt/language_model.h"
#include "tests/models/small_gpt.h"

namespace thaw {

class UncachedGpt : public Decoder {
 public:
  UncachedGpt(const GptLMHeadModel& model, Device device) : model_(model), device_(device) {}
  int64_t vocab_size() const override { return model_.lm_head.out(); }
  int64_t most_tokens() const override { return model_.decoder()->most_tokens(); }
  Tensor start(std::span<const std::vector<int32_t>> prompts) override {
    rows_.assign(prompts.begin(), prompts.end());
    return logits();
  }
  Tensor step(std::span<const int32_t> parents, std::span<const int32_t> ids) override {
    std::vector<std::vector<int32_t>> next;
    for (size_t r = 0; r < parents.size(); ++r) {
      next.push_back(rows_.at(static_cast<size_t>(parents[r])));
      next.back().push_back(ids[r]);
    }
    rows_ = std::move(next);
    return logits();
  }

 private:
  Tensor logits() const {
    const GptInput texts = gpt_texts(rows_, device_);
    return model_.at_tokens(texts, Indices(texts.last_rows(), device_)).value();
  }

  const GptLMHeadModel& model_;
  Device device_;
  std::vector<std::vector<int32_t>> rows_;
};

}  // namespace thaw
