// SPDX-License-Identifier: Apache-2.0
// How predictions are printed: TSV or JSONL on the standard output.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/problem_type.h"

namespace thaw {

struct PredictionStyle {
  std::string format = "tsv";  // or "jsonl"
  bool all = false;            // the probabilities of all labels
  double threshold = 0.5;      // multi-label: from which on a label is predicted
};

class PredictionWriter {
 public:
  PredictionWriter(ProblemType type, const std::vector<std::string>& labels, const PredictionStyle& style)
      : type_(type), labels_(labels), style_(style) {}

  void write_header() const;  // TSV only
  // texts: one or two; scores [L]: probabilities, or the number of a regression.
  void write(const std::vector<std::string>& texts, std::span<const float> scores) const;

 private:
  std::vector<size_t> predicted(std::span<const float> scores) const;
  void write_tsv(const std::vector<std::string>& texts, std::span<const float> scores) const;
  void write_json(const std::vector<std::string>& texts, std::span<const float> scores) const;

  ProblemType type_;
  const std::vector<std::string>& labels_;
  PredictionStyle style_;
};

}  // namespace thaw
