// SPDX-License-Identifier: Apache-2.0
// How many threads the one pool has: OpenMP's, which oneDNN shares.
#pragma once

namespace thaw::cpu {

// THAW_THREADS, else OMP_NUM_THREADS, else one a physical core that this process may use (and no more than its control
// group's share). Read once; an unusable value is an error.
int thread_count();
// Changes it (tests and benchmarks).
void set_thread_count(int threads);

}  // namespace thaw::cpu
