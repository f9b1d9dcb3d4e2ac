// SPDX-License-Identifier: Apache-2.0
// The metrics that fit a problem.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/classification_loss.h"
#include "models/tasks/classification/threshold.h"
#include "nn/train/metrics.h"

namespace thaw {

// logits: [B, L] row-major. single-label: accuracy, macro_f1, matthews_correlation; multi-label (a label is predicted
// where its probability is above the threshold): micro_f1, macro_f1, subset_accuracy; regression: pearson, spearman,
// mean_absolute_error (models/tasks/classification/number_scores.h). All are NaN where a logit is not finite: such a
// model has no scores.
Metrics score(ProblemType type, std::span<const float> logits, const ClassificationTargets& targets,
              const std::vector<std::string>& labels, double threshold = even_threshold);

// The names of a problem's metrics, in order: those of score(), and "loss". labels: those of the problem.
std::vector<std::string> metric_names(ProblemType type, const std::vector<std::string>& labels);

// What a user reads of logits [B, L], row-major: classification_scores(); a row whose logits are not all finite has NaN
// for each of them.
std::vector<float> scores_of(ProblemType type, const Variable& logits);

// The number of the largest of a row's scores; of equals, the first.
int32_t likeliest(std::span<const float> row);

}  // namespace thaw
