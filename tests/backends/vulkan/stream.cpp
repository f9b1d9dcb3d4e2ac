// SPDX-License-Identifier: Apache-2.0
// Barriers, batches, tickets, the staging ring.
#include "backends/vulkan/stream.h"

#include <doctest/doctest.h>

#include <numeric>

#include "tensor/ops.h"
#include "tests/backends/vulkan/device.h"

using namespace thaw;
using vulkan::Stream;
using vulkan::VulkanBackend;

namespace {

Tensor full(VulkanBackend& backend, float value, int64_t count = 1000) {
  return Tensor::full({count}, value, DType::f32, Device(backend));
}

std::vector<float> counting(int64_t count, float start) {
  std::vector<float> values(static_cast<size_t>(count));
  std::iota(values.begin(), values.end(), start);
  return values;
}

}  // namespace

TEST_CASE("vulkan stream: a barrier only where one command needs another") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  Stream& stream = backend.stream();
  const Tensor a = full(backend, 1), b = full(backend, 2);
  const Tensor c = Tensor::empty({1000}, DType::f32, Device(backend)),
               d = Tensor::empty({1000}, DType::f32, Device(backend));
  backend.synchronize();
  const auto barriers = [&, start = stream.counters().barriers] { return stream.counters().barriers - start; };
  backend.unary(UnaryOp::neg, c.view(), a.view(), {});
  backend.unary(UnaryOp::neg, d.view(), a.view(), {});
  CHECK(barriers() == 0);  // both read a
  backend.binary(BinaryOp::add, c.view(), c.view(), d.view());
  CHECK(barriers() == 1);  // reads what both wrote
  backend.unary(UnaryOp::neg, b.view(), b.view(), {});
  CHECK(barriers() == 1);  // nobody has used b
  backend.fill(d.view(), 7);
  CHECK(barriers() == 2);  // overwrites what the sum reads
  CHECK(c.to_host<float>() == std::vector<float>(1000, -2));
  CHECK(d.to_host<float>() == std::vector<float>(1000, 7));
}

TEST_CASE("vulkan stream: a freed block is used again while an earlier command still reads it") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const int64_t count = 300'000;
  std::vector<Tensor> results;
  for (int i = 0; i < 200; ++i) {
    // x dies here with its reader queued; the next turn's x takes its place, by a host write, a fill or a copy.
    const Tensor x = i % 3 == 0   ? Tensor::from_host(counting(count, static_cast<float>(i)), {count}, Device(backend))
                     : i % 3 == 1 ? full(backend, static_cast<float>(i), count)
                                  : full(backend, static_cast<float>(i), count).clone();
    results.push_back(sum_all(x.slice(0, 10, 12)));
  }
  for (int i = 0; i < 200; ++i)
    CHECK(results[static_cast<size_t>(i)].item() ==
          (i % 3 == 0 ? 2.0f * static_cast<float>(i) + 21 : 2.0f * static_cast<float>(i)));
}

TEST_CASE("vulkan stream: two streams of commands before a wait") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  Tensor a = full(backend, 1), b = full(backend, 1);
  for (int i = 0; i < 300; ++i) {
    a = affine(a, 1, 1);
    b = affine(b, -1, 0);
    binary_(BinaryOp::add, b, a);
  }
  float want_a = 1, want_b = 1;
  for (int i = 0; i < 300; ++i) {
    want_a += 1;
    want_b = want_a - want_b;
  }
  CHECK(a.to_host<float>() == std::vector<float>(1000, want_a));
  CHECK(b.to_host<float>() == std::vector<float>(1000, want_b));
  CHECK(backend.stream().counters().submissions < 40);
}

TEST_CASE("vulkan stream: uploads go round the ring while the device works") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const int64_t count = 700'000;  // 2.8 MB: more than a region, and a few fill the ring
  const Tensor target = full(backend, 0, count);
  std::vector<Tensor> ends;
  for (int i = 0; i < 12; ++i) {
    const std::vector<float> values = counting(count, static_cast<float>(i));
    backend.upload(*target.view().block, 0, values.data(), values.size() * sizeof(float));  // busy: by way of the ring
    ends.push_back(target.slice(0, count - 1, count).clone());
  }
  for (int i = 0; i < 12; ++i) CHECK(ends[static_cast<size_t>(i)].item() == static_cast<float>(i) + 699'999);
}

TEST_CASE("vulkan stream: parameters of one launch may fill a quarter of the ring, not more") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const std::vector<std::byte> largest(vulkan::Ring::largest), larger(vulkan::Ring::largest + 1);
  for (int i = 0; i < 20; ++i) {
    const vulkan::Parameters parameters(backend.stream(), largest);
    CHECK(parameters.address() != 0);
  }
  CHECK_THROWS_WITH_AS(vulkan::Parameters(backend.stream(), larger), doctest::Contains("launch parameters"),
                       std::invalid_argument);
}

TEST_CASE("vulkan stream: a result is read a step later without waiting for the step in between") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const Tensor loss = full(backend, 1, 1);
  Pending<float> before;
  for (int step = 0; step < 50; ++step) {
    binary_(BinaryOp::add, loss, full(backend, 1, 1));
    Pending<float> now = loss.to_host_later();
    if (before.defined()) CHECK(before.get() == static_cast<float>(step) + 1);
    before = std::move(now);
  }
  CHECK(before.get() == 51);
}

TEST_CASE("vulkan stream: tickets") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  Stream& stream = backend.stream();
  stream.wait(0);
  const uint64_t none = stream.flush();
  CHECK(stream.flush() == none);  // nothing is recorded, nothing is submitted
  const Tensor x = full(backend, 1);
  const uint64_t ticket = stream.next_ticket();
  CHECK_FALSE(stream.is_done(ticket));
  stream.wait(ticket);  // submits it
  CHECK(stream.is_done(ticket));
  CHECK(stream.flush() == ticket);
}

TEST_CASE("vulkan stream: counts what it does") {
  SKIP_WITHOUT_VULKAN();
  VulkanBackend backend("");
  const vulkan::StreamCounters before = backend.stream().counters();
  const Tensor x = Tensor::from_host(counting(100, 0), {100}, Device(backend));
  const Tensor y = affine(x, 2, 0), copied = y.clone();
  copied.to_host<float>();
  const vulkan::StreamCounters& after = backend.stream().counters();
  CHECK(after.dispatches - before.dispatches == 1);
  // The clone; the upload of what the host cannot write, and the download of what it reads slowly.
  const vulkan::Facts& facts = backend.facts();
  CHECK(after.copies - before.copies == 1u + (facts.host_visible ? 0 : 1) + (facts.host_cached ? 0 : 1));
  CHECK(after.submissions - before.submissions == 1);
  CHECK(after.uploaded_bytes - before.uploaded_bytes == 400);
  CHECK(after.downloaded_bytes - before.downloaded_bytes == 400);
}
