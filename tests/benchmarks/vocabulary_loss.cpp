// SPDX-License-Identifier: Apache-2.0
// The loss over T5's vocabulary, its logits in chunks and as a whole, turn by turn.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <vector>

#include "autograd/functions.h"
#include "tensor/backend.h"
#include "tests/benchmarks/benchmark.h"

namespace thaw::benchmarks {
namespace {

constexpr int64_t rows = 512, channels = 512, classes = 32128;

struct Cost {
  double seconds = 1e9;
  double bytes = 0;  // at the peak, beyond the inputs
};

void measure(Device device, const std::function<Variable()>& loss, Cost& cost) {
  MemoryStats& memory = device.backend().memory();
  device.backend().synchronize();
  const auto before = static_cast<double>(memory.live_bytes);
  memory.reset_peak();
  const auto start = std::chrono::steady_clock::now();
  backward(loss());
  device.backend().synchronize();
  cost.seconds =
      std::min(cost.seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  cost.bytes = static_cast<double>(memory.peak_bytes) - before;
}

}  // namespace

void vocabulary_loss(Device device) {
  const auto numbers = [&](const Shape& shape, uint64_t stream) {
    return affine(uniform(shape, {7, stream}, DType::f32, device), 0.1, -0.05);
  };
  std::vector<int32_t> all(static_cast<size_t>(rows));
  for (size_t t = 0; t < all.size(); ++t) all[t] = static_cast<int32_t>(t * 7919 % static_cast<size_t>(classes));
  const Indices targets(all, device);
  fmt::print("\n{}\n", vocabulary_loss_name);
  for (const bool frozen : {false, true}) {
    const Variable x = Variable::leaf(numbers({rows, channels}, 1), "x");
    const Tensor table = numbers({classes, channels}, 2);
    const Variable w = frozen ? Variable(table) : Variable::leaf(table, "w");
    std::array<Cost, 2> costs;
    for (int round = 0; round < 7; ++round)
      for (const bool chunked : {false, true}) {
        measure(
            device,
            [&] { return chunked ? linear_cross_entropy(x, w, {}, targets) : cross_entropy(linear(x, w), targets); },
            costs[chunked]);
        x.clear_grad();
        if (!frozen) w.clear_grad();
      }
    fmt::print("{:<16} whole {:7.1f} ms {:6.1f} MB   in chunks {:7.1f} ms {:6.1f} MB   ratio {:.3f}, {:.3f}\n",
               frozen ? "frozen weight" : "trained weight", 1e3 * costs[0].seconds, 1e-6 * costs[0].bytes,
               1e3 * costs[1].seconds, 1e-6 * costs[1].bytes, costs[1].seconds / costs[0].seconds,
               costs[1].bytes / costs[0].bytes);
    std::fflush(stdout);
  }
}

}  // namespace thaw::benchmarks
