// SPDX-License-Identifier: Apache-2.0
// The table of times.
#include "backends/cpu/profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace thaw::cpu {
namespace {

struct Row {
  uint64_t calls = 0;
  double seconds = 0;
};

class Table {
 public:
  ~Table() {
    if (rows_.empty() && notes_.empty()) return;
    std::vector<std::pair<std::string, Row>> sorted(rows_.begin(), rows_.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
    double total = 0;
    for (const auto& [name, row] : sorted) total += row.seconds;
    std::string text =
        fmt::format("{:<44}{:>10}{:>12}{:>10}{:>8}\n", "cpu function", "calls", "seconds", "us/call", "share");
    for (const auto& [name, row] : sorted)
      text += fmt::format("{:<44}{:>10}{:>12.4f}{:>10.1f}{:>7.1f}%\n", name, row.calls, row.seconds,
                          row.seconds / static_cast<double>(row.calls) * 1e6, 100 * row.seconds / total);
    for (const std::string& note : notes_) text += note + "\n";
    std::fputs(text.c_str(), stderr);
  }
  void add(const char* name, const char* how, double seconds) {
    std::string label = name;
    if (*how) label += fmt::format(" ({})", how);
    const std::lock_guard lock(mutex_);
    Row& row = rows_[label];
    ++row.calls;
    row.seconds += seconds;
  }
  void add_note(const std::string& line) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(line);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Row> rows_;
  std::vector<std::string> notes_;
};

Table& table() {
  static Table all;
  return all;
}

Timed*& innermost() {
  static thread_local Timed* timed = nullptr;
  return timed;
}

}  // namespace

bool profiling() {
  static const bool asked = [] {
    const char* text = std::getenv("THAW_PROFILE");
    return text && *text;
  }();
  return asked;
}

void note_in_profile(const std::string& line) {
  if (profiling()) table().add_note(line);
}

void Timed::begin() {
  outer_ = innermost();
  innermost() = this;
  start_ = std::chrono::steady_clock::now();
}

void Timed::end() {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  table().add(name_, how_, seconds - within_);
  if (outer_) outer_->within_ += seconds;
  innermost() = outer_;
}

}  // namespace thaw::cpu
