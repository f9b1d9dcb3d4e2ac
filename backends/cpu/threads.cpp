// SPDX-License-Identifier: Apache-2.0
// How many threads to use.
#include "backends/cpu/threads.h"

#include <omp.h>
#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <string>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw::cpu {
namespace {

constexpr int most_threads = 1024;  // more than this a process can hardly start, and does not gain by

// A positive number from the environment; 0 if it is not set.
int number_from_environment(const char* name) {
  const char* text = std::getenv(name);
  if (!text || !*text) return 0;
  int number = 0;
  // OMP_NUM_THREADS may list numbers for nested levels: the first counts.
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), number);
  check(error == std::errc() && number > 0 && number <= most_threads && (*end == '\0' || *end == ','),
        "{}={}: a number of threads from 1 to {} was expected", name, quote_if_odd(text), most_threads);
  return number;
}

// Physical cores among the processors that this process may run on: processors with the same list of hardware siblings
// are one core.
int usable_cores() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return std::max(1, omp_get_num_procs());
  std::set<std::string> cores;
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!CPU_ISSET(processor, &allowed)) continue;
    std::ifstream file(fmt::format("/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list", processor));
    std::string siblings;
    if (!std::getline(file, siblings)) siblings = fmt::format("{}", processor);
    cores.insert(siblings);
  }
  return std::max(1, static_cast<int>(cores.size()));
}

// The control group's share of processor time in whole processors (cgroup v2: "quota period"); 0 if there is no limit.
int control_group_share() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  double quota = 0, period = 0;
  if (!(file >> quota >> period) || period <= 0) return 0;
  return std::max(1, static_cast<int>(quota / period + 0.5));
}

int chosen_thread_count() {
  if (const int asked = number_from_environment("THAW_THREADS")) return asked;
  if (const int asked = number_from_environment("OMP_NUM_THREADS")) return asked;
  const int cores = usable_cores(), share = control_group_share();
  return share ? std::min(cores, share) : cores;
}

int& current() {
  static int threads = chosen_thread_count();
  return threads;
}

}  // namespace

int thread_count() { return current(); }

void set_thread_count(int threads) {
  check(threads > 0, "cpu: {} threads", threads);
  current() = threads;
}

TeamSize::TeamSize() : before_(omp_get_max_threads()) { omp_set_num_threads(thread_count()); }
TeamSize::~TeamSize() { omp_set_num_threads(before_); }

}  // namespace thaw::cpu
