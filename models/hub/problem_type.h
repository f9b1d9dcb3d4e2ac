// SPDX-License-Identifier: Apache-2.0
// What the labels of a classifier are, by the names that config.json has for it.
#pragma once

#include <optional>
#include <string_view>

namespace thaw {

enum class ProblemType {
  single_label,  // one of the classes: cross-entropy
  multi_label,   // any of them: binary cross-entropy of each cell
  regression,    // numbers: squared error
};

// "single_label_classification", "multi_label_classification", "regression"
std::string_view name_of(ProblemType type);
// Nothing if no type has that name.
std::optional<ProblemType> find_problem_type(std::string_view name);

}  // namespace thaw
