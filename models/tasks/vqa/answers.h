// SPDX-License-Identifier: Apache-2.0
// Answers of which each is true to some degree.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/classification_loss.h"
#include "models/data/labels.h"

namespace thaw {

// An answer by its number, and how far it is true: in (0, 1].
struct SoftAnswer {
  int32_t answer = 0;
  float truth = 0;
};

// What one question's answers are, each once; others are not true.
using Truth = std::vector<SoftAnswer>;

// How far an answer is true that so many of ten people gave: 0, .3, .6, .9, then 1. VQA's accuracy of an answer
// (Antol et al. 2015) is min(people / 3, 1), of ten people the mean over each nine of them, which is this; ViLT and
// others learn it as a target.
constexpr double vqa_score(int64_t people) { return static_cast<double>(std::min<int64_t>(3 * people, 10)) / 10; }

// The answers that a cell names. separator: between those of several people; empty: there is one. std::runtime_error
// (WHERE: ...): none, or an empty one.
std::vector<std::string> answers_in(const std::string& cell, const std::string& separator, const std::string& where);

// How cells become truths.
struct AnswerReader {
  LabelSet answers;
  std::string separator;     // between people's answers; empty: a cell is one answer, and true
  int64_t unknown = 0;       // of people's answers those that are none of `answers`, which are left out ...
  int64_t rows_without = 0;  // ... the rows that no answer is left to ...
  std::string first;         // ... and the first of the unknown: "x" (WHERE)

  // std::runtime_error (WHERE: ...): no answer, or one answer that is none of `answers`.
  Truth truth(const std::string& cell, const std::string& where);
};

// How far each of so many answers is true, for the loss: [B, L].
ClassificationTargets targets_of(std::span<const Truth* const> truths, int64_t answers);

// The degree of one.
float truth_of(const Truth& truth, int32_t answer);
// The truest; of equals `said`, if it is among them, else the first. -1: there is none.
int32_t truest(const Truth& truth, int32_t said = -1);
// "red", or of several, the truest first: "red (0.9)|orange (0.3)".
std::string truth_text(const Truth& truth, const std::vector<std::string>& answers);

}  // namespace thaw
