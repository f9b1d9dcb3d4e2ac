// SPDX-License-Identifier: Apache-2.0
// With THAW_OP_REPORT set: a line per op of the table at the end of the run, for who brings up a device.
#include <fmt/ranges.h>

#include <cstdlib>
#include <map>
#include <set>

#include "tests/op_table.h"

namespace thaw::ops {
namespace {

struct Status {
  size_t checks = 0;
  std::vector<std::string> failures;
  std::set<std::string> default_bodies;
};

std::map<const OpCase*, Status>& statuses() {
  static std::map<const OpCase*, Status> all;
  return all;
}

void print_report() {
  std::map<std::string, const Status*> by_name;
  for (const auto& [row, status] : statuses()) by_name[row->name] = &status;
  size_t passed = 0, by_default = 0, failed = 0;
  for (const auto& [name, status] : by_name) {
    std::string verdict = "passed";
    if (!status->failures.empty()) {
      verdict = fmt::format("failed {} times; {}", status->failures.size(), status->failures.front());
      ++failed;
    } else if (!status->default_bodies.empty()) {
      verdict = fmt::format("default body of {}", fmt::join(status->default_bodies, ", "));
      ++by_default;
    } else {
      ++passed;
    }
    fmt::print("op {:<36} {}\n", name, verdict);
  }
  fmt::print("ops: {} passed, {} passed by a default body, {} failed\n", passed, by_default, failed);
}

// Prints when the run ends; everything else is left to doctest's own reporter.
struct Reporter : doctest::IReporter {
  explicit Reporter(const doctest::ContextOptions&) {}
  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {
    const char* asked = std::getenv("THAW_OP_REPORT");
    if (asked && *asked && !statuses().empty()) print_report();
  }
  void test_case_start(const doctest::TestCaseData&) override {}
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}
};

DOCTEST_REGISTER_LISTENER("op report", 1, Reporter);

}  // namespace

void checked(const OpCase& row, void (*check)(const OpCase&)) {
  ++statuses()[&row].checks;
  try {
    check(row);
  } catch (const std::exception& error) {
    note_failure(row, error.what());
    throw;
  }
}

void note_failure(const OpCase& row, const std::string& message) { statuses()[&row].failures.push_back(message); }
void note_default_body(const OpCase& row, const std::string& function) {
  statuses()[&row].default_bodies.insert(function);
}

}  // namespace thaw::ops
