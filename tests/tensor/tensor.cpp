// SPDX-License-Identifier: Apache-2.0
// Tensors: creation, views on shared memory, transfers, errors.
#include "tensor/tensor.h"

#include <doctest/doctest.h>

#include <numeric>
#include <stdexcept>

#include "tensor/ops.h"
#include "tensor/pending_numbers.h"
#include "tests/settings.h"

using namespace thaw;

namespace {

// 0, 1, 2, ... in row-major order.
Tensor counted(const Shape& shape, const Setting& s) {
  std::vector<double> values(static_cast<size_t>(shape.numel()));
  std::iota(values.begin(), values.end(), 0.0);
  return Tensor::from_host(values, shape, s.device, s.dtype);
}

std::vector<double> numbers(const Tensor& t) { return t.to_host<double>(); }

}  // namespace

TEST_CASE("tensor: creation and transfers") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    CHECK(numbers(Tensor::full({2, 2}, 1.5, s.dtype, s.device)) == std::vector<double>{1.5, 1.5, 1.5, 1.5});
    CHECK(numbers(counted({2, 3}, s)) == std::vector<double>{0, 1, 2, 3, 4, 5});
    CHECK(counted({2, 3}, s).to_host<float>() == std::vector<float>{0, 1, 2, 3, 4, 5});
    CHECK(Tensor::full({}, 7, s.dtype, s.device).item<double>() == 7);
    const std::vector<int32_t> ids{3, -1, 2147483647};
    CHECK(Tensor::from_host(ids, {3}, s.device).to_host<int32_t>() == ids);
    CHECK(numbers(counted({2, 0, 3}, s)).empty());
    CHECK(counted({4}, s).to(s.device).same_view(counted({4}, s)) == false);
    const Tensor moved = counted({3, 2}, s).transpose().to(Device::open("reference"));
    CHECK(numbers(moved) == std::vector<double>{0, 2, 4, 1, 3, 5});
    const Tensor loss = Tensor::full({1}, 2.5, s.dtype, s.device);
    Pending<float> pending = loss.to_host_later();
    CHECK(pending.get() == 2.5f);
    CHECK(PendingNumbers(counted({3, 2}, s).transpose()).get() == std::vector<float>{0, 2, 4, 1, 3, 5});
    CHECK(PendingNumbers(counted({6}, s).slice(0, 2, 5)).get() == std::vector<float>{2, 3, 4});
    CHECK(PendingNumbers(counted({0}, s)).get().empty());
  }
}

TEST_CASE("tensor: views share memory, and reshape copies only where it must") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Tensor x = counted({2, 3, 4}, s);
    const Tensor part = x.slice(1, 1, 2);
    CHECK(numbers(part) == std::vector<double>{4, 5, 6, 7, 16, 17, 18, 19});
    part.fill_(-1);
    CHECK(numbers(x.slice(0, 0, 1)) == std::vector<double>{0, 1, 2, 3, -1, -1, -1, -1, 8, 9, 10, 11});
    CHECK(x.use_count() == 2);

    const Tensor y = counted({2, 3, 4}, s);
    CHECK(y.reshape({-1, 4}).shape() == Shape{6, 4});
    CHECK(y.reshape({6, 4}).view().block == y.view().block);
    CHECK(y.permute({1, 0, 2}).reshape({3, 2, 2, 2}).view().block == y.view().block);
    const Tensor flat = y.transpose().reshape({24});
    CHECK(flat.view().block != y.view().block);
    CHECK(numbers(flat) ==
          std::vector<double>{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23});
    CHECK(numbers(y.slice(2, 0, 2).reshape({12})) == std::vector<double>{0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21});
    CHECK(numbers(y.slice(0, 1, 2).slice(1, 0, 1).squeeze(0).expand({2, 4})) ==
          std::vector<double>{12, 13, 14, 15, 12, 13, 14, 15});
    CHECK(numbers(y.slice(0, 1, 2).slice(1, 0, 1).expand({1, 2, 4}).reshape({2, 2, 2})) ==
          std::vector<double>{12, 13, 14, 15, 12, 13, 14, 15});
    CHECK(counted({2, 0}, s).reshape({0, 5}).shape() == Shape{0, 5});
  }
}

