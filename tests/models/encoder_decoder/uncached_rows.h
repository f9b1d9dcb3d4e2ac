// SPDX-License-Identifier: Apache-2.0
// An encoder-decoder that keeps nothing: all of every row is computed anew at each step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "models/encoder_decoder/encoder_decoder.h"
#include "models/generation/decoder.h"

namespace thaw {

class UncachedRows : public Decoder {
 public:
  UncachedRows(const EncoderDecoderModel& model, std::vector<Encoding> sources, Device device)
      : model_(model), sources_(std::move(sources)), device_(device) {}
  int64_t vocab_size() const override { return model_.predictions.decoder.out(); }
  int64_t most_tokens() const override { return INT64_MAX; }
  Tensor start(std::span<const std::vector<int32_t>> prompts) override {
    rows_.clear();
    for (size_t i = 0; i < prompts.size(); ++i) rows_.push_back({i, prompts[i]});
    return logits();
  }
  Tensor step(std::span<const int32_t> parents, std::span<const int32_t> ids) override {
    std::vector<Row> next;
    for (size_t r = 0; r < parents.size(); ++r) {
      next.push_back(rows_.at(static_cast<size_t>(parents[r])));
      next.back().ids.push_back(ids[r]);
    }
    rows_ = std::move(next);
    return logits();
  }

 private:
  struct Row {
    size_t source;
    std::vector<int32_t> ids;
  };
  Tensor logits() const {
    std::vector<Encoding> sources, read;
    for (const Row& row : rows_) {
      sources.push_back(sources_[row.source]);
      read.emplace_back().ids = row.ids;
    }
    const PackedText text = PackedText::from_encodings(pointers_to(read), device_);
    const Variable hidden = model_.decode(text, model_.encode(BertInput::from_encodings(sources, device_)));
    return model_.predictions(take_rows(hidden, Indices(text.last_rows(), device_))).value();
  }

  const EncoderDecoderModel& model_;
  std::vector<Encoding> sources_;
  Device device_;
  std::vector<Row> rows_;
};

}  // namespace thaw
