// SPDX-License-Identifier: Apache-2.0
// What a model answered, beside what is right. An example is a question here, whatever its windows are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/metrics/squad.h"
#include "models/tasks/qa/answers.h"
#include "models/tasks/task_model.h"

namespace thaw {

// Of evaluations; `with_none`: version_2_with_negative.
std::vector<std::string> qa_metric_names(bool with_none);

class QaEvaluation : public Evaluation {
 public:
  QaEvaluation(bool with_none, double loss) : with_none_(with_none), loss_(loss) {}
  // right: empty if there is no answer.
  void add(const QuestionAnswers& answers, const std::vector<std::string>& right);

  int64_t size() const override { return static_cast<int64_t>(items_.size()); }
  double loss() const override { return loss_; }
  // In percent, as SQuAD's scripts count. best_f1: what it would be with best_f1_threshold for
  // null_score_diff_threshold. All are NaN where a number of the model's is not finite.
  Metrics scores(std::span<const int64_t> which) const override;
  // Wrongness: what F1 lacks, times how likely the answer seemed.
  Judgement judgement(int64_t question) const override;

 private:
  struct Item {
    AnsweredQuestion said;       // the answer, or that there is none
    AnsweredQuestion best_text;  // the best answer that is not none
    Judgement judgement;
    bool is_finite = true;
  };
  bool with_none_;
  double loss_;
  std::vector<Item> items_;
};

}  // namespace thaw
