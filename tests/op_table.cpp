// SPDX-License-Identifier: Apache-2.0
// Each row of the op table becomes tests by name. doctest's tests are functions without arguments: all of these are
// one, which looks up the row and the check by the name of the test that has just begun.
#include "tests/op_table.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <map>
#include <string>

#include "autograd/conformance/op_case.h"
#include "autograd/conformance/op_table.h"

namespace thaw::ops {
namespace {

struct RowTest {
  const OpCase* row = nullptr;
  void (*check)(const OpCase&) = nullptr;
};

std::map<std::string, RowTest>& row_tests() {
  static std::map<std::string, RowTest> all;
  return all;
}

RowTest& current() {
  static RowTest now;
  return now;
}

void run_current() { checked(*current().row, current().check); }

// doctest keeps the pointer to the name: to the map's key.
void add_test(const OpCase& row, const char* check_name, void (*check)(const OpCase&)) {
  const auto added = row_tests().emplace(fmt::format("op {}: {}", row.name, check_name), RowTest{&row, check});
  const doctest::detail::TestSuite suite = doctest::detail::TestSuite() * (row.primitive ? "primitives" : "");
  doctest::detail::regTest(
      doctest::detail::TestCase(run_current, row.place.file, static_cast<unsigned>(row.place.line), suite) *
      added.first->first.c_str());
}

[[maybe_unused]] const bool registered = [] {
  for (const OpCase& row : op_table()) {
    if (row.differentiable) add_test(row, "gradient", check_gradient);
    add_test(row, "devices", check_devices);
    add_test(row, "views", check_views);
    if (row.differentiable) add_test(row, "freezing", check_freezing);
    if (row.fused) add_test(row, "default_body", check_default_body);
  }
  return true;
}();

}  // namespace

void begin_test(const char* name) {
  const auto found = row_tests().find(name);
  current() = found == row_tests().end() ? RowTest() : found->second;
}

TEST_CASE("the op table becomes tests, and no two rows have one name") {
  CHECK(op_table().size() > 150);
  size_t tests = 0;
  for (const OpCase& row : op_table()) tests += 2 + 2 * row.differentiable + row.fused;
  CHECK(row_tests().size() == tests);
}

}  // namespace thaw::ops
