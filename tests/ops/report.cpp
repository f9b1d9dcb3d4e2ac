// SPDX-License-Identifier: Apache-2.0
// With THAW_OP_REPORT set: a line per op of the table at the end of the run, for who brings up a device.
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "tests/op_table.h"

namespace thaw::ops {
namespace {

struct Status {
  const OpCase* row = nullptr;
  std::vector<std::string> failures;
  std::set<std::string> default_bodies, skipped;
};

// In the order of the table.
std::vector<Status>& statuses() {
  static std::vector<Status> all;
  return all;
}

Status& status_of(const OpCase& row) {
  const auto known = std::ranges::find(statuses(), &row, &Status::row);
  if (known != statuses().end()) return *known;
  statuses().push_back({&row, {}, {}, {}});
  return statuses().back();
}

void print_report() {
  size_t passed = 0, by_default = 0, failed = 0, skipped = 0;
  const auto is_primitive = [](const Status& status) { return status.row->primitive; };
  std::ranges::stable_partition(statuses(), is_primitive);
  const Status* before = nullptr;
  for (const Status& status : statuses()) {
    if (!before || is_primitive(*before) != is_primitive(status))
      fmt::print("{}\n", is_primitive(status) ? "primitive functions:" : "composed of them, or fused:");
    before = &status;
    std::string verdict = "passed";
    if (!status.failures.empty()) {
      verdict = fmt::format("failed {} times; {}", status.failures.size(), status.failures.front());
      ++failed;
    } else if (!status.skipped.empty()) {
      verdict = fmt::format("skipped: {}", fmt::join(status.skipped, "; "));
      ++skipped;
    } else if (!status.default_bodies.empty()) {
      verdict = fmt::format("default body of {}", fmt::join(status.default_bodies, ", "));
      ++by_default;
    } else {
      ++passed;
    }
    fmt::print("op {:<36} {}\n", status.row->name, verdict);
  }
  fmt::print("ops: {} passed, {} passed by a default body, {} skipped, {} failed\n", passed, by_default, skipped,
             failed);
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
  void test_case_start(const doctest::TestCaseData& test) override { begin_test(test.m_name); }
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
  status_of(row);
  try {
    check(row);
  } catch (const std::exception& error) {
    note_failure(row, error.what());
    throw;
  }
}

void note_failure(const OpCase& row, const std::string& message) { status_of(row).failures.push_back(message); }
void note_default_body(const OpCase& row, const std::string& function) {
  status_of(row).default_bodies.insert(function);
}
void note_skipped(const OpCase& row, const std::string& reason) { status_of(row).skipped.insert(reason); }

}  // namespace thaw::ops
