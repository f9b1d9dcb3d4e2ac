// SPDX-License-Identifier: Apache-2.0
// Counts what was found of words and pairs.
#include "models/tasks/pretraining/evaluation.h"

#include "models/tasks/pretraining/sentence_pairs.h"

namespace thaw {
namespace {

const char* name_of(int32_t relation) { return relation == is_next ? "next" : "not next"; }

}  // namespace

double PretrainingEvaluation::loss() const {
  double sum = 0;
  int64_t count = 0;
  for (const JudgedPair& pair : pairs_) {
    if (pair.truth == no_relation) continue;
    sum += pair.loss;
    ++count;
  }
  return words_.loss() + (count > 0 ? sum / static_cast<double>(count) : 0);
}

Metrics PretrainingEvaluation::scores(std::span<const int64_t> which) const {
  Metrics scores = words_.scores(which);
  int64_t right = 0, count = 0;
  for (const int64_t number : which) {
    const JudgedPair& pair = pairs_[static_cast<size_t>(number)];
    right += pair.truth == pair.said;
    count += pair.truth != no_relation;
  }
  scores["next_sentence_accuracy"] = static_cast<double>(right) / static_cast<double>(count);
  return scores;
}

Evaluation::Judgement PretrainingEvaluation::judgement(int64_t number) const {
  const JudgedPair& pair = pairs_[static_cast<size_t>(number)];
  Judgement judgement = words_.judgement(number);
  if (pair.truth == no_relation) return judgement;
  judgement.truth += std::string(" | ") + name_of(pair.truth);
  judgement.said += std::string(" | ") + name_of(pair.said);
  judgement.wrongness += pair.loss;
  return judgement;
}

}  // namespace thaw
