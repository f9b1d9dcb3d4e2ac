// SPDX-License-Identifier: Apache-2.0
// What a model wrote for several tasks, each judged by its own metrics.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/metrics/text_matches.h"
#include "models/tasks/task_model.h"
#include "models/tasks/text2text/mixture_table.h"

namespace thaw {

class MixtureEvaluation : public Evaluation {
 public:
  // all: of all examples; task_of: the task of each. The label words of tasks whose metrics count them are those found.
  MixtureEvaluation(std::vector<MixtureTask> tasks, std::vector<int64_t> task_of, std::unique_ptr<Evaluation> all);

  int64_t size() const override { return all_->size(); }
  double loss() const override { return all_->loss(); }
  // "loss/NAME", and the task's metrics as "METRIC/NAME".
  Metrics scores(std::span<const int64_t> which) const override;
  Judgement judgement(int64_t example) const override { return all_->judgement(example); }

 private:
  std::vector<MixtureTask> tasks_;
  std::vector<int64_t> task_of_;
  std::unique_ptr<Evaluation> all_;
  std::vector<LabelWordCounts> labels_;  // of each example; 0 of one whose task counts none
};

}  // namespace thaw
