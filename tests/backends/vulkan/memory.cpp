// SPDX-License-Identifier: Apache-2.0
// The memory pool: reuse, joining, limits, NaN patterns, blocks beyond the range of a storage buffer.
#include <doctest/doctest.h>

#include <cmath>

#include "tensor/ops.h"
#include "tests/backends/vulkan/device.h"

using namespace thaw;
using vulkan::VulkanBackend;

TEST_CASE("vulkan memory: a freed block is handed out at once, and neighbours join again") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const size_t bytes = 3 << 20;
  Block* a = backend.allocate(bytes);
  Block* b = backend.allocate(bytes);
  const uint64_t first = a->handle;
  CHECK(first % 64 == 0);
  CHECK(b->handle >= first + bytes);
  const uint64_t reserved = backend.memory().reserved_bytes;
  backend.release(a);
  Block* again = backend.allocate(bytes - 1000);
  CHECK(again->handle == first);
  backend.release(again);
  backend.release(b);
  Block* both = backend.allocate(2 * bytes);
  CHECK(both->handle == first);
  backend.release(both);
  CHECK(backend.memory().reserved_bytes == reserved);
  CHECK(backend.memory().live_bytes == 0);
  CHECK(backend.memory().live_blocks == 0);
}

TEST_CASE("vulkan memory: blocks of many sizes do not overlap and come back whole") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  std::vector<Block*> blocks;
  uint64_t reserved = 0;
  for (int round = 0; round < 20; ++round) {
    for (size_t i = 0; i < 60; ++i)
      blocks.push_back(backend.allocate((i * 7919 + static_cast<size_t>(round) * 104729) % 300000));
    std::vector<std::pair<uint64_t, uint64_t>> ranges;
    for (const Block* block : blocks) ranges.emplace_back(block->handle, block->handle + block->bytes);
    std::sort(ranges.begin(), ranges.end());
    for (size_t i = 1; i < ranges.size(); ++i) REQUIRE(ranges[i].first >= ranges[i - 1].second);
    while (!blocks.empty()) {  // from both ends
      backend.release(blocks.back());
      blocks.pop_back();
      if (blocks.empty()) break;
      backend.release(blocks.front());
      blocks.erase(blocks.begin());
    }
    if (round == 0) reserved = backend.memory().reserved_bytes;
  }
  CHECK(backend.memory().reserved_bytes == reserved);
}

TEST_CASE("vulkan memory: when there is no more, idle chunks are freed, then the error says what was asked for") {
  SKIP_WITHOUT_VULKAN();
  const Environment limit("THAW_VULKAN_MEMORY_MB", "100");
  VulkanBackend backend("");
  const Device device(backend);
  Block* large = backend.allocate(60'000'000);
  CHECK_THROWS_WITH_AS(backend.allocate(70'000'000),
                       doctest::Contains("out of memory: 70.0 MB asked for, 60.0 MB in use"), OutOfMemory);
  // The device goes on, and the memory of what was freed serves a block that no free range can hold.
  CHECK(Tensor::full({4}, 3, DType::f32, device).to_host<float>() == std::vector<float>{3, 3, 3, 3});
  backend.release(large);
  Block* larger = backend.allocate(80'000'000);
  CHECK(backend.memory().reserved_bytes <= 100'000'000);
  backend.release(larger);
}

TEST_CASE("vulkan memory: a piece larger than the device gives is refused by name") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  CHECK_THROWS_WITH_AS(backend.allocate(size_t{1} << 45), doctest::Contains("the device gives at most"),
                       std::invalid_argument);
}

TEST_CASE("vulkan memory: new and freed blocks hold NaN when asked for") {
  SKIP_WITHOUT_VULKAN();
  const Environment poison("THAW_VULKAN_POISON", "1");
  VulkanBackend backend("");
  const Device device(backend);
  for (const float x : Tensor::empty({1000}, DType::f32, device).to_host<float>()) REQUIRE(std::isnan(x));
  uint64_t address = 0;
  {
    const Tensor written = Tensor::full({1000}, 1, DType::f32, device);
    address = written.view().block->handle;
  }
  const Tensor again = Tensor::empty({1000}, DType::f32, device);
  REQUIRE(again.view().block->handle == address);
  for (const float x : again.to_host<float>()) REQUIRE(std::isnan(x));
}

TEST_CASE("vulkan memory: a tensor beyond 128 MiB, and beyond the range of a descriptor") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const Device device(backend);
  const int64_t rows = 40'001, columns = 1024;  // 164 MB
  const Tensor x = Tensor::full({rows, columns}, 2, DType::f32, device);
  x.slice(0, rows - 1, rows).fill_(5);
  binary_(BinaryOp::mul, x, Tensor::full({columns}, 3, DType::f32, device));
  CHECK(x.slice(0, 0, 1).to_host<float>() == std::vector<float>(columns, 6));
  CHECK(x.slice(0, rows - 1, rows).to_host<float>() == std::vector<float>(columns, 15));
  CHECK(gather_rows(x, Indices({static_cast<int32_t>(rows) - 1}, device)).to_host<float>() ==
        std::vector<float>(columns, 15));
}

TEST_CASE("vulkan memory: 10,000 steps do not grow it") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const Device device(backend);
  const Tensor weight = Tensor::full({64}, 0.5, DType::f32, device);
  uint64_t reserved = 0, system_allocations = 0;
  float last = 0;
  for (int step = 0; step < 10'000; ++step) {
    const Tensor x = Tensor::full({32 + step % 7, 64}, step, DType::f32, device);
    const Tensor y = sum_rows(mul(x, weight));
    if (step % 100 == 0) last = y.to_host<float>()[0];
    if (step == 1000) {
      reserved = backend.memory().reserved_bytes;
      system_allocations = backend.memory().system_allocations;
    }
  }
  CHECK(last == 0.5f * 9900 * (32 + 9900 % 7));
  CHECK(backend.memory().reserved_bytes == reserved);
  CHECK(backend.memory().system_allocations == system_allocations);
}
