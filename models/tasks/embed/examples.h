// SPDX-License-Identifier: Apache-2.0
// Pairs of texts that belong together, or whose likeness is known.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/embed/options.h"
#include "models/tasks/embed/pair_vectors.h"
#include "models/tasks/embed/similarity.h"
#include "models/tasks/embed/text_embedder.h"
#include "models/tasks/encoded_texts.h"
#include "models/tasks/task_model.h"

namespace thaw {

class EmbedExamples : public Examples {
 public:
  struct Data {
    EncodedTexts first, second, negatives;  // negatives: as many as pairs, or none
    std::vector<double> scores;             // of each pair; empty: all are partners
    std::vector<int64_t> lengths;           // tokens of an example's texts
  };
  // The model must outlive them. Partners are told from the other texts of their micro-batch.
  EmbedExamples(TextEmbedder& model, const Contrast& contrast, std::shared_ptr<const Data> data)
      : model_(model), contrast_(contrast), data_(std::move(data)) {}

  std::span<const int64_t> lengths() const override { return data_->lengths; }
  Variable loss(std::span<const int64_t> examples, double count) const override;
  std::vector<float> outputs(std::span<const int64_t> examples) const override;
  bool batches_decide_loss() const override { return !has_scores(); }
  // By a score or a negative.
  bool is_learnt_alone() const override { return has_scores() || !data_->negatives.empty(); }
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t> examples) const override;
  using Examples::evaluate;
  KeptTexts keep_frozen(std::span<const int64_t> examples, const Keeping& how) override {
    return model_.keep_frozen(texts(examples), how);
  }
  using Examples::keep_frozen;
  ShownExample show(int64_t example) const override;
  int64_t cut(int64_t example) const override;
  // Pairs of the same tokens.
  uint64_t kin(int64_t example) const override;
  Fingerprint identity() const override;
  std::unique_ptr<Examples> read_by(TaskModel& other) const override;

 private:
  struct Vectors {
    Variable first, second, candidates;  // candidates: second, and negatives behind them
  };
  // Their first ones, their second ones, their negatives.
  std::vector<const Encoding*> texts(std::span<const int64_t> examples) const;
  Vectors vectors(std::span<const int64_t> examples) const;
  // In evaluation mode, without gradients.
  PairVectors pair_vectors(std::span<const int64_t> examples) const;
  bool has_scores() const { return !data_->scores.empty(); }

  TextEmbedder& model_;
  Contrast contrast_;
  std::shared_ptr<const Data> data_;
};

// The pairs of a file. std::runtime_error naming file and line: a broken row, a score that is no number in [-1, 1].
std::shared_ptr<const EmbedExamples::Data> read_pairs(const TextEncoder& encoder, const std::string& file,
                                                      const EmbedOptions& options);
// So many made-up pairs of the greatest length.
std::shared_ptr<const EmbedExamples::Data> made_up_pairs(const TextEncoder& encoder, const EmbedOptions& options,
                                                         int64_t count);

}  // namespace thaw
