// SPDX-License-Identifier: Apache-2.0
// A file of captions and pictures, each a sequence that a model learns to tell token by token.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/encoded_texts.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"
#include "models/tasks/text_to_image/options.h"
#include "models/tasks/text_to_image/sequence_encoder.h"

namespace thaw {

class TextToImageExamples : public Examples {
 public:
  struct Data {
    EncodedTexts sequences;
    std::vector<std::string> pictures = {};  // paths
  };
  TextToImageExamples(TextPipeline& model, std::shared_ptr<const SequenceEncoder> encoder,
                      std::shared_ptr<const Data> data)
      : model_(model), encoder_(std::move(encoder)), data_(std::move(data)) {}

  std::span<const int64_t> lengths() const override { return data_->sequences.lengths(); }
  // The term of a sequence: 1/8 of the mean over its caption's places behind the first, paddings among them, and 7/8
  // of the mean over its pixels. Where the picture begins is known: <image> is not told.
  Variable loss(std::span<const int64_t> examples, double count) const override;
  // The logits of these places, captions first.
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override;
  using Examples::keep_frozen;
  std::vector<std::string> notes() const override;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return static_cast<int64_t>(data_->sequences[example].cut); }
  uint64_t kin(int64_t example) const override { return data_->sequences.checksum(example); }
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;
  std::vector<std::string> files() const override { return data_->pictures; }

 private:
  struct Batch;
  std::string caption(int64_t example) const;

  TextPipeline& model_;
  std::shared_ptr<const SequenceEncoder> encoder_;
  std::shared_ptr<const Data> data_;
};

// std::runtime_error naming file and line: a row without a caption, or whose picture is not as the model's are; a file
// without rows.
std::shared_ptr<const TextToImageExamples::Data> read_sequences(const SequenceEncoder& encoder, const std::string& file,
                                                                const TextToImageOptions& options);

}  // namespace thaw
