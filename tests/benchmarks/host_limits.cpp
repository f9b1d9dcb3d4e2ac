// SPDX-License-Identifier: Apache-2.0
// What the processor gives at best: multiply-adds in registers on all cores, and bytes copied by all cores.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "tests/benchmarks/benchmark.h"

namespace thaw::benchmarks {
namespace {

using Vector [[gnu::vector_size(32)]] = float;

// 12 chains, enough to hide the latency of a multiply-add; the operations are of eight numbers.
[[gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), gnu::optimize("O3", "fp-contract=fast")]] float
chains(int64_t rounds) {
  Vector sums[12] = {};
  const Vector a = Vector{} + 1.0000001f, b = Vector{} + 1e-9f;
  for (int64_t i = 0; i < rounds; ++i)
    for (Vector& sum : sums) sum = sum * a + b;
  float total = 0;
  for (const Vector& sum : sums) total += sum[0];
  return total;
}

// Runs f(core) on every core at once; the seconds until the last is done.
template <typename F>
double on_all_cores(const F& f) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (unsigned core = 0; core < std::max(1u, std::thread::hardware_concurrency()); ++core)
    threads.emplace_back(f, core);
  for (std::thread& thread : threads) thread.join();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Limits host_limits() {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const int64_t rounds = 20'000'000;
  const size_t bytes = size_t{64} << 20;
  std::vector<std::vector<char>> from(cores, std::vector<char>(bytes, 1)), to = from;
  std::vector<float> kept(cores);
  double arithmetic = 1e9, copying = 1e9;
  for (int i = 0; i < 3; ++i) {
    arithmetic = std::min(arithmetic, on_all_cores([&](unsigned core) { kept[core] = chains(rounds); }));
    copying =
        std::min(copying, on_all_cores([&](unsigned core) { std::memcpy(to[core].data(), from[core].data(), bytes); }));
  }
  return {static_cast<double>(cores) * static_cast<double>(rounds) * 12 * 8 * 2 / arithmetic / 1e9,
          static_cast<double>(cores) * static_cast<double>(bytes) * 2 / copying / 1e9};
}

}  // namespace thaw::benchmarks
