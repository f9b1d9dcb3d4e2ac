// SPDX-License-Identifier: Apache-2.0
// The device against the reference where kernels go wrong: odd sizes, strides, offsets that are no multiple of 16
// bytes, many axes, grids beyond 65,535 workgroups, every subgroup size.
#include <doctest/doctest.h>

#include <functional>

#include "backends/vulkan/facts.h"
#include "tensor/ops.h"
#include "tests/backends/vulkan/device.h"

using namespace thaw;
using vulkan::VulkanBackend;

namespace {

Tensor numbers(const Shape& shape, Device device, uint64_t stream = 1) {
  return affine(uniform(shape, {7, stream}, DType::f32, device), 4, -2);
}

// Normalised mean squared error.
double nmse(const std::vector<float>& got, const std::vector<float>& want) {
  REQUIRE(got.size() == want.size());
  double error = 0, norm = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    error += (static_cast<double>(got[i]) - want[i]) * (static_cast<double>(got[i]) - want[i]);
    norm += static_cast<double>(want[i]) * want[i];
  }
  return norm > 0 ? error / norm : error;
}

using Computation = std::function<Tensor(Device)>;

void check_same(VulkanBackend& backend, const Computation& f) {
  CHECK(nmse(f(Device(backend)).to_host<float>(), f(Device::open("reference")).to_host<float>()) < 1e-10);
}

// What each test computes on all shapes.
const std::vector<std::pair<const char*, std::function<Tensor(const Tensor&)>>> functions{
    {"gelu", [](const Tensor& x) { return unary(UnaryOp::gelu, x); }},
    {"gelu slope", [](const Tensor& x) { return unary_backward(UnaryOp::gelu, x, x); }},
    {"mul", [](const Tensor& x) { return mul(x, x); }},
    {"where", [](const Tensor& x) { return where(binary(BinaryOp::less, x, mul(x, x)), x, scale(x, 3)); }},
    {"bf16", [](const Tensor& x) { return x.to(DType::bf16).to(DType::f32); }},
    {"sum", [](const Tensor& x) { return sum_all(x); }},
    {"sum of rows", [](const Tensor& x) { return sum_rows(x); }},
    {"sum of columns", [](const Tensor& x) { return sum(x, {-1}); }},
    {"max", [](const Tensor& x) { return reduce(ReduceOp::max, x, std::vector<int>{-1}); }},
    {"softmax", [](const Tensor& x) { return softmax(x); }},
    {"softmax backward",
     [](const Tensor& x) { return softmax_backward(numbers(x.shape(), x.device(), 3), softmax(x)); }},
    {"dropout",
     [](const Tensor& x) {
       return dropout(x, {0.3f, {1, 2}}, {});
     }},
    {"dropout + residual",
     [](const Tensor& x) {
       return dropout(x, {0.3f, {1, 2}}, x);
     }},
};

}  // namespace

TEST_CASE("vulkan kernels: odd sizes") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  for (const auto& op : functions)
    for (const Shape& shape : {Shape{1}, Shape{3}, Shape{17}, Shape{257}, Shape{4099}, Shape{1, 257}, Shape{257, 1},
                               Shape{3, 4099}, Shape{4099, 3}, Shape{17, 3, 257}, Shape{2, 1, 3, 17}}) {
      CAPTURE(std::string(op.first));
      CAPTURE(shape.to_string());
      check_same(backend, [&](Device device) { return op.second(numbers(shape, device)); });
    }
}

TEST_CASE("vulkan kernels: strided, broadcast and shifted views") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  for (const auto& op : functions) {
    CAPTURE(std::string(op.first));
    check_same(backend, [&](Device device) { return op.second(numbers({17, 33}, device).transpose()); });
    check_same(backend, [&](Device device) {
      return op.second(numbers({19, 35}, device).slice(0, 1, 18).slice(1, 1, 34));
    });
    check_same(backend, [&](Device device) { return op.second(numbers({17, 1}, device).expand({17, 9})); });
    check_same(backend, [&](Device device) { return op.second(numbers({1, 17}, device).expand({9, 17})); });
    check_same(backend, [&](Device device) { return op.second(numbers({3, 4, 5, 6}, device).permute({2, 0, 3, 1})); });
    check_same(backend, [&](Device device) {
      return op.second(numbers({2, 3, 2, 3, 2, 3}, device).permute({4, 1, 5, 2, 0, 3}));
    });
  }
}

