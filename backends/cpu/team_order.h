// SPDX-License-Identifier: Apache-2.0
// Tells the thread sanitizer the order that OpenMP keeps, as it does not see into that library: what comes before a
// parallel region, then the work of its threads, then what follows. Without the sanitizer these functions do nothing.
#pragma once

extern "C" {
[[gnu::weak]] void __tsan_release(void* address);
[[gnu::weak]] void __tsan_acquire(void* address);
}

namespace thaw::cpu {

// Of one region: those of other threads are in no order with it.
struct TeamOrder {
  void before_region() { release(&begin); }
  void thread_begins() { acquire(&begin); }
  void thread_ends() { release(&end); }
  void after_region() { acquire(&end); }

 private:
  static void release(char* moment) {
    if (__tsan_release) __tsan_release(moment);
  }
  static void acquire(char* moment) {
    if (__tsan_acquire) __tsan_acquire(moment);
  }
  char begin = 0, end = 0;  // their addresses name the moments
};

}  // namespace thaw::cpu
