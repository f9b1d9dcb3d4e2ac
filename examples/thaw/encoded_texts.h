// SPDX-License-Identifier: Apache-2.0
// A data file as a classifier reads it, tokenized once: token ids and targets stay in memory, the texts do not.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "examples/thaw/problem.h"
#include "models/text_classifier.h"

namespace thaw {

struct EncodedTexts {
  std::vector<Encoding> encodings;
  std::vector<int64_t> lengths;  // tokens of each
  ClassificationTargets targets;

  int64_t size() const { return static_cast<int64_t>(encodings.size()); }
  std::vector<const Encoding*> pick(std::span<const int64_t> examples) const;
  ClassificationTargets pick_targets(std::span<const int64_t> examples, ProblemType type, int64_t num_labels) const;
};

// Throws std::runtime_error naming file and line: a broken row, a label that is not the model's.
EncodedTexts read_encoded_texts(const std::string& file, const DataArguments& arguments, const Problem& problem,
                                const TextClassifier& model);

}  // namespace thaw
