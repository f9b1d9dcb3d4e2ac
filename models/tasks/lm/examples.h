// SPDX-License-Identifier: Apache-2.0
// A file of texts whose tokens a model learns to tell.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/lm/documents.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class LmExamples : public Examples {
 public:
  struct Data {
    std::string file;
    std::vector<LmWindow> windows;
    std::vector<int64_t> lengths, lines, documents;  // of each window; windows of one text have one number
    std::vector<uint64_t> kin;                       // a checksum of the whole text
    std::vector<std::string> notes;
  };
  LmExamples(TextPipeline& model, std::shared_ptr<const Data> data) : model_(model), data_(std::move(data)) {}

  std::span<const int64_t> lengths() const override { return data_->lengths; }
  // One a counted token.
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override;
  using Examples::keep_frozen;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override { return static_cast<int64_t>(window(example).tokens.cut); }
  int64_t group(int64_t example) const override { return data_->documents[static_cast<size_t>(example)]; }
  uint64_t kin(int64_t example) const override { return data_->kin[static_cast<size_t>(example)]; }
  std::vector<std::string> notes() const override { return data_->notes; }
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  const LmWindow& window(int64_t example) const { return data_->windows[static_cast<size_t>(example)]; }

  std::vector<const LmWindow*> windows(std::span<const int64_t> examples) const;

  TextPipeline& model_;
  std::shared_ptr<const Data> data_;
};

// The texts of a file; long ones become several examples; of those with nothing to tell (empty, a single token) notes
// tell how many were passed over. std::runtime_error naming file and line: a broken row; behind a prompt a text without
// a token that is counted, or one that is cut off with all beyond max_length; a file without a text.
std::shared_ptr<const LmExamples::Data> read_lm_texts(const LmEncoder& encoder, const std::string& file,
                                                      const LmOptions& options);
// So many made-up texts of the greatest length.
std::shared_ptr<const LmExamples::Data> made_up_lm_texts(const TextEncoder& encoder, int64_t count);

}  // namespace thaw
