// SPDX-License-Identifier: Apache-2.0
// Gathers what changed.
#include "nn/change/since_base.h"

#include <algorithm>
#include <string>
#include <vector>

#include "nn/adapters.h"

namespace thaw {
namespace {

ModelChange::Rows rows_of(const Parameter& parameter) {
  std::vector<int64_t> numbers;
  for (const auto& [begin, end] : parameter.changed().rows.ranges())
    for (int64_t row = begin; row < end; ++row) numbers.push_back(row);
  const Tensor& table = parameter.value();
  Shape shape = table.shape();
  shape[0] = std::ssize(numbers);
  ModelChange::Rows rows{numbers, Tensor::empty(shape, table.dtype(), Device::open("reference"))};
  for (size_t i = 0; i < rows.numbers.size(); ++i) {
    const Tensor row = table.slice(0, rows.numbers[i], rows.numbers[i] + 1);
    const auto place = static_cast<int64_t>(i);
    rows.values.slice(0, place, place + 1)
        .copy_from(Tensor::from_bytes(row.to_bytes(), row.shape(), row.dtype(), rows.values.device()));
  }
  return rows;
}

}  // namespace

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
  for (const Parameter& p : in_rows) change.rows.emplace(p.name(), rows_of(p));
  return change;
}

}  // namespace thaw
