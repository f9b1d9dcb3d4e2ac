// SPDX-License-Identifier: Apache-2.0
// A file of texts whose masked words a model has to find again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/mlm/masks.h"
#include "models/tasks/mlm/options.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class MlmExamples : public Examples {
 public:
  struct Data {
    EncodedTexts texts;
    std::vector<std::vector<int32_t>> words;  // of each text: as words_of() gives them
    std::vector<std::string> notes = {};      // of what was read
    std::vector<uint64_t> kin = {};           // of each text: a checksum of the whole text that it is a part of
    // Masks that are given and stay, of each text; empty: they are drawn.
    std::vector<std::vector<MaskedToken>> fixed = {};
  };
  // The masks are drawn by (seed, epoch, number of the text); those to judge by by the number alone.
  MlmExamples(TextPipeline& model, std::shared_ptr<const MaskRule> rule, uint64_t seed,
              std::shared_ptr<const Data> data)
      : model_(model), rule_(std::move(rule)), seed_(seed), data_(std::move(data)) {}

  std::span<const int64_t> lengths() const override { return data_->texts.lengths(); }
  // One a masked token, of the epoch that began last.
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  void begin_epoch(int64_t epoch) override { epoch_ = epoch; }
  // By masks that are the same at any time.
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  // Of texts to judge by, and of those whose masks are given: other masks are drawn in each epoch.
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override;
  using Examples::keep_frozen;
  // As the model sees it in the epoch that began last.
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t) const override { return 0; }  // long texts are several examples
  // Parts of one text, and of another of the same tokens.
  uint64_t kin(int64_t example) const override {
    return data_->kin.empty() ? data_->texts.checksum(example) : data_->kin[static_cast<size_t>(example)];
  }
  std::vector<std::string> notes() const override { return data_->notes; }
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  std::vector<MaskedToken> masks(int64_t example, int64_t epoch) const;
  struct Batch;

  TextPipeline& model_;
  std::shared_ptr<const MaskRule> rule_;
  uint64_t seed_;
  std::shared_ptr<const Data> data_;
  int64_t epoch_ = 0;
};

// The texts of a file; those longer than the model takes become several; what has no word (a text, or a part of one) is
// passed over: notes tell how many. std::runtime_error naming file and line: a broken row, a file without a word.
std::shared_ptr<const MlmExamples::Data> read_texts_to_mask(const TextEncoder& encoder, const std::string& file,
                                                            const MlmOptions& options);
// So many made-up texts of the greatest length.
std::shared_ptr<const MlmExamples::Data> made_up_texts_to_mask(const TextEncoder& encoder, int64_t count);

}  // namespace thaw
