// SPDX-License-Identifier: Apache-2.0
// Products tell rows apart on any number of threads; where the device says so of all products, threads do not matter
// either.
#include <doctest/doctest.h>

#include <vector>

#include "backends/cpu/threads.h"
#include "tensor/backend.h"
#include "tests/models/prefix/row_invariance.h"

namespace thaw {

TEST_CASE("prefix invariance: on the cpu device, with some numbers of threads") {
  const Device device = Device::open("cpu");
  const int before = cpu::thread_count();
  std::vector<float> of_one;
  for (const int threads : {1, 2}) {
    INFO(threads, " threads");
    cpu::set_thread_count(threads);
    const std::vector<float> states = check_row_invariance(device);
    if (of_one.empty()) of_one = states;
    if (device.backend().rows_are_independent()) CHECK(states == of_one);
  }
  cpu::set_thread_count(before);
}

}  // namespace thaw
