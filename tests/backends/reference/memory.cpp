// SPDX-License-Identifier: Apache-2.0
// The reference device's memory: NaN before the first write, 64-byte alignment, an error that says what is missing.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "tensor/tensor.h"

using namespace thaw;

TEST_CASE("reference memory: new numbers are NaN") {
  const Device device = Device::open("reference");
  for (const DType dtype : {DType::f32, DType::f64, DType::bf16, DType::f16}) {
    CAPTURE(name_of(dtype));
    for (const double x : Tensor::empty({5}, dtype, device).to_host<double>()) CHECK(std::isnan(x));
  }
}

TEST_CASE("reference memory: blocks are aligned and counted") {
  const Device device = Device::open("reference");
  Backend& backend = device.backend();
  const MemoryStats before = backend.memory();
  for (const size_t bytes : {size_t{0}, size_t{1}, size_t{64}, size_t{1000}}) {
    Block* block = backend.allocate(bytes);
    CHECK(reinterpret_cast<uintptr_t>(block->data) % 64 == 0);
    CHECK(block->bytes == bytes);
    CHECK(block->backend == &backend);
    CHECK(backend.memory().live_bytes == before.live_bytes + bytes);
    CHECK(backend.memory().reserved_bytes >= before.reserved_bytes + bytes);
    backend.release(block);
  }
  CHECK(backend.memory().live_bytes == before.live_bytes);
  CHECK(backend.memory().reserved_bytes == before.reserved_bytes);
  CHECK(backend.memory().allocations == before.allocations + 4);
}

TEST_CASE("reference memory: what cannot be had is an error, and nothing changes") {
  const Device device = Device::open("reference");
  const uint64_t live = device.backend().memory().live_bytes;
  try {
    Tensor::empty({int64_t{1} << 60}, DType::f32, device);
    FAIL("2^62 bytes were allocated");
  } catch (const OutOfMemory& error) {
    CHECK(std::string(error.what()).find("reference: out of memory: 4611686018427.4 MB asked for") == 0);
  }
  CHECK(device.backend().memory().live_bytes == live);
}
