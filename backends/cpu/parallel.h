// SPDX-License-Identifier: Apache-2.0
// Loops over independent tasks on the calling thread's team.
#pragma once

#include <cstdint>
#include <exception>

#include "backends/cpu/team_order.h"
#include "backends/cpu/threads.h"

namespace thaw::cpu {

// Calls f(task) for each task in [0, count). Tasks must write disjoint memory: then results depend neither on the
// number of threads nor on timing.
template <typename F>
void parallel_tasks(int64_t count, const F& f) {
  const int threads = thread_count();
  if (count <= 1 || threads == 1) {
    for (int64_t task = 0; task < count; ++task) f(task);
    return;
  }
  std::exception_ptr error;
  TeamOrder order;
  order.before_region();
#pragma omp parallel num_threads(threads)
  {
    order.thread_begins();
#pragma omp for schedule(dynamic, 1) nowait
    for (int64_t task = 0; task < count; ++task) {
      try {
        f(task);
      } catch (...) {
#pragma omp critical(thaw_task_error)
        error = std::current_exception();
      }
    }
    order.thread_ends();
  }
  order.after_region();
  if (error) std::rethrow_exception(error);
}

// Calls f(begin, end) for consecutive pieces of `step` numbers of [0, count).
template <typename F>
void parallel_ranges(int64_t count, int64_t step, const F& f) {
  parallel_tasks((count + step - 1) / step, [&](int64_t task) {
    const int64_t begin = task * step;
    f(begin, begin + step < count ? begin + step : count);
  });
}

// Rows per task so that a task has about 16 K numbers: enough to pay for handing it out, little enough to share work
// evenly.
inline int64_t rows_per_task(int64_t row_size) {
  const int64_t rows = 16384 / (row_size > 0 ? row_size : 1);
  return rows > 0 ? rows : 1;
}

}  // namespace thaw::cpu
