// SPDX-License-Identifier: Apache-2.0
// benchmarks [DEVICE] [PART OF A NAME]...: each kernel's rate on the device (default: $THAW_DEVICE) beside the cpu
// device's and beside what the device's memory and arithmetic give at best, all measured now; then the loss over a
// large vocabulary, products with adapters, LoRA on frozen bases of several types and the training step. With parts,
// only what has one of them in its name.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "backends/shared/config.h"
#include "tensor/backend.h"
#include "tensor/check.h"
#include "tests/benchmarks/benchmark.h"

namespace thaw::benchmarks {
namespace {

using Clock = std::chrono::steady_clock;

double time_of(Device device, const std::function<void()>& call, int calls) {
  const auto start = Clock::now();
  for (int i = 0; i < calls; ++i) call();
  device.backend().synchronize();
  return std::chrono::duration<double>(Clock::now() - start).count() / calls;
}

bool named(std::string_view name, const std::vector<std::string>& parts) {
  return parts.empty() ||
         std::ranges::any_of(parts, [&](const std::string& part) { return name.find(part) != name.npos; });
}

void run(Device device, const std::vector<std::string>& parts) {
  std::vector<Device> devices{device};
#if THAW_CPU
  if (Device::open("cpu") != device) devices.push_back(Device::open("cpu"));
#endif
  fmt::print("{}: {}\n", device.name(), device.backend().description());
  const Limits host = host_limits();
#if THAW_VULKAN
  const Limits limits = device.name().starts_with("vulkan") ? vulkan_limits(device) : host;
#else
  const Limits limits = host;
#endif
  fmt::print("limits measured: {} {:.1f} GFLOP/s, {:.1f} GB/s; cpu {:.1f} GFLOP/s, {:.1f} GB/s\n\n", device.name(),
             limits.gflops, limits.gigabytes, host.gflops, host.gigabytes);
  fmt::print("{:<44}", "");
  for (const Device& d : devices) fmt::print("{:>18}", d.name());
  fmt::print("{:>12}{:>10}\n", "of limit", devices.size() > 1 ? "of cpu" : "");
  for (const Case& item : cases()) {
    if (!named(item.name, parts)) continue;
    const bool gflops = item.unit == Unit::gflops;
    std::vector<double> rates;
    for (const Device& d : devices) rates.push_back(item.work / seconds(d, item.prepare(d)) / 1e9);
    fmt::print("{:<44}", item.name);
    for (const double rate : rates) fmt::print("{:>10.2f} {:<7}", rate, gflops ? "GFLOP/s" : "GB/s");
    fmt::print("{:>12.3f}", rates[0] / (gflops ? limits.gflops : limits.gigabytes));
    if (rates.size() > 1) fmt::print("{:>10.3f}", rates[0] / rates[1]);
    fmt::print("\n");
    std::fflush(stdout);
  }
  if (named(vocabulary_loss_name, parts)) vocabulary_loss(device);
  if (named(low_rank_products_name, parts)) low_rank_products(device);
  if (named(frozen_dtypes_name, parts)) frozen_dtypes(device);
  if (named(training_step_name, parts)) training_step(device);
}

}  // namespace

double seconds(Device device, const std::function<void()>& call) {
  time_of(device, call, 1);
  int calls = 1;
  while (calls < 1000 && time_of(device, call, calls) * calls < 0.05) calls *= 2;
  double best = time_of(device, call, calls);
  for (int i = 0; i < 4; ++i) best = std::min(best, time_of(device, call, calls));
  return best;
}

}  // namespace thaw::benchmarks

int main(int argc, char** argv) {
  try {
    thaw::benchmarks::run(argc > 1 ? thaw::Device::open(argv[1]) : thaw::Device::from_environment(),
                          std::vector<std::string>(argv + std::min(argc, 2), argv + argc));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
