// SPDX-License-Identifier: Apache-2.0
// Scores of each task's examples.
#include "models/tasks/text2text/mixture_evaluation.h"

#include <cmath>
#include <utility>

namespace thaw {

MixtureEvaluation::MixtureEvaluation(std::vector<MixtureTask> tasks, std::vector<int64_t> task_of,
                                     std::unique_ptr<Evaluation> all)
    : tasks_(std::move(tasks)), task_of_(std::move(task_of)), all_(std::move(all)), labels_(task_of_.size()) {
  for (size_t i = 0; i < task_of_.size(); ++i) {
    const MixtureTask& task = tasks_[static_cast<size_t>(task_of_[i])];
    if (!task.counts_labels()) continue;
    const Judgement judged = all_->judgement(static_cast<int64_t>(i));
    labels_[i] = label_word_counts(judged.said, judged.truth, task.label_words);
  }
}

Metrics MixtureEvaluation::scores(std::span<const int64_t> which) const {
  std::vector<std::vector<int64_t>> of_tasks(tasks_.size());
  for (const int64_t example : which)
    of_tasks[static_cast<size_t>(task_of_[static_cast<size_t>(example)])].push_back(example);
  Metrics scores;
  for (size_t i = 0; i < tasks_.size(); ++i) {
    Metrics own = all_->scores(of_tasks[i]);
    if (tasks_[i].counts_labels()) {
      LabelWordCounts labels;
      for (const int64_t example : of_tasks[i]) labels += labels_[static_cast<size_t>(example)];
      own["accuracy"] = labels.accuracy();
      own["no_label_error"] = labels.no_label_rate();
    }
    scores["loss/" + tasks_[i].name] = std::log(own.at("perplexity"));
    for (const std::string& metric : tasks_[i].metrics) scores[metric + "/" + tasks_[i].name] = own.at(metric);
  }
  return scores;
}

}  // namespace thaw
