// SPDX-License-Identifier: Apache-2.0
// What a model wrote for several tasks, each judged by its own metrics.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/task_model.h"
#include "models/tasks/text2text/mixture_table.h"

namespace thaw {

class MixtureEvaluation : public Evaluation {
 public:
  // all: of all examples; task_of: the task of each.
  MixtureEvaluation(std::vector<MixtureTask> tasks, std::vector<int64_t> task_of, std::unique_ptr<Evaluation> all)
      : tasks_(std::move(tasks)), task_of_(std::move(task_of)), all_(std::move(all)) {}

  int64_t size() const override { return all_->size(); }
  double loss() const override { return all_->loss(); }
  // "loss/NAME", and the task's metrics as "METRIC/NAME".
  Metrics scores(std::span<const int64_t> which) const override;
  Judgement judgement(int64_t example) const override { return all_->judgement(example); }

 private:
  std::vector<MixtureTask> tasks_;
  std::vector<int64_t> task_of_;
  std::unique_ptr<Evaluation> all_;
};

}  // namespace thaw
