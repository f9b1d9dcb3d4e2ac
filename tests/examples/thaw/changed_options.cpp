// SPDX-License-Identifier: Apache-2.0
// What a run is given otherwise than the one before, option by option.
#include "examples/thaw/changed_options.h"

#include <doctest/doctest.h>

using thaw::changed_options;

TEST_CASE("changed options: what was and is given, in the order of names; comments do not count") {
  CHECK(changed_options("# a\nmodel = m\nseed = 1\n", "# b\nseed = 1\nmodel = m\n").empty());
  CHECK(changed_options("body = all\nmodel = m\nseed = 1\n", "model = m\nproblem-seed = 3\nseed = 2\n") ==
        "--problem-seed was not given, is 3; --seed was 1, is 2; --body was all, is not given");
}

TEST_CASE("changed options: one that is given again counts with all its values in order") {
  CHECK(changed_options("freeze = a\nfreeze = b = c\n", "freeze = b = c\nfreeze = a\n") ==
        "--freeze was a, b = c, is b = c, a");
  CHECK(changed_options("", "") == "");
}
