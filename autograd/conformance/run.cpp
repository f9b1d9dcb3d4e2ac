// SPDX-License-Identifier: Apache-2.0
// Runs a row of the op table on a device, forward and backward, and reads what came out and what it cost.
#include "autograd/conformance/run.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "autograd/tape.h"
#include "tensor/backend.h"
#include "tensor/counters.h"

namespace thaw::ops {
namespace {

Variable make_input(const OpCase& row, size_t i, const Setting& setting, const Numbers& numbers) {
  const bool frozen = row.inputs[i].constant || (!setting.frozen.empty() && setting.frozen[i]);
  Tensor tensor = laid_out(numbers, setting);
  return frozen ? Variable(std::move(tensor)) : Variable::leaf(std::move(tensor), row.input_name(i));
}

// Bytes that the value holds beside those of the inputs.
size_t own_bytes(const Variable& value, const Inputs& in) {
  const Block* block = value.value().view().block;
  for (const Variable& input : in.all())
    if (input.value().view().block == block) return 0;
  return block->bytes;
}

}  // namespace

std::vector<Tensor> Inputs::values() const {
  std::vector<Tensor> tensors;
  for (const Variable& variable : variables_) tensors.push_back(variable.value());
  return tensors;
}

std::optional<DType> lacking_type(const OpCase& row, Device device) {
  for (const DType dtype : row.limits.types)
    if (!device.backend().supports(dtype)) return dtype;
  return {};
}

Variable forward(const OpCase& row, const Setting& setting, const std::vector<Numbers>& inputs) {
  std::vector<Variable> variables;
  for (const Numbers& numbers : inputs) variables.emplace_back(laid_out(numbers, setting));
  return row.f(Inputs(std::move(variables)));
}

Result run(const OpCase& row, const Setting& setting) {
  std::vector<Variable> variables;
  for (size_t i = 0; i < row.inputs.size(); ++i)
    variables.push_back(make_input(row, i, setting, input_numbers(row, i, setting)));
  const Inputs in(std::move(variables));
  const MemoryStats& memory = setting.device.backend().memory();
  const uint64_t before = memory.live_bytes;
  const uint64_t launches = counters().launches, matmuls = counters().matmuls, allocations = memory.allocations;
  const double flops = counters().flops;
  Result result;
  const Variable y = row.f(in);
  result.tracked = y.tracked();
  result.kept_bytes = static_cast<int64_t>(memory.live_bytes) - static_cast<int64_t>(before + own_bytes(y, in));
  if (y.tracked()) {
    const Tensor dy = laid_out(incoming_gradient(row, y.shape(), setting.layout), setting);
    backward(std::vector{y}, std::vector{dy});
  }
  result.launches = counters().launches - launches;
  result.matmuls = counters().matmuls - matmuls;
  result.flops = counters().flops - flops;
  result.allocations = memory.allocations - allocations;
  result.value = read(y.value());
  for (const Variable& input : in.all()) {
    const bool has = input.tracked() && input.grad().defined();
    result.gradients.push_back(has ? read(input.grad()) : Numbers());
  }
  return result;
}

Result run_reference(const OpCase& row, Setting setting) {
  if (setting.layout != Layout::broadcast) setting.layout = Layout::contiguous;
  setting.device = Device::open("reference");
  setting.dtype = DType::f64;
  return run(row, setting);
}

}  // namespace thaw::ops
