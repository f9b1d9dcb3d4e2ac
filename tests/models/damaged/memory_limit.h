// SPDX-License-Identifier: Apache-2.0
// Holds a piece of a test to an amount of memory, whoever asks for it: libpng and libsndfile call malloc themselves.
#pragma once

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <stdexcept>

namespace thaw {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool limits_memory = false;  // sanitizers reserve terabytes
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool limits_memory = false;
#else
constexpr bool limits_memory = true;
#endif
#else
constexpr bool limits_memory = true;
#endif

// While it lives, the process may map so many bytes more than it has: a malloc or new of more fails. (What free() keeps
// for later is given back before, as far as it lies at the heap's end.)
class MemoryLimit {
 public:
  explicit MemoryLimit(size_t bytes) {
    if (!limits_memory) return;
    malloc_trim(0);
    size_t pages = 0;  // of the process's address space
    if (!(std::ifstream("/proc/self/statm") >> pages) || getrlimit(RLIMIT_AS, &before_) != 0)
      throw std::runtime_error("how much memory the process has cannot be read");
    rlimit limit = before_;
    limit.rlim_cur = pages * static_cast<size_t>(sysconf(_SC_PAGESIZE)) + bytes;
    if (setrlimit(RLIMIT_AS, &limit) != 0) throw std::runtime_error("the limit of memory cannot be set");
  }
  ~MemoryLimit() {
    if (limits_memory) setrlimit(RLIMIT_AS, &before_);
  }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace thaw
