// SPDX-License-Identifier: Apache-2.0
// Repeated timings for the benchmarks: the least and the middle of many runs.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

namespace thaw::bench {

struct Times {
  double least = 0, middle = 0;  // seconds
};

class Timings {
 public:
  // One run of f.
  template <typename F>
  void run(const F& f) {
    const auto start = std::chrono::steady_clock::now();
    f();
    seconds_.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  double total() const {
    double sum = 0;
    for (const double s : seconds_) sum += s;
    return sum;
  }
  Times times() const {
    std::vector<double> sorted = seconds_;
    std::sort(sorted.begin(), sorted.end());
    return {sorted.front(), sorted[sorted.size() / 2]};
  }

 private:
  std::vector<double> seconds_;
};

// The value behind `--name` on the command line, else `otherwise`.
inline std::string option(int argc, char** argv, const std::string& name, const std::string& otherwise) {
  for (int i = 1; i + 1 < argc; ++i)
    if (argv[i] == "--" + name) return argv[i + 1];
  return otherwise;
}

}  // namespace thaw::bench
