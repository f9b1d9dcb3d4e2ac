// SPDX-License-Identifier: Apache-2.0
// Picks labelled tokens.
#include "models/labelled_tokens.h"

#include <cstddef>
#include <utility>

#include "tensor/check.h"

namespace thaw {

LabelledTokens labelled_tokens(const Variable& hidden, const std::vector<int32_t>& labels) {
  constexpr int32_t not_counted = -100;
  check(static_cast<int64_t>(labels.size()) == hidden.size(0), "{} labels for {} tokens", labels.size(),
        hidden.size(0));
  std::vector<int32_t> rows, targets;
  for (size_t t = 0; t < labels.size(); ++t) {
    if (labels[t] == not_counted) continue;
    rows.push_back(static_cast<int32_t>(t));
    targets.push_back(labels[t]);
  }
  if (rows.empty()) return {};
  const Device device = hidden.value().device();
  const bool all = rows.size() == labels.size();
  return {all ? hidden : take_rows(hidden, Indices(std::move(rows), device)), Indices(std::move(targets), device)};
}

}  // namespace thaw
