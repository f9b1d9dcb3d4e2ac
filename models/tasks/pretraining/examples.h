// SPDX-License-Identifier: Apache-2.0
// A file of texts for BERT's pretraining: masked words to be found, pairs of texts to be told apart.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/next_sentence_model.h"
#include "models/tasks/drawn_partners.h"
#include "models/tasks/pretraining/texts.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text_pipeline.h"

namespace thaw {

class PretrainingExamples : public Examples, public DrawnPartners {
 public:
  // In pairs the model must be a NextSentenceModel.
  PretrainingExamples(TextPipeline& model, PretrainingTexts texts);

  std::span<const int64_t> lengths() const override { return lengths_; }
  // Masked tokens; in pairs, pairs too: TwoCounts.
  double terms(std::span<const int64_t> examples) const override;
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  void begin_epoch(int64_t epoch) override;
  void draw_among(std::span<const int64_t> which) override;
  // By draws that are the same at any time.
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  // Of texts to judge by: others are drawn in each epoch.
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override;
  using Examples::keep_frozen;
  // As the model sees it in the epoch that began last.
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t) const override { return 0; }  // long texts are several examples
  uint64_t kin(int64_t example) const override;      // pieces of one text, or of texts of the same tokens
  std::vector<std::string> notes() const override;
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

  const PretrainingTexts& texts() const { return texts_; }

 private:
  struct Batch;
  const Documents* documents() const { return texts_.data().documents.get(); }  // null: examples are given

  TextPipeline& model_;
  const NextSentenceModel* in_pairs_;  // null: words alone
  PretrainingTexts texts_;
  int64_t epoch_ = 0;
  std::vector<int64_t> lengths_;
};

}  // namespace thaw
