// SPDX-License-Identifier: Apache-2.0
// Splits of known keys.
#include "examples/data/hash_split.h"

#include <doctest/doctest.h>

using namespace thaw;

TEST_CASE("hash split: SHA-256 as a big-endian number, modulo 1000") {
  CHECK(hash_mod_1000("") == 549);
  CHECK(hash_mod_1000("abc") == 965);
  CHECK(hash_mod_1000("apt") == 404);
  CHECK(hash_mod_1000("bash") == 458);
  CHECK(hash_mod_1000("zsh") == 638);
  CHECK(hash_mod_1000("gnome-shell") == 16);
  CHECK(hash_mod_1000("größe") == 596);
  CHECK(hash_mod_1000("0ad") == 580);
  CHECK(split_of("key-3580") == Split::test);        // 0
  CHECK(split_of("key-205") == Split::test);         // 99
  CHECK(split_of("key-1662") == Split::validation);  // 100
  CHECK(split_of("key-3180") == Split::validation);  // 199
  CHECK(split_of("key-2506") == Split::train);       // 200
  CHECK(split_of("key-1522") == Split::train);       // 999
}
