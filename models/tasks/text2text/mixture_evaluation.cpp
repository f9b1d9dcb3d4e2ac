// SPDX-License-Identifier: Apache-2.0
// Scores of each task's examples.
#include "models/tasks/text2text/mixture_evaluation.h"

#include <cmath>

namespace thaw {

Metrics MixtureEvaluation::scores(std::span<const int64_t> which) const {
  std::vector<std::vector<int64_t>> of_tasks(tasks_.size());
  for (const int64_t example : which)
    of_tasks[static_cast<size_t>(task_of_[static_cast<size_t>(example)])].push_back(example);
  Metrics scores;
  for (size_t i = 0; i < tasks_.size(); ++i) {
    const Metrics own = all_->scores(of_tasks[i]);
    scores["loss/" + tasks_[i].name] = std::log(own.at("perplexity"));
    for (const std::string& metric : tasks_[i].metrics) scores[metric + "/" + tasks_[i].name] = own.at(metric);
  }
  return scores;
}

}  // namespace thaw
