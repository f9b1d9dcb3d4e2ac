// SPDX-License-Identifier: Apache-2.0
// Gathers what changed.
#include "nn/change/since_base.h"

#include <algorithm>
#include <string>
#include <vector>

#include "nn/adapters.h"
#include "tensor/ops.h"

namespace thaw {
void mark_changed_whole(const Parameter& parameter) {
  const bool in_rows = parameter.trained_rows().has_value();
  in_rows ? parameter.mark_changed_rows({0, parameter.value().size(0)}) : parameter.mark_changed();
}

ModelChange change_since_base(const ParameterStore& store) {
  const std::vector<Parameter> adapters = adapter_parameters(store);
  const std::vector<std::string>& made = store.initialised();
  std::vector<std::string> whole;
  std::vector<Parameter> in_rows;
  for (const Parameter& p : store.all()) {
    if (std::ranges::any_of(adapters, [&](const Parameter& adapter) { return adapter.same(p); })) continue;
    if (p.changed().whole || std::ranges::find(made, p.name()) != made.end())
      whole.push_back(p.name());
    else if (p.changed().any())
      in_rows.push_back(p);
  }
  ModelChange change = change_of(store, whole);
  for (const Parameter& p : in_rows) {
    ModelChange::Rows& rows = change.rows[p.name()];
    for (const auto& [begin, end] : p.changed().rows.ranges())
      for (int64_t row = begin; row < end; ++row) rows.numbers.push_back(row);
    const Tensor values = take_ranges(p.value(), 0, p.changed().rows);
    rows.values = Tensor::from_bytes(values.to_bytes(), values.shape(), values.dtype(), Device::open("reference"));
  }
  return change;
}

}  // namespace thaw
