// SPDX-License-Identifier: Apache-2.0
// The op table: every op and every function of the backend contract, a row each. The tests put each row through five
// checks (tests/op_table.h), device_check.h through the one that tells whether a device computes it.
#pragma once

#include <utility>
#include <vector>

#include "autograd/conformance/op_case.h"

namespace thaw::ops {

const std::vector<OpCase>& op_table();

// Rows under construction: `table.op("gelu", {uniform(3, 5, 7)}, [](auto& in) { return gelu(in[0]); });`
// fused: it calls a backend function that has a default body. value: it has no gradients.
class OpTable {
 public:
  void op(const char* name, std::vector<Input> inputs, Function f, Limits limits = {},
          const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    add(name, std::move(inputs), std::move(f), std::move(limits), {file, line});
  }
  void fused(const char* name, std::vector<Input> inputs, Function f, Limits limits = {},
             const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    add(name, std::move(inputs), std::move(f), std::move(limits), {file, line}).fused = true;
  }
  void value(const char* name, std::vector<Input> inputs, Function f, Limits limits = {},
             const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    add(name, std::move(inputs), std::move(f), std::move(limits), {file, line}).differentiable = false;
  }
  void fused_value(const char* name, std::vector<Input> inputs, Function f, Limits limits = {},
                   const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    OpCase& row = add(name, std::move(inputs), std::move(f), std::move(limits), {file, line});
    row.fused = true;
    row.differentiable = false;
  }
  std::vector<OpCase>& rows() { return rows_; }

 private:
  OpCase& add(const char* name, std::vector<Input> inputs, Function f, Limits limits, Place place);
  std::vector<OpCase> rows_;
};

// The parts of the table, in their order.
void add_primitive_ops(OpTable& table);
void add_composed_ops(OpTable& table);
void add_low_rank_ops(OpTable& table);
void add_layer_ops(OpTable& table);
void add_lstm_ops(OpTable& table);

}  // namespace thaw::ops
