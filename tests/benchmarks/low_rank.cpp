// SPDX-License-Identifier: Apache-2.0
// A product with a frozen weight, forward and for its input's gradient, beside the same with what is trained on it:
// LoRA in one function and composed of several, DoRA, IA3.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <vector>

#include "autograd/functions.h"
#include "tensor/backend.h"
#include "tests/benchmarks/benchmark.h"

namespace thaw::benchmarks {
namespace {

struct Sizes {
  int64_t tokens, in, out, rank;
  UnaryOp activation;
};

struct Method {
  const char* name;
  std::function<Variable()> product;
  double seconds = 1e9;
};

void measure(const Sizes& sizes, Device device) {
  const int64_t tokens = sizes.tokens, in = sizes.in, out = sizes.out, rank = sizes.rank;
  const UnaryOp activation = sizes.activation;
  uint64_t stream = 0;
  const auto numbers = [&](const Shape& shape) {
    return affine(uniform(shape, {7, ++stream}, DType::f32, device), 0.1, -0.05);
  };
  const Variable x = Variable::leaf(numbers({tokens, in})), w(numbers({out, in})), bias(numbers({out}));
  const Variable a = Variable::leaf(numbers({rank, in})), b = Variable::leaf(numbers({out, rank}));
  const Variable magnitude = Variable::leaf(numbers({out})), input_factors = Variable::leaf(numbers({in}));
  const Tensor square_norms = row_square_norms(w.value()), dy = numbers({tokens, out});
  const LowRank plain{a, b, 2, {}}, dropped{a, b, 2, {0.1f, {7, 99}}};
  const auto lora = [&](const LowRank& change) { return low_rank_linear(x, w, bias, change, activation); };
  const auto dora = [&](const LowRank& change) {
    const Tensor norms = low_rank_row_norms(square_norms, w.value(), a.value(), b.value(), change.scale);
    return dora_linear(x, w, bias, change, magnitude, norms, activation);
  };
  const auto composed = [&](const Variable& read) {
    const Variable changed = matmul(matmul(read, transpose(a)), transpose(b), plain.scale);
    return unary(activation, add(linear(x, w, bias), changed));
  };
  std::vector<Method> methods{
      {"frozen", [&] { return linear(x, w, bias, activation); }},
      {"LoRA", [&] { return lora(plain); }},
      {"composed", [&] { return composed(x); }},
      {"LoRA, dropout", [&] { return lora(dropped); }},
      {"composed, dropout", [&] { return composed(dropout(x, dropped.dropout)); }},
      {"DoRA", [&] { return dora(plain); }},
      {"DoRA, dropout", [&] { return dora(dropped); }},
      {"IA3, of the output", [&] { return unary(activation, mul(linear(x, w, bias), magnitude)); }},
      {"IA3, of the input", [&] { return linear(mul(x, input_factors), w, bias, activation); }},
  };
  for (int round = 0; round < 15; ++round)
    for (Method& method : methods) {
      const auto start = std::chrono::steady_clock::now();
      backward(std::vector{method.product()}, std::vector{dy});
      device.backend().synchronize();
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      method.seconds = std::min(method.seconds, took.count());
      for (const Variable& leaf : {x, a, b, magnitude, input_factors}) leaf.clear_grad();
    }
  fmt::print("{} x {} x {}, r {}{}{}\n", tokens, in, out, rank, activation == UnaryOp::identity ? "" : ", ",
             activation == UnaryOp::identity ? "" : name_of(activation));
  for (const Method& method : methods)
    fmt::print("  {:<20}{:9.3f} ms {:8.3f}\n", method.name, 1e3 * method.seconds, method.seconds / methods[0].seconds);
  std::fflush(stdout);
}

}  // namespace

void low_rank_products(Device device) {
  fmt::print("\n{}\n", low_rank_products_name);
  for (const Sizes& sizes : {Sizes{1024, 384, 384, 8, UnaryOp::identity},
                             {512, 768, 768, 8, UnaryOp::identity},
                             {512, 768, 768, 64, UnaryOp::identity},
                             {1024, 384, 1536, 8, UnaryOp::gelu}})
    measure(sizes, device);
}

}  // namespace thaw::benchmarks