TEST_CASE("vulkan kernels: outputs of any strides and many axes") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const auto into = [](const std::function<void(Backend&, const View&, const View&)>& f) {
    return [f](Device device) {
      const Tensor out = Tensor::full({2, 3, 2, 3, 2, 4}, 9, DType::f32, device);
      const Tensor x = numbers({3, 2, 2, 2, 3, 3}, device);
      // [2, 3, 2, 3, 2, 3], neither of the two contiguous
      f(device.backend(), out.slice(5, 1, 4).view(), x.permute({1, 0, 2, 4, 3, 5}).view());
      return out;
    };
  };
  check_same(backend, into([](Backend& b, const View& out, const View& x) { b.unary(UnaryOp::tanh, out, x, {}); }));
  check_same(backend, into([](Backend& b, const View& out, const View& x) { b.binary(BinaryOp::add, out, out, x); }));
  check_same(backend, into([](Backend& b, const View& out, const View& x) { b.softmax(out, x); }));
  check_same(backend, into([](Backend& b, const View& out, const View& x) { b.copy(out, x); }));
  check_same(backend, into([](Backend& b, const View& out, const View& x) {
               b.reduce(ReduceOp::sum, out.slice(1, 0, 1).slice(4, 0, 1), x, 0.5f, true);
             }));
  check_same(backend, into([](Backend& b, const View& out, const View& x) { b.dropout(out, x, &x, {0.5f, {3, 4}}); }));
}

TEST_CASE("vulkan kernels: grids beyond 65,535 workgroups") {
  SKIP_WITHOUT_VULKAN();
  const Environment small("THAW_VULKAN_TUNING", "pointwise_workgroup=1,pointwise_per_invocation=1,reduce_workgroup=1");
  VulkanBackend backend("");
  for (const auto& op : functions) {
    CAPTURE(std::string(op.first));
    check_same(backend, [&](Device device) { return op.second(numbers({66'001, 1}, device)); });
  }
  check_same(backend, [](Device device) { return uniform({300'001}, {1, 2}, DType::f32, device); });
  check_same(backend, [](Device device) {
    std::vector<int32_t> ids(70'001);
    for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int32_t>(i * 48'271 % 70'001);
    const Indices indices(ids, device);
    const Tensor table = numbers({70'001, 2}, device);
    scatter_add_rows_(table, gather_rows(table, indices), indices);
    return table;
  });
}

TEST_CASE("vulkan kernels: results do not depend on the size of subgroups") {
  SKIP_WITHOUT_VULKAN();
  std::vector<std::vector<std::vector<float>>> results;
  const auto run = [&] {
    VulkanBackend backend("");
    results.emplace_back();
    for (const auto& op : functions)
      results.back().push_back(op.second(numbers({37, 1031}, Device(backend))).to_host<float>());
    results.back().push_back(
        matmul(numbers({37, 67}, Device(backend)), numbers({67, 45}, Device(backend))).to_host<float>());
    return backend.facts();
  };
  const vulkan::Facts facts = run();
  if (!facts.subgroup_size_control) {
    MESSAGE("skipped: the device chooses its subgroups itself");
    return;
  }
  for (uint32_t size = facts.min_subgroup_size; size <= facts.max_subgroup_size; size *= 2) {
    CAPTURE(size);
    const Environment forced("THAW_VULKAN_SUBGROUP", std::to_string(size));
    run();
    CHECK(results.back() == results.front());
  }
  const Environment impossible("THAW_VULKAN_SUBGROUP", "3");
  CHECK_THROWS_WITH_AS(VulkanBackend(""), doctest::Contains("THAW_VULKAN_SUBGROUP"), std::invalid_argument);
}

TEST_CASE("vulkan kernels: rows that many ids share, ids left out, more ids than one launch takes") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  for (const int32_t count : {1, 63, 64, 65, 1000, 70'000}) {
    CAPTURE(count);
    check_same(backend, [&](Device device) {
      std::vector<int32_t> ids(static_cast<size_t>(count));
      for (int32_t i = 0; i < count; ++i)
        ids[static_cast<size_t>(i)] = i % 3 == 0 ? 1 : i % 101 - 2;  // -2, -1 and 5.. are outside
      const Tensor table = numbers({5, 3}, device);
      scatter_add_rows_(table, numbers({count, 3}, device, 2), Indices(ids, device));
      return table;
    });
  }
}

TEST_CASE("vulkan kernels: empty tensors") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const Device device(backend);
  const Tensor empty = Tensor::empty({0, 5}, DType::f32, device);
  CHECK(sum(empty, {0}).to_host<float>() == std::vector<float>(5, 0));
  CHECK(sum_all(empty).item() == 0);
  backend.copy(empty.view(), empty.view());
  backend.softmax(empty.view(), empty.view());
  backend.uniform(empty.view(), {});
  backend.fill(empty.view(), 1);
  CHECK(empty.to_host<float>().empty());
  CHECK(empty.to(DType::bf16).to_bytes().empty());
}
