// SPDX-License-Identifier: Apache-2.0
// How predictions are written: lines of TSV or JSONL.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/hub/problem_type.h"

namespace thaw {

struct PredictionStyle {
  bool as_json = false;    // else TSV
  bool all = false;        // the probabilities of all labels
  double threshold = 0.5;  // multi-label: above which a label is predicted
  // What texts are called, in the header and in JSON: "text", or of a pair the names of its columns.
  std::vector<std::string> text_names = {"text"};
};

// The names for texts of these columns; a name that the output has for something else is "text" or "text_pair".
std::vector<std::string> text_names(const std::string& column, const std::string& pair_column);

class PredictionWriter {
 public:
  PredictionWriter(ProblemType type, const std::vector<std::string>& labels, const PredictionStyle& style)
      : type_(type), labels_(labels), style_(style) {}

  std::string header() const;  // of TSV, else empty; a name that an earlier column has gets a "_"
  // One line: labels that TSV cannot tell apart from several; empty if there are none. `format`: what messages call the
  // choice of the format.
  std::string warning(const std::string& format) const;
  // One line. texts: as many as have names; scores [L]: probabilities, or the numbers of a regression.
  std::string line(const std::vector<std::string>& texts, std::span<const float> scores) const {
    return style_.as_json ? json(texts, scores) : tsv(texts, scores);
  }

 private:
  std::vector<size_t> predicted(std::span<const float> scores) const;
  std::string tsv(const std::vector<std::string>& texts, std::span<const float> scores) const;
  std::string json(const std::vector<std::string>& texts, std::span<const float> scores) const;

  ProblemType type_;
  const std::vector<std::string>& labels_;
  PredictionStyle style_;
};

}  // namespace thaw
