// SPDX-License-Identifier: Apache-2.0
// SHA-256 against its check values.
#include "tensor/io/sha256.h"

#include <doctest/doctest.h>

#include <string_view>

using namespace thaw;

TEST_CASE("sha256: its check values, in one piece and in several; it begins anew") {
  Sha256 sum;
  const auto add = [&](std::string_view text) { sum.add(std::as_bytes(std::span(text))); };
  CHECK(hexadecimal(sum.digest()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  add("abc");
  CHECK(hexadecimal(sum.digest()) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  add("a");
  add("bc");
  CHECK(hexadecimal(sum.digest()) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
