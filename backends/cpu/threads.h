// SPDX-License-Identifier: Apache-2.0
// How many threads a product or a loop is shared out to: a team of OpenMP's. Each thread that calls the device has its
// own.
#pragma once

namespace thaw::cpu {

// THAW_THREADS, else OMP_NUM_THREADS, else one a physical core that this process may use (and no more than its control
// group's share). Read once; an unusable value is an error.
int thread_count();
// Changes it (tests and benchmarks, while no other thread computes).
void set_thread_count(int threads);

// While it lives, a library that asks OpenMP how many threads to use gets thread_count(). OpenMP keeps that number for
// each thread, and afterwards it is what it was.
class TeamSize {
 public:
  TeamSize();
  ~TeamSize();
  TeamSize(const TeamSize&) = delete;
  TeamSize& operator=(const TeamSize&) = delete;

 private:
  int before_;
};

}  // namespace thaw::cpu
