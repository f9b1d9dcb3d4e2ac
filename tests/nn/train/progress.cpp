// SPDX-License-Identifier: Apache-2.0
// What a person sees of a run: on a terminal (a pseudo-terminal of the test's own) and in a file.
#include "nn/train/progress.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// False where /dev/pts is not mounted, as in some containers.
bool has_terminals() {
  const int outside = posix_openpt(O_RDWR | O_NOCTTY);
  if (outside < 0) return false;
  const bool complete =
      grantpt(outside) == 0 && unlockpt(outside) == 0 && ptsname(outside) && access(ptsname(outside), W_OK) == 0;
  close(outside);
  return complete;
}

// What an open program end of a pseudo-terminal of that width receives.
std::string on_terminal(unsigned short columns, void (*write)(Progress&)) {
  const int outside = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(outside >= 0);
  REQUIRE(grantpt(outside) == 0);
  REQUIRE(unlockpt(outside) == 0);
  std::FILE* inside = std::fopen(ptsname(outside), "w");
  REQUIRE(inside != nullptr);
  const winsize size{24, columns, 0, 0};
  REQUIRE(ioctl(outside, TIOCSWINSZ, &size) == 0);
  {
    Progress progress(inside);
    write(progress);
  }
  std::string seen;
  char buffer[4096];
  for (pollfd ready{outside, POLLIN, 0}; poll(&ready, 1, 50) == 1 && (ready.revents & POLLIN);) {
    const ssize_t n = read(outside, buffer, sizeof buffer);
    if (n <= 0) break;
    seen.append(buffer, static_cast<size_t>(n));
  }
  std::fclose(inside);
  close(outside);
  return seen;
}

const ProgressState state{.step = 5,
                          .steps = 20,
                          .epoch = 0.5,
                          .epochs = 2,
                          .loss = 0.25,
                          .learning_rate = 1e-3,
                          .tokens_per_second = 1234,
                          .seconds_left = 75};
constexpr const char* text = "step  5/20  epoch 0.50/2  loss 0.2500  lr 1.00e-03  1234 tokens/s  1:15 left";

struct NoColor {  // sets the variable while it lives
  explicit NoColor(const char* value) {
    if (const char* before = std::getenv("NO_COLOR")) former = before;
    setenv("NO_COLOR", value, 1);
  }
  ~NoColor() { former.empty() ? unsetenv("NO_COLOR") : setenv("NO_COLOR", former.c_str(), 1); }
  std::string former;
};

}  // namespace

TEST_CASE("progress: durations") {
  CHECK(duration_text(0) == "0:00");
  CHECK(duration_text(65.4) == "1:05");
  CHECK(duration_text(3661) == "1:01:01");
  CHECK(duration_text(-1) == "0:00");
}

TEST_CASE("progress: two numbers of epochs on one line have the same digits; what is counted has a name") {
  const ScratchFolder dir;
  std::FILE* file = std::fopen((dir / "out").c_str(), "w");
  ProgressState third = state;
  third.epoch = third.epochs = 2.0 / 3;
  third.parts = "patches";
  Progress(file).update(third, true);
  std::fclose(file);
  std::ifstream in(dir / "out");
  const std::string line(std::istreambuf_iterator<char>(in), {});
  CHECK(line.find("  epoch 0.67/0.67  ") != std::string::npos);
  CHECK(line.find(" 1234 patches/s ") != std::string::npos);
}

TEST_CASE("progress: a file gets plain lines, and only those that are logged") {
  const ScratchFolder dir;
  std::FILE* file = std::fopen((dir / "out").c_str(), "w");
  {
    Progress progress(file);
    progress.update(state, false);
    progress.update(state, true);
    progress.line("saved");
    progress.finish();
  }
  std::fclose(file);
  Progress nowhere(nullptr);
  nowhere.update(state, true);
  nowhere.line("unseen");
  nowhere.finish();
  std::ifstream in(dir / "out");
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == std::string(text) + "\nsaved\n");
}

TEST_CASE("progress: a terminal gets one line that is rewritten, within its width, coloured unless NO_COLOR says no") {
  if (!has_terminals()) {
    MESSAGE("skipped: there are no pseudo-terminals (/dev/pts is not mounted)");
    return;
  }
  const auto write = [](Progress& p) {
    p.update(state, true);
    p.update(state, true);
    p.line("saved");
  };
  const NoColor colours("");
  const std::string seen = on_terminal(120, write);
  CHECK(seen.find("\r\x1b[K\x1b[36m#####...............\x1b[0m " + std::string(text) + "\r\x1b[K") == 0);
  CHECK(seen.ends_with("\r\x1b[Ksaved\r\n"));
  const NoColor plain("1");
  CHECK(on_terminal(120, write).find("\x1b[36m") == std::string::npos);
  CHECK(on_terminal(40, write).find("\r\x1b[K#####............... step  5/20  epoch 0\r\x1b[K") == 0);
}
