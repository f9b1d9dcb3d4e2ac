// SPDX-License-Identifier: Apache-2.0
// Time by function: with THAW_PROFILE set, a table on stderr when the program ends says which functions ran, how, how
// often and how long, and what was not used though it is there.
#pragma once

#include <chrono>
#include <string>

namespace thaw::cpu {

bool profiling();

// A line behind the table, if there is one.
void note_in_profile(const std::string& line);

// Counts the time from its birth to its death for a function, without that of others born within.
class Timed {
 public:
  // `how`: the way it is computed, where there are several.
  explicit Timed(const char* name, const char* how = "") : name_(name), how_(how) {
    if (profiling()) begin();
  }
  ~Timed() {
    if (name_ && profiling()) end();
  }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;
  void ran(const char* how) { how_ = how; }

 private:
  void begin();
  void end();

  const char* name_;
  const char* how_;
  Timed* outer_ = nullptr;
  std::chrono::steady_clock::time_point start_;
  double within_ = 0;  // seconds of those born within
};

}  // namespace thaw::cpu
