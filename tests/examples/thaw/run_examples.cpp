// SPDX-License-Identifier: Apache-2.0
// What is told of examples of which something is kept.
#include "examples/thaw/run_examples.h"

#include <doctest/doctest.h>

using namespace thaw;

TEST_CASE("run examples: memory that is asked for in vain is told of") {
  const FrozenRows::Plan none, no_room{4, 0, 0}, some{4, 2, 100};
  FreezeArguments freeze;
  CHECK(unused_cache_text(freeze, none).empty());  // nobody asked
  freeze.asks_for_cache = true;
  CHECK(unused_cache_text(freeze, none).find("for texts that are used more than once, and there is none") !=
        std::string::npos);
  CHECK(unused_cache_text(freeze, no_room).find("does not fit into it") != std::string::npos);
  CHECK(unused_cache_text(freeze, some).empty());
  freeze.cache_memory = 0;
  CHECK(unused_cache_text(freeze, none).empty());  // as it was asked for
}
