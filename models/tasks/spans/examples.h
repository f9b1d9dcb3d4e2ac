// SPDX-License-Identifier: Apache-2.0
// A file of texts whose missing spans a model has to write.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/encoded_texts.h"
#include "models/tasks/spans/corruption.h"
#include "models/tasks/spans/options.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_encoder.h"
#include "models/text_writer.h"

namespace thaw {

class SpansExamples : public Examples {
 public:
  struct Data {
    EncodedTexts pieces;                  // without special tokens
    std::vector<int64_t> lengths = {};    // of each: tokens of source and target
    std::vector<std::string> notes = {};  // of what was read
    std::vector<uint64_t> kin = {};       // of each: a checksum of the whole text that it is of; empty: of itself
  };
  // Model and tokenizer must outlive them. Spans are drawn by (seed, epoch, number of the piece); those to judge by by
  // the number alone.
  SpansExamples(TextWriter& writer, const Tokenizer& tokenizer, std::shared_ptr<const SpanRule> rule, uint64_t seed,
                std::shared_ptr<const Data> data)
      : writer_(writer), tokenizer_(tokenizer), rule_(std::move(rule)), seed_(seed), data_(std::move(data)) {}

  std::span<const int64_t> lengths() const override { return data_->lengths; }
  // Tokens of the targets.
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  void begin_epoch(int64_t epoch) override { epoch_ = epoch; }
  // By spans that are the same at any time.
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  // As the model sees it in the epoch that began last.
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t) const override { return 0; }  // long texts are several examples
  uint64_t kin(int64_t example) const override {
    return data_->kin.empty() ? data_->pieces.checksum(example) : data_->kin[static_cast<size_t>(example)];
  }
  std::vector<std::string> notes() const override { return data_->notes; }
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  CorruptedText drawn(int64_t example, int64_t epoch) const;
  struct Batch;

  TextWriter& writer_;
  const Tokenizer& tokenizer_;
  std::shared_ptr<const SpanRule> rule_;
  uint64_t seed_;
  std::shared_ptr<const Data> data_;
  int64_t epoch_ = 0;
};

// The texts of a file in pieces whose sources have at most encoder.max_length() tokens: of each text, or of all joined
// in their order. What cannot lose a span (less than two tokens, sentinels in the text itself) is passed over, and
// notes tell how many. std::runtime_error naming file and line: a broken row, a file without a piece.
std::shared_ptr<const SpansExamples::Data> read_pieces(const TextEncoder& encoder, const std::string& file,
                                                       const SpansOptions& options, const SpanRule& rule);
// So many made-up pieces of the greatest length.
std::shared_ptr<const SpansExamples::Data> made_up_pieces(const TextEncoder& encoder, int64_t count,
                                                          const SpanRule& rule);

}  // namespace thaw