TEST_CASE("tensor: copies between layouts") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const Tensor x = counted({3, 4}, s);
    const Tensor target = Tensor::zeros({4, 3}, s.dtype, s.device);
    target.transpose().copy_from(x);
    CHECK(numbers(target) == std::vector<double>{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11});
    CHECK(numbers(x.transpose().contiguous()) == numbers(target));
    CHECK(x.contiguous().same_view(x));
    CHECK_FALSE(x.clone().same_view(x));
    const std::vector<Tensor> parts{x, x.slice(1, 0, 1), x.slice(1, 2, 2)};
    CHECK(numbers(concat(parts, 1)) == std::vector<double>{0, 1, 2, 3, 0, 4, 5, 6, 7, 4, 8, 9, 10, 11, 8});
  }
}

TEST_CASE("tensor: writes raise the version, reads do not") {
  const Device device = Device::from_environment();
  const Tensor x = Tensor::zeros({3}, DType::f32, device);
  const uint64_t before = x.view().block->version;
  (void)x.to_host<float>();
  CHECK(x.view().block->version == before);
  x.fill_(1);
  CHECK(x.view().block->version == before + 1);
  x.copy_from(Tensor::zeros({3}, DType::f32, device));
  CHECK(x.view().block->version == before + 2);
  binary_(BinaryOp::add, x, x);
  CHECK(x.view().block->version == before + 3);
}

TEST_CASE("tensor: mistakes are named") {
  const Device device = Device::from_environment();
  const Tensor x = Tensor::zeros({2, 3}, DType::f32, device);
  const auto f32 = DType::f32;
  CHECK_THROWS_WITH_AS(x.reshape({4}), "reshape: [2, 3] does not fit [4]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(x.reshape({-1, -1}), "reshape: more than one -1 in [-1, -1]", std::invalid_argument);
  CHECK_THROWS_AS(x.reshape({4, -1}), std::invalid_argument);
  CHECK_THROWS_WITH_AS(x.item(), "item: [2, 3] has not one element", std::invalid_argument);
  CHECK_THROWS_WITH_AS(x.to_host<int32_t>(), "to_host: the tensor holds f32", std::invalid_argument);
  CHECK_THROWS_WITH_AS(x.copy_from(Tensor::zeros({3, 2}, f32, device)), "copy_from: [3, 2] into [2, 3]",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tensor::zeros({2}, f32, Device()), "tensor: no device", std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tensor::empty({-1}, f32, device), "tensor: shape [-1] has a negative size",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tensor::empty({int64_t{1} << 40, int64_t{1} << 40}, f32, device),
                       "tensor: shape [1099511627776, 1099511627776] is too large", std::invalid_argument);
  CHECK_THROWS_WITH_AS(Tensor::from_host(std::vector<float>{1, 2, 3}, {2}, device),
                       "tensor: 12 bytes for shape [2] of f32", std::invalid_argument);
  CHECK_THROWS_WITH_AS(add(x, Tensor::zeros({4}, f32, device)), "shapes [2, 3] and [4] do not broadcast",
                       std::invalid_argument);
}

TEST_CASE("tensor: memory comes back, and the statistics say so") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    MemoryStats& stats = s.device.backend().memory();
    const uint64_t live = stats.live_bytes, blocks = stats.live_blocks;
    {
      const Tensor x = Tensor::zeros({1000}, s.dtype, s.device);
      const Tensor view = x.slice(0, 10, 20);
      CHECK(stats.live_bytes == live + 1000 * size_of(s.dtype));
      CHECK(stats.live_blocks == blocks + 1);
      CHECK(stats.reserved_bytes >= stats.live_bytes);
      CHECK(stats.peak_bytes >= stats.live_bytes);
    }
    CHECK(stats.live_bytes == live);
    CHECK(stats.live_blocks == blocks);
    stats.reset_peak();
    CHECK(stats.peak_bytes == live);
  }
}
