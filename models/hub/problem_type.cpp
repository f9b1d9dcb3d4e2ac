// SPDX-License-Identifier: Apache-2.0
// The names of problem types.
#include "models/hub/problem_type.h"

#include <array>

namespace thaw {

namespace {
constexpr std::array all = {ProblemType::single_label, ProblemType::multi_label, ProblemType::regression};
}

std::string_view name_of(ProblemType type) {
  switch (type) {
    case ProblemType::single_label: return "single_label_classification";
    case ProblemType::multi_label: return "multi_label_classification";
    case ProblemType::regression: return "regression";
  }
  return "?";
}

std::optional<ProblemType> find_problem_type(std::string_view name) {
  for (const ProblemType type : all) {
    if (name_of(type) == name) return type;
  }
  return {};
}

}  // namespace thaw
