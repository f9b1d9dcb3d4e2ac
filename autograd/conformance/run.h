// SPDX-License-Identifier: Apache-2.0
// Running a row of the op table: with which numbers, on which device, from what memory; what came out, what it cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "autograd/conformance/op_case.h"
#include "autograd/variable.h"
#include "tensor/device.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace thaw::ops {

// A size of the row and what stands in its place; {0, 0}: nothing changes.
struct Resize {
  int64_t from = 0, to = 0;
};

// How inputs and the incoming gradient lie in memory; what lies between is NaN.
enum class Layout {
  contiguous,
  offset,      // one element behind the start: not a multiple of 16 bytes
  gaps,        // rows with a gap, beginning one element into the memory
  spread,      // every other element of the memory
  transposed,  // the last two axes
  broadcast,   // along the first axis: all its elements are the first one
};
const char* name_of(Layout layout);

// A tensor on the host.
struct Numbers {
  Shape shape;
  std::vector<double> values;
};

// Where and how a row runs.
struct Setting {
  Device device;
  DType dtype = DType::f32;
  Layout layout = Layout::contiguous;
  Resize resize;
  std::vector<bool> frozen;  // by input; empty: none

  std::string to_string(const OpCase& row) const;
};

// One run, forward and backward. The gradient that comes in is drawn from the row's name.
struct Result {
  Numbers value;
  std::vector<Numbers> gradients;  // by input; empty where it has none
  bool tracked = false;            // the value had a node
  uint64_t launches = 0, matmuls = 0;
  double flops = 0;          // as counted (tensor/counters.h)
  int64_t kept_bytes = 0;    // alive after the forward pass, besides inputs and value
  uint64_t allocations = 0;  // of device memory
};

// --- numbers.cpp ---
Numbers input_numbers(const OpCase& row, size_t input, const Setting& setting);
Numbers incoming_gradient(const OpCase& row, const Shape& shape, Layout layout);
Tensor laid_out(const Numbers& numbers, const Setting& setting);
Numbers read(const Tensor& tensor);

// --- run.cpp ---
Result run(const OpCase& row, const Setting& setting);
Result run_reference(const OpCase& row, Setting setting);  // the same in f64 on the reference, contiguous
Variable forward(const OpCase& row, const Setting& setting, const std::vector<Numbers>& inputs);
// A type that the row needs and the device does not hold.
std::optional<DType> lacking_type(const OpCase& row, Device device);

}  // namespace thaw::ops
