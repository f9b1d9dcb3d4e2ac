// SPDX-License-Identifier: Apache-2.0
// Texts with labels from a table; samples of so many texts a class.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/data/table.h"

namespace thaw {

struct LabelledTexts {
  std::vector<std::string> texts, labels;
};

// Two columns of a table that was read from `file`. Throws std::runtime_error if one is missing.
LabelledTexts labelled_texts(const Table& table, const std::filesystem::path& file, const std::string& text_column,
                             const std::string& label_column);

// The indices of `per_class` rows of each label, drawn at random without replacement, in rising order. Throws
// std::runtime_error naming a label that has fewer.
std::vector<size_t> sample_per_class(const std::vector<std::string>& labels, int per_class, uint64_t seed);

// The label that is most frequent (of equals, the first by name), and the share of `labels` that are `label`.
std::string majority_label(const std::vector<std::string>& labels);
double share_of(const std::vector<std::string>& labels, const std::string& label);

}  // namespace thaw
