// SPDX-License-Identifier: Apache-2.0
// What a model said of the words of sentences, beside what they are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/metrics/entities.h"
#include "models/metrics/precision_recall.h"
#include "models/tasks/task_model.h"

namespace thaw {

// The names of the metrics, in order, "loss" among them.
std::vector<std::string> tokens_metric_names();

class TokensEvaluation : public Evaluation {
 public:
  // The classes of a sentence's words; said: -1 where a word got none (O). wrongness: of the words said wrongly, by how
  // much the label that they have is less likely than the one said, together.
  struct Sentence {
    std::vector<int32_t> truth, said;
    double wrongness = 0;
    bool is_finite = true;  // every number that the model gave of it
  };
  TokensEvaluation(std::vector<std::string> labels, std::vector<Sentence> sentences, double loss);

  const std::vector<std::string>& labels() const { return labels_; }
  const Sentence& sentence(int64_t example) const { return sentences_[static_cast<size_t>(example)]; }
  const std::string& label(int32_t of_class) const;  // "O" of -1

  int64_t size() const override { return static_cast<int64_t>(sentences_.size()); }
  double loss() const override { return loss_; }
  // precision, recall, f1: of entities, all types together, as seqeval counts them; accuracy: over all words; macro_f1:
  // the mean of F1 over the types, or over the labels if none names an entity. All are NaN where a number of the
  // model's is not finite.
  Metrics scores(std::span<const int64_t> which) const override;
  // Labels of all words, between blanks.
  Judgement judgement(int64_t example) const override;
  // Types of entities, as they are matched; or labels of words, if none names an entity. Nothing where a number of the
  // model's is not finite.
  std::vector<ClassScores> classes() const override;

 private:
  std::vector<std::string> names(const std::vector<int32_t>& classes) const;
  std::vector<std::string> entity_names(const std::vector<int32_t>& classes) const;
  std::vector<PrecisionRecall> scores_of_labels(std::span<const int64_t> which) const;  // by class number

  std::vector<std::string> labels_;
  std::vector<Sentence> sentences_;
  std::vector<EntityCounts> counts_;  // of each sentence
  double loss_;
};

}  // namespace thaw
