// SPDX-License-Identifier: Apache-2.0
// The handler only sets a flag, or leaves.
#include "examples/stop_signals.h"

#include <unistd.h>

#include <csignal>

#include "tensor/io/temporary_names.h"

namespace thaw {
namespace {

volatile std::sig_atomic_t received_signal = 0;
struct sigaction former_interrupt, former_terminate, former_hangup, former_file_size, former_pipe;

extern "C" void on_stop_signal(int signal) {
  if (received_signal) {
    remove_temporary_files();
    _exit(128 + signal);
  }
  received_signal = signal;
}

}  // namespace

StopSignals::StopSignals() {
  received_signal = 0;
  struct sigaction action = {};
  action.sa_handler = on_stop_signal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, &former_interrupt);
  sigaction(SIGTERM, &action, &former_terminate);
  sigaction(SIGHUP, nullptr, &former_hangup);
  if (former_hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);  // nohup ignores it
  action.sa_handler = SIG_IGN;
  sigaction(SIGXFSZ, &action, &former_file_size);
  sigaction(SIGPIPE, &action, &former_pipe);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &former_interrupt, nullptr);
  sigaction(SIGTERM, &former_terminate, nullptr);
  sigaction(SIGHUP, &former_hangup, nullptr);
  sigaction(SIGXFSZ, &former_file_size, nullptr);
  sigaction(SIGPIPE, &former_pipe, nullptr);
}

int StopSignals::received() { return received_signal; }

}  // namespace thaw
