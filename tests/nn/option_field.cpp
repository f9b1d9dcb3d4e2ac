// SPDX-License-Identifier: Apache-2.0
// Ranges and values of fields that users may set.
#include "nn/option_field.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

using namespace thaw;

TEST_CASE("option field: a range holds its ends unless they are open, and finite numbers alone") {
  const OptionRange closed{-1, 2}, open{.least = 0, .most = 1, .least_open = true, .most_open = true}, any;
  CHECK((closed.holds(-1) && closed.holds(2)));
  CHECK_FALSE((closed.holds(-1.5) || closed.holds(2.5)));
  CHECK(open.holds(0.5));
  CHECK_FALSE((open.holds(0) || open.holds(1)));
  for (const double number : {std::nan(""), OptionRange::infinity}) CHECK_FALSE(any.holds(number));
  CHECK(closed.to_text() == "[-1, 2]");
  CHECK(open.to_text() == "(0, 1)");
  CHECK(any.to_text() == "[0, inf)");
}

TEST_CASE("option field: its value as text, and taken over from another") {
  std::string word = "a", other_word = "b";
  int64_t whole = 3;
  double number = 0.5;
  bool flag = true;
  CHECK(value_text({"w", &word, ""}) == "a");
  CHECK(value_text({"i", &whole, ""}) == "3");
  CHECK(value_text({"x", &number, ""}) == "0.5");
  CHECK(value_text({"f", &flag, ""}) == "true");
  copy_value({"v", &other_word, ""}, {"w", &word, ""});
  CHECK(word == "b");

  std::optional<int64_t> none, some = 0;
  std::optional<bool> off = false;
  CHECK(value_text({"n", &none, ""}).empty());
  CHECK(value_text({"s", &some, ""}) == "0");
  CHECK(value_text({"o", &off, ""}) == "false");
  copy_value({"s", &some, ""}, {"n", &none, ""});
  CHECK(none == 0);
  copy_value({"n", &none, ""}, {"i", &whole, ""});
  CHECK(whole == 0);
  none.reset();
  whole = 5;
  copy_value({"n", &none, ""}, {"i", &whole, ""});
  CHECK(whole == 5);
  copy_value({"i", &whole, ""}, {"n", &none, ""});
  CHECK(none == 5);
  CHECK(are_of_one_type({"n", &none, ""}, {"i", &whole, ""}));
  CHECK_FALSE(are_of_one_type({"x", &number, ""}, {"i", &whole, ""}));
  CHECK_THROWS_AS(copy_value({"x", &number, ""}, {"i", &whole, ""}), std::invalid_argument);
}
