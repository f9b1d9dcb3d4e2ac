// SPDX-License-Identifier: Apache-2.0
// What a person sees of a running training: one line that rewrites itself on a terminal, plain lines elsewhere.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace thaw {

struct ProgressState {
  int64_t step = 0, steps = 0;
  double epoch = 0, epochs = 0;
  double loss = 0, learning_rate = 0;
  double tokens_per_second = 0;
  double seconds_left = 0;
  std::string_view parts = "tokens";  // what they are called
};

class Progress {
 public:
  // Writes to `out` (null: nowhere); rewrites its line if that is a terminal. What cannot be written is dropped.
  // NO_COLOR (not empty) switches colours off.
  explicit Progress(std::FILE* out = stderr);

  // The state of training; on a terminal cut to its width and, unless `log` is true, at most ten times a second;
  // elsewhere only if `log` is true.
  void update(const ProgressState& state, bool log);
  // A line of its own (an evaluation, a saved checkpoint).
  void line(const std::string& text);
  void finish();

 private:
  void print(const std::string& text);

  std::FILE* out_;
  bool terminal_, color_;
  bool open_ = false;  // a rewritable line is on the screen
  double last_ = 0;
};

// "1:02:03", "2:05"
std::string duration_text(double seconds);

}  // namespace thaw
