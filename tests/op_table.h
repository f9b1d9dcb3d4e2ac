// SPDX-License-Identifier: Apache-2.0
// The op table: one row per op (op_cases.cpp, op_cases_layers.cpp), five checks per row (ops/*.cpp), each a named test:
// "op gelu: gradient". Sizes stand for themselves: every axis of size 5 in a row's inputs is one quantity, and changes
// together when the row is tried at other sizes. The suite "primitives" holds the rows of the functions that every
// device has to write.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "autograd/functions.h"

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

struct OpCase {
  std::string name;
  std::vector<Input> inputs;
  Function f;
  Limits limits;

  OpCase(const char* op, std::vector<Input> in, Function function, Limits how = {})
      : name(op), inputs(std::move(in)), f(std::move(function)), limits(std::move(how)) {}
  std::string input_name(size_t i) const;
};

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

// --- ops/numbers.cpp ---
Numbers input_numbers(const OpCase& row, size_t input, const Setting& setting);
Numbers incoming_gradient(const OpCase& row, const Shape& shape, Layout layout);
Tensor laid_out(const Numbers& numbers, const Setting& setting);
Numbers read(const Tensor& tensor);

// --- ops/run.cpp ---
Result run(const OpCase& row, const Setting& setting);
Result run_reference(const OpCase& row, Setting setting);  // the same in f64 on the reference, contiguous
Variable forward(const OpCase& row, const Setting& setting, const std::vector<Numbers>& inputs);
// THAW_DEVICE, else all that can be used, but for those that lack a type that the row needs.
std::vector<Device> devices_under_test(const OpCase& row);

// --- ops/compare.cpp ---
void expect_close(const OpCase& row, const std::string& where, const Result& got, const Result& wanted);
void expect_same_bits(const OpCase& row, const std::string& where, const Result& got, const Result& wanted);
void expect(const OpCase& row, bool ok, const std::string& message);

// --- ops/freezing.cpp ---
// What is wrong with the cost of a run with one more frozen input than before, of which its row states the saving;
// empty: nothing. `alone`: it is the only one, and saves exactly that.
std::string freezing_fault(Saving stated, bool alone, const Result& cost, const Result& before);

// --- ops/report.cpp: with THAW_OP_REPORT set, a line per op at the end of the run ---
void checked(const OpCase& row, void (*check)(const OpCase&));
void note_failure(const OpCase& row, const std::string& message);
void note_default_body(const OpCase& row, const std::string& function);
void note_skipped(const OpCase& row, const std::string& reason);

// The checks, each in its own file.
void check_gradient(const OpCase& row);      // against central differences, f64 on the reference
void check_devices(const OpCase& row);       // value and gradients against the reference; twice the same bits
void check_views(const OpCase& row);         // the same from strided memory, and at sizes 0, 1, 3, 17, 257, 4,099
void check_freezing(const OpCase& row);      // every subset of frozen inputs: each saves what it must
void check_default_body(const OpCase& row);  // fused function = its default body

}  // namespace thaw::ops

// A row and its tests: `OP_CASE("gelu", {uniform(3, 5, 7)}, [](auto& in) { return gelu(in[0]); });`
// FUSED: it calls a backend function that has a default body. VALUE: it has no gradients.
#define OP_CASE(name, ...) THAW_OP_CASE(DOCTEST_ANONYMOUS(op_row_), name, __VA_ARGS__)
#define FUSED_OP_CASE(name, ...) THAW_FUSED_OP_CASE(DOCTEST_ANONYMOUS(op_row_), name, __VA_ARGS__)
#define VALUE_CASE(name, ...) THAW_VALUE_CASE(DOCTEST_ANONYMOUS(op_row_), name, __VA_ARGS__)
#define FUSED_VALUE_CASE(name, ...) THAW_FUSED_VALUE_CASE(DOCTEST_ANONYMOUS(op_row_), name, __VA_ARGS__)

#define THAW_OP_ROW(row, name, ...) static const thaw::ops::OpCase row(name, __VA_ARGS__)
#define THAW_OP_CHECK(row, name, check) \
  TEST_CASE("op " name ": " #check) { thaw::ops::checked(row, thaw::ops::check_##check); }
#define THAW_VALUE_CHECKS(row, name) \
  THAW_OP_CHECK(row, name, devices)  \
  THAW_OP_CHECK(row, name, views)
#define THAW_OP_CHECKS(row, name)    \
  THAW_OP_CHECK(row, name, gradient) \
  THAW_VALUE_CHECKS(row, name)       \
  THAW_OP_CHECK(row, name, freezing)

#define THAW_OP_CASE(row, name, ...)   \
  THAW_OP_ROW(row, name, __VA_ARGS__); \
  THAW_OP_CHECKS(row, name)            \
  static_assert(true)
#define THAW_FUSED_OP_CASE(row, name, ...) \
  THAW_OP_ROW(row, name, __VA_ARGS__);     \
  THAW_OP_CHECKS(row, name)                \
  THAW_OP_CHECK(row, name, default_body)   \
  static_assert(true)
#define THAW_VALUE_CASE(row, name, ...) \
  THAW_OP_ROW(row, name, __VA_ARGS__);  \
  THAW_VALUE_CHECKS(row, name)          \
  static_assert(true)
#define THAW_FUSED_VALUE_CASE(row, name, ...) \
  THAW_OP_ROW(row, name, __VA_ARGS__);        \
  THAW_VALUE_CHECKS(row, name)                \
  THAW_OP_CHECK(row, name, default_body)      \
  static_assert(true)
