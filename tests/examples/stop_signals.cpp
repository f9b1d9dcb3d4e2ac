// SPDX-License-Identifier: Apache-2.0
// A program's signals: noticed while they are waited for, and as before afterwards.
#include "examples/stop_signals.h"

#include <doctest/doctest.h>

#include <csignal>
#include <initializer_list>

using namespace thaw;

TEST_CASE("stop signals: one is noticed, and the handlers are put back") {
  struct sigaction before {
  }, after{}, meanwhile{};
  sigaction(SIGTERM, nullptr, &before);
  {
    const StopSignals signals;
    CHECK(StopSignals::received() == 0);
    std::raise(SIGTERM);
    CHECK(StopSignals::received() == SIGTERM);
    for (const int ignored : {SIGXFSZ, SIGPIPE}) {
      sigaction(ignored, nullptr, &meanwhile);
      CHECK((meanwhile.sa_handler == SIG_IGN));
    }
  }
  CHECK(StoppedBySignal{SIGTERM}.exit_status() == 143);
  sigaction(SIGTERM, nullptr, &after);
  CHECK((before.sa_handler == after.sa_handler));
}
