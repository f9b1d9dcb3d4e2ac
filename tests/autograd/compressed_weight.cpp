// SPDX-License-Identifier: Apache-2.0
// Frozen weights in bf16 and int8: what they are rounded to, and products by the rounded matrix, forward and backward,
// to the bit those of a frozen f32 weight that has the rounded numbers; and nothing of it is kept in f32.
#include "autograd/compressed_weight.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tensor/backend.h"
#include "tensor/ops.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

Device device() { return Device::from_environment(); }
Tensor tensor(const Shape& shape, const std::vector<float>& values) {
  return Tensor::from_host(values, shape, device());
}
Tensor numbers(const Shape& shape, uint64_t stream) {
  return affine(uniform(shape, {3, stream}, DType::f32, device()), 2, -1);
}

constexpr int64_t tokens = 7, in = 20, out = 13, rank = 3;

CompressedWeight compressed(const char* type, const Tensor& w, bool in_out) {
  return type == std::string("bf16") ? as_bf16(w) : as_int8(w, in_out);
}

struct Inputs {
  Variable x = Variable::leaf(numbers({tokens, in}, 1));
  Variable bias = Variable::leaf(numbers({out}, 2));
  LowRank change{Variable::leaf(numbers({rank, in}, 3)), Variable::leaf(numbers({out, rank}, 4)), 1.5, {}};
  Variable magnitude = Variable::leaf(numbers({out}, 5));

  std::vector<Variable> leaves() const { return {x, bias, change.a, change.b, magnitude}; }
};

using Bytes = std::vector<std::byte>;
// What a function gives, and the gradients of all leaves that have some.
template <typename Weight>
std::vector<Bytes> bits_of(const std::function<Variable(const Inputs&, const Weight&)>& function, const Weight& w) {
  const Inputs inputs;
  const Variable y = function(inputs, w);
  backward(std::vector{y}, std::vector{numbers(y.shape(), 9)});
  std::vector<Bytes> bits{y.value().to_bytes()};
  for (const Variable& leaf : inputs.leaves())
    if (const Tensor gradient = leaf.grad(); gradient.defined()) bits.push_back(gradient.to_bytes());
  return bits;
}

// Of a function with either kind of weight.
template <typename F>
void check_same_bits(const char* what, bool in_out, const F& function) {
  const Tensor w = numbers(in_out ? Shape{in, out} : Shape{out, in}, 6);
  for (const char* type : {"bf16", "int8"}) {
    CAPTURE(what);
    CAPTURE(type);
    const CompressedWeight rounded = compressed(type, w, in_out);
    const auto by_whole = bits_of<Variable>([&](const Inputs& i, const Variable& v) { return function(i, v); },
                                            Variable(rounded.expanded()));
    const auto by_compressed =
        bits_of<CompressedWeight>([&](const Inputs& i, const CompressedWeight& c) { return function(i, c); }, rounded);
    CHECK(by_compressed == by_whole);
    CHECK(by_whole.size() >= 3);
  }
}

}  // namespace

TEST_CASE("compressed weights: bf16 is the nearest, int8 the nearest multiple of the output's largest / 127") {
  const Tensor w = tensor({2, 3}, {1, -0.3f, 0.004f, 0, 0, 0});
  CHECK(as_bf16(w).expanded().to_host<float>() == std::vector<float>{1, -0.30078125f, 0.0039978027f, 0, 0, 0});
  const CompressedWeight rows = as_int8(w, false);
  const float step = 1.0f / 127;
  CHECK(rows.numbers.to(DType::i32).to_host<int32_t>() == std::vector<int32_t>{255, 90, 129, 128, 128, 128});
  CHECK(rows.expanded().to_host<float>() == std::vector<float>{127 * step, -38 * step, step, 0, 0, 0});
  CHECK(rows.bytes() == 6 + 2 * 4 + 4);
  // Of a weight [in, out] the outputs are columns.
  const CompressedWeight columns = as_int8(tensor({2, 2}, {2, -0.5f, 1, 0.25f}), true);
  CHECK(columns.expanded().shape() == Shape{2, 2});
  CHECK(columns.numbers.to(DType::i32).to_host<int32_t>() == std::vector<int32_t>{255, 1, 192, 192});
  CHECK(std::string(kept_as(&rows)) == "int8");
}

