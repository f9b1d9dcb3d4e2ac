// SPDX-License-Identifier: Apache-2.0
// Terminal output of a training run.
#include "nn/train/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>

namespace thaw {
namespace {

constexpr size_t bar_width = 20;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// A program may have put a stream without a descriptor in the place of stderr.
int descriptor(std::FILE* out) { return out == stderr ? STDERR_FILENO : fileno(out); }

std::string bar(double share, size_t width) {
  const auto filled = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  return std::string(filled, '#') + std::string(width - filled, '.');
}

// As many digits as the number beside it, none of a whole number.
std::string short_number(double number) {
  return number == std::floor(number) ? fmt::format("{:g}", number) : fmt::format("{:.2f}", number);
}

}  // namespace

std::string duration_text(double seconds) {
  const auto total = static_cast<int64_t>(std::max(0.0, std::round(seconds)));
  if (total >= 3600) return fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60);
  return fmt::format("{}:{:02}", total / 60, total % 60);
}

Progress::Progress(std::FILE* out) : out_(out), terminal_(out && isatty(descriptor(out)) == 1) {
  const char* no_color = std::getenv("NO_COLOR");
  color_ = terminal_ && !(no_color && *no_color);
}

// A full disk or a closed terminal stops no training.
void Progress::print(const std::string& text) {
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
}

void Progress::update(const ProgressState& s, bool log) {
  if (!out_ || (!terminal_ && !log)) return;
  const double time = now();
  if (terminal_ && !log && time - last_ < 0.1 && s.step < s.steps) return;
  last_ = time;
  const std::string text =
      fmt::format("step {:>{}}/{}  epoch {:.2f}/{}  loss {:.4f}  lr {:.2e}  {:.0f} {}/s  {} left", s.step,
                  fmt::formatted_size("{}", s.steps), s.steps, s.epoch, short_number(s.epochs), s.loss, s.learning_rate,
                  s.tokens_per_second, s.parts, duration_text(s.seconds_left));
  if (terminal_) {
    winsize window{};
    const size_t width = ioctl(descriptor(out_), TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
    const size_t room = width > bar_width + 1 ? width - bar_width - 1 : 0;
    const std::string gauge =
        bar(static_cast<double>(s.step) / static_cast<double>(std::max<int64_t>(1, s.steps)), bar_width);
    print(fmt::format("\r\x1b[K{}{}{} {}", color_ ? "\x1b[36m" : "", gauge, color_ ? "\x1b[0m" : "",
                      std::string_view(text).substr(0, room)));
    open_ = true;
  } else {
    print(text + "\n");
  }
}

void Progress::line(const std::string& text) {
  if (!out_) return;
  print((open_ ? "\r\x1b[K" : "") + text + "\n");
  open_ = false;
}

void Progress::finish() {
  if (!out_) return;
  if (open_) print("\n");
  open_ = false;
}

}  // namespace thaw
