// SPDX-License-Identifier: Apache-2.0
// Counts what a model said of words.
#include "models/tasks/tokens/evaluation.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "models/metrics/classes.h"
#include "models/metrics/precision_recall.h"
#include "models/tasks/tokens/tags.h"

namespace thaw {

std::vector<std::string> tokens_metric_names() { return {"accuracy", "f1", "loss", "macro_f1", "precision", "recall"}; }

TokensEvaluation::TokensEvaluation(std::vector<std::string> labels, std::vector<Sentence> sentences, double loss)
    : labels_(std::move(labels)), sentences_(std::move(sentences)), loss_(loss) {
  for (const Sentence& sentence : sentences_)
    counts_.emplace_back().add(entity_names(sentence.truth), entity_names(sentence.said));
}

const std::string& TokensEvaluation::label(int32_t of_class) const {
  static const std::string none = no_tag;
  return of_class < 0 ? none : labels_[static_cast<size_t>(of_class)];
}

std::vector<std::string> TokensEvaluation::names(const std::vector<int32_t>& classes) const {
  std::vector<std::string> names;
  names.reserve(classes.size());
  for (const int32_t each : classes) names.push_back(label(each));
  return names;
}

// Labels that name no entities, such as parts of speech, are its types: a run of one label is an entity.
std::vector<std::string> TokensEvaluation::entity_names(const std::vector<int32_t>& classes) const {
  std::vector<std::string> labels = names(classes);
  if (name_entities(labels_)) return labels;
  for (std::string& label : labels)
    if (label != no_tag) label.insert(0, "I-");
  return labels;
}

// A word that got no label is missed: one more class than there are labels, which is none of them unless O is.
std::vector<PrecisionRecall> TokensEvaluation::scores_of_labels(std::span<const int64_t> which) const {
  const auto known = std::ranges::find(labels_, no_tag) - labels_.begin();
  const auto none = static_cast<int32_t>(known);
  ConfusionMatrix matrix(static_cast<int32_t>(labels_.size()) + 1);
  for (const int64_t example : which) {
    const Sentence& one = sentence(example);
    for (size_t i = 0; i < one.truth.size(); ++i) matrix.add(one.truth[i], one.said[i] < 0 ? none : one.said[i]);
  }
  std::vector<PrecisionRecall> scores = class_report(matrix).classes;
  scores.resize(labels_.size());
  return scores;
}

Metrics TokensEvaluation::scores(std::span<const int64_t> which) const {
  EntityCounts all;
  bool is_finite = true;
  for (const int64_t example : which) {
    all += counts_[static_cast<size_t>(example)];
    is_finite = is_finite && sentence(example).is_finite;
  }
  if (!is_finite) {
    Metrics unknown;
    for (const std::string& name : tokens_metric_names())
      if (name != "loss") unknown[name] = std::numeric_limits<double>::quiet_NaN();
    return unknown;
  }
  const EntityScores scores = all.scores();
  return {{"accuracy", scores.accuracy},
          {"f1", scores.micro.f1},
          {"macro_f1", name_entities(labels_) ? scores.macro.f1 : mean_over_classes(scores_of_labels(which), false).f1},
          {"precision", scores.micro.precision},
          {"recall", scores.micro.recall}};
}

Evaluation::Judgement TokensEvaluation::judgement(int64_t example) const {
  const Sentence& one = sentence(example);
  return {fmt::format("{}", fmt::join(names(one.truth), " ")), fmt::format("{}", fmt::join(names(one.said), " ")),
          one.wrongness};
}

std::vector<Evaluation::ClassScores> TokensEvaluation::classes() const {
  if (!std::ranges::all_of(sentences_, &Sentence::is_finite)) return {};
  std::vector<ClassScores> classes;
  if (name_entities(labels_)) {
    EntityCounts all;
    for (const EntityCounts& counts : counts_) all += counts;
    for (const auto& [type, scores] : all.scores().types) classes.push_back({type, scores});
    return classes;
  }
  std::vector<int64_t> every(sentences_.size());
  std::iota(every.begin(), every.end(), int64_t{0});
  const std::vector<PrecisionRecall> scores = scores_of_labels(every);
  for (size_t i = 0; i < labels_.size(); ++i) classes.push_back({labels_[i], scores[i]});
  return classes;
}

}  // namespace thaw
