// SPDX-License-Identifier: Apache-2.0
// What was said of sequences, beside the truth.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/data/sequences/sequence.h"
#include "models/tasks/task_model.h"

namespace thaw {

struct JudgedSequence {
  std::vector<int32_t> truths, said;  // answer by answer
  double loss = 0;                    // together
  double wrongness = 0;               // by how much what was said is likelier than the truth, together
};

// "7"; of several answers they stand side by side, bits without blanks.
std::string answer_text(const std::vector<int32_t>& answers, const SequenceFormat& format);

class FrozenEvaluation : public Evaluation {
 public:
  FrozenEvaluation(const SequenceFormat& format, std::vector<JudgedSequence> sequences)
      : format_(format), sequences_(std::move(sequences)) {}

  int64_t size() const override { return static_cast<int64_t>(sequences_.size()); }
  double loss() const override;
  // accuracy: of answers; exact_match: the share of sequences all whose answers are right, where there are several.
  Metrics scores(std::span<const int64_t> which) const override;
  Judgement judgement(int64_t example) const override;
  std::vector<ClassScores> classes() const override;
  // Of one answer a sequence.
  std::optional<ConfusionMatrix> confusion() const override;

 private:
  SequenceFormat format_;
  std::vector<JudgedSequence> sequences_;
};

}  // namespace thaw