TEST_CASE("compressed weights: the error of int8 is at most half a step, of what is rounded already none") {
  const Tensor w = numbers({out, in}, 8);
  const CompressedWeight kept = as_int8(w, false);
  const std::vector<float> before = w.to_host<float>(), after = kept.expanded().to_host<float>();
  const std::vector<float> steps = kept.scales.to_host<float>();
  for (size_t i = 0; i < before.size(); ++i)
    CHECK(std::abs(before[i] - after[i]) <= 0.5001f * steps[i / static_cast<size_t>(in)]);
  CHECK(as_int8(kept.expanded(), false).numbers.to_bytes() == kept.numbers.to_bytes());
}

TEST_CASE("compressed weights: a large matrix is expanded in parts, to the same numbers") {
  constexpr int64_t rows = 1300, columns = 407;
  const std::vector<float> values = uniform({rows * columns}, {4, 1}, DType::f32, device()).to_host<float>();
  for (const bool in_out : {false, true}) {
    const CompressedWeight kept = as_int8(tensor({rows, columns}, values), in_out);
    const std::vector<int32_t> bytes = kept.numbers.to(DType::i32).to_host<int32_t>();
    const std::vector<float> scales = kept.scales.to_host<float>(), whole = kept.expanded().to_host<float>();
    size_t different = 0;
    for (size_t i = 0; i < whole.size(); ++i)
      different += whole[i] != static_cast<float>(bytes[i] - 128) * scales[in_out ? i % columns : i / columns];
    CHECK(different == 0);
  }
}

TEST_CASE("compressed weights: products and gradients have the bits of those by the rounded matrix") {
  for (const UnaryOp activation : {UnaryOp::identity, UnaryOp::gelu, UnaryOp::relu}) {
    check_same_bits("linear", false,
                    [&](const Inputs& i, const auto& w) { return linear(i.x, w, i.bias, activation); });
    check_same_bits("linear_in_out", true,
                    [&](const Inputs& i, const auto& w) { return linear_in_out(i.x, w, i.bias, activation); });
    for (const bool in_out : {false, true})
      check_same_bits("low_rank_linear", in_out, [&](const Inputs& i, const auto& w) {
        return low_rank_linear(i.x, w, i.bias, i.change, activation, in_out);
      });
  }
  const Tensor norms = affine(uniform({out}, {3, 12}, DType::f32, device()), 1, 0.5);
  for (const float dropped : {0.0f, 0.4f})
    for (const bool in_out : {false, true})
      check_same_bits("dora_linear", in_out, [&](const Inputs& i, const auto& w) {
        LowRank change = i.change;
        change.dropout = {dropped, {5, 5}};
        return dora_linear(i.x, w, i.bias, change, i.magnitude, norms, UnaryOp::tanh, in_out);
      });
}

TEST_CASE("compressed weights: the loss over a vocabulary, whole and in chunks") {
  const std::vector<int32_t> classes{0, 12, 3, -100, 7, 7, 1};
  for (const int64_t chunk_bytes : {int64_t{1} << 20, int64_t{2} * out * 4})
    for (const bool in_out : {false, true})
      check_same_bits("linear_cross_entropy", in_out, [&](const Inputs& i, const auto& w) {
        return linear_cross_entropy(i.x, w, i.bias, Indices(classes, device()),
                                    {.scale = 0.5, .in_out = in_out, .chunk_bytes = chunk_bytes});
      });
}

TEST_CASE("compressed weights: nothing of the matrix is kept for the backward pass") {
  const Tensor w = numbers({out * 8, in * 8}, 6);
  const Variable x = Variable::leaf(numbers({2, in * 8}, 1));
  const MemoryStats& memory = device().backend().memory();
  const auto kept = [&](const auto& weight) {
    const uint64_t before = memory.live_bytes;
    const Variable y = linear(x, weight);
    return memory.live_bytes - before;
  };
  const uint64_t of_whole = kept(Variable(w));
  for (const char* type : {"bf16", "int8"}) CHECK(kept(compressed(type, w, false)) == of_whole);
}

TEST_CASE("compressed weights: what cannot be one") {
  CHECK(error_of([] { as_bf16(numbers({3}, 1)); }) == "a compressed weight: a matrix was expected");
  CHECK(error_of([] {
          as_int8(tensor({1, 2}, {1, std::numeric_limits<float>::infinity()}), false);
        }) == "a compressed weight: inf is not finite");
  CHECK(error_of([] {
          linear(numbers({2, 4}, 1), as_bf16(numbers({3, 5}, 2)));
        }) == "linear: input [2, 4] does not fit weight [3, 5]");
}
