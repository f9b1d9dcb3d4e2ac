// SPDX-License-Identifier: Apache-2.0
// Runs a row of the op table on a device, forward and backward, and reads what came out and what it cost.
#include <cstdlib>
#include <optional>

#include "autograd/tape.h"
#include "tensor/counters.h"
#include "tests/op_table.h"
#include "tests/ops/default_bodies.h"

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

std::optional<DType> lacking_type(const OpCase& row, Device device) {
  for (const DType dtype : row.limits.types)
    if (!device.backend().supports(dtype)) return dtype;
  return {};
}

}  // namespace

std::vector<Tensor> Inputs::values() const {
  std::vector<Tensor> tensors;
  for (const Variable& variable : variables_) tensors.push_back(variable.value());
  return tensors;
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

std::vector<Device> devices_under_test(const OpCase& row) {
  static const std::vector<Device> all = [] {
    if (const char* name = std::getenv("THAW_DEVICE"); name && *name) return std::vector{Device::from_environment()};
    std::vector<Device> devices;
    for (const DeviceInfo& info : list_devices())
      if (info.usable) devices.push_back(Device::open(info.name));
    return devices;
  }();
  std::vector<Device> able;
  for (const Device device : all) {
    if (const auto dtype = lacking_type(row, device)) {
      note_skipped(row, fmt::format("{} does not hold {}", device.name(), name_of(*dtype)));
    } else {
      able.push_back(device);
    }
  }
  return able;
}

TEST_CASE("the op table names inputs and finds rows that a device cannot run") {
  struct : DefaultBodies {
    using DefaultBodies::DefaultBodies;
    bool supports(DType dtype) const override { return dtype != DType::bf16 && dtype != DType::f16; }
  } poor(Device::open("reference").backend());
  const Function f = [](const Inputs& in) { return in[0]; };
  const OpCase row("row", {uniform("weight", 3), uniform(5)}, f, {.types = {DType::f32, DType::bf16}});
  CHECK(lacking_type(row, Device(poor)) == DType::bf16);
  CHECK_FALSE(lacking_type(row, Device::open("reference")));
  CHECK_FALSE(lacking_type(OpCase("of f32", {uniform(3)}, f), Device(poor)));
  CHECK(row.input_name(0) == "weight");
  CHECK(row.input_name(1) == "b");
  CHECK(OpCase("one", {uniform(3)}, f).input_name(0) == "x");
  const Setting setting{Device::open("reference"), DType::f32, Layout::contiguous, {}, {true, false}};
  CHECK(setting.to_string(row) == "reference, weight frozen");
}

}  // namespace thaw::ops
