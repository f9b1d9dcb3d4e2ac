// SPDX-License-Identifier: Apache-2.0
// Counted bytes by hand, and that they tell like texts from others.
#include "examples/data/byte_mixture.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace thaw;

TEST_CASE("bytes: without context a byte is as likely as it was often, mixed with all that there are") {
  ByteMixture model(0);
  model.learn("aab");  // a a b END: 4 bytes, 3 different
  const double a = (2 + 3.0 / 256) / 7, b = (1 + 3.0 / 256) / 7, other = (3.0 / 256) / 7;
  CHECK(model.bits("") == doctest::Approx(-std::log2(b)));  // the end alone
  CHECK(model.bits("ac") == doctest::Approx(-std::log2(a) - std::log2(other) - std::log2(b)));
}

TEST_CASE("bytes: a context that was seen is mixed with shorter ones, and a text begins behind an end") {
  ByteMixture model(1);
  model.learn("ab");
  const double none = 1.0 / 256;
  const double a = (1 + 3 * none) / 6;        // of a, b and END behind nothing
  const double first_a = (1 + 1 * a) / 2;     // behind END, where a stood alone
  const double b_behind_a = (1 + 1 * a) / 2;  // b is as likely as a without context
  const double end_behind_b = (1 + 1 * a) / 2;
  CHECK(model.bits("ab") == doctest::Approx(-std::log2(first_a * b_behind_a * end_behind_b)));
}

TEST_CASE("bytes: more context tells more of texts of one kind") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "the cat sat on the mat. ";
  double before = 8 * static_cast<double>(text.size());
  for (const int order : {0, 1, 3}) {
    ByteMixture model(order);
    model.learn(text);
    const double bits = model.bits(text);
    CHECK(bits < 0.8 * before);
    before = bits;
  }
}
