// SPDX-License-Identifier: Apache-2.0
// SIGINT, SIGTERM and SIGHUP (a terminal that is closed) ask for a stop after the step; a second one ends the process
// at once. SIGXFSZ is ignored: a file that grows beyond the limit (ulimit -f) is then an error of the write, not the
// end of the process. So is SIGPIPE: a closed pipe that took the progress (`| head`, a `tee` that Ctrl-C ended) does
// not end the training.
#pragma once

namespace thaw {

// Thrown by what ended early for a signal, once its work is saved and told of: the program's exit status is then that
// of one that the signal ended, as shells and schedulers expect.
struct StoppedBySignal {
  int signal;
  int exit_status() const { return 128 + signal; }
};

// Installs the handlers while it lives, and puts the former ones back.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // The signal that arrived, or 0.
  static int received();
};

}  // namespace thaw
