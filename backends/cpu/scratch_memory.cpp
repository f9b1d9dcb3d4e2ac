// SPDX-License-Identifier: Apache-2.0
// One growing buffer a thread.
#include "backends/cpu/scratch_memory.h"

#include <cstdlib>
#include <memory>
#include <new>

namespace thaw::cpu {

float* scratch_memory(int64_t numbers) {
  struct Free {
    void operator()(void* p) const { std::free(p); }
  };
  thread_local std::unique_ptr<void, Free> memory;
  thread_local size_t size = 0;
  const size_t wanted = (static_cast<size_t>(numbers) * sizeof(float) + 4095) / 4096 * 4096;
  if (wanted > size) {
    memory.reset();
    size = 0;
    memory.reset(std::aligned_alloc(64, wanted));
    if (!memory) throw std::bad_alloc();
    size = wanted;
  }
  return static_cast<float*>(memory.get());
}

}  // namespace thaw::cpu
