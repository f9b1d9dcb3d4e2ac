// SPDX-License-Identifier: Apache-2.0
// A row of the op table: an op, the inputs that it is tried on, and what is asked of it. Sizes stand for themselves:
// every axis of size 5 in a row's inputs is one quantity, and changes together when the row is tried at other sizes.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "autograd/variable.h"
#include "tensor/device.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace thaw::ops {

// How an input's numbers are drawn; all of them are exact in f32.
enum class Draw {
  uniform,   // [-2, 2), not near 0
  positive,  // [0.5, 2)
  distinct,  // a permutation of evenly spaced numbers in [-2, 2): no two are near
  coarse,    // multiples of 1/64 in [-2, 2): exact in bf16 and f16
  mask,      // 0 or 1
};

struct Input {
  Shape shape;
  Draw draw = Draw::uniform;
  bool constant = false;       // needs no gradient
  const char* name = nullptr;  // for messages; of those without, the only one is x, several are a, b, ...
};

template <std::integral... Sizes>
Input uniform(Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::uniform};
}
template <std::integral... Sizes>
Input uniform(const char* name, Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::uniform, false, name};
}
template <std::integral... Sizes>
Input positive(Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::positive};
}
template <std::integral... Sizes>
Input positive(const char* name, Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::positive, false, name};
}
template <std::integral... Sizes>
Input distinct(Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::distinct};
}
template <std::integral... Sizes>
Input distinct(const char* name, Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::distinct, false, name};
}
template <std::integral... Sizes>
Input coarse(Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::coarse};
}
template <std::integral... Sizes>
Input coarse(const char* name, Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::coarse, false, name};
}
template <std::integral... Sizes>
Input mask(Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::mask, true};
}
template <std::integral... Sizes>
Input mask(const char* name, Sizes... sizes) {
  return {{static_cast<int64_t>(sizes)...}, Draw::mask, true, name};
}
inline Input constant(Input input) {
  input.constant = true;
  return input;
}

class Inputs {
 public:
  explicit Inputs(std::vector<Variable> variables) : variables_(std::move(variables)) {}
  const Variable& operator[](size_t i) const { return variables_[i]; }
  const std::vector<Variable>& all() const { return variables_; }
  std::vector<Tensor> values() const;
  Device device() const { return variables_[0].value().device(); }

 private:
  std::vector<Variable> variables_;
};

using Function = std::function<Variable(const Inputs& in)>;

// What freezing an input must save, where nothing else is frozen.
enum class Saving {
  work,     // launches, operations of products and attention, or kept bytes
  memory,   // only the gradient's own memory: one launch makes several gradients, and leaves this one out
  nothing,  // nothing at all: the gradient is the incoming one, or a view of it
};

struct Limits {
  int64_t smallest = 0, largest = 4099;  // sizes to try in place of the row's own
  std::vector<int64_t> fixed;            // sizes that stay
  double bound = 1e-10;                  // of the normalised mean squared error against the reference in f64 ...
  const char* reason = "";               // ... and why it is not 1e-10
  bool coarse_gradient = false;          // the gradient that comes in is exact in bf16 and f16
  std::map<size_t, Saving> saves;        // by input, where it is not work
  std::vector<DType> types = {};         // that a device must hold: others skip the row
};

// Where a row is written.
struct Place {
  const char* file = "";
  int line = 0;
};

struct OpCase {
  std::string name;
  std::vector<Input> inputs;
  Function f;
  Limits limits;

  bool primitive = false;      // calls one function that every device has to write
  bool fused = false;          // calls a backend function that has a default body
  bool differentiable = true;  // else it has no gradients
  Place place = {};

  OpCase(const char* op, std::vector<Input> in, Function function, Limits how = {})
      : name(op), inputs(std::move(in)), f(std::move(function)), limits(std::move(how)) {}
  std::string input_name(size_t i) const;
};

}  // namespace thaw::ops
