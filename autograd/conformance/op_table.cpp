// SPDX-License-Identifier: Apache-2.0
// The table is made of its parts once.
#include "autograd/conformance/op_table.h"

#include <utility>

namespace thaw::ops {

OpCase& OpTable::add(const char* name, std::vector<Input> inputs, Function f, Limits limits, Place place) {
  OpCase& row = rows_.emplace_back(name, std::move(inputs), std::move(f), std::move(limits));
  row.place = place;
  return row;
}

const std::vector<OpCase>& op_table() {
  static const std::vector<OpCase> rows = [] {
    OpTable table;
    add_primitive_ops(table);
    for (OpCase& row : table.rows()) row.primitive = true;
    add_composed_ops(table);
    add_low_rank_ops(table);
    add_layer_ops(table);
    add_lstm_ops(table);
    return std::move(table.rows());
  }();
  return rows;
}

}  // namespace thaw::ops
