// SPDX-License-Identifier: Apache-2.0
// A message of the validation layer fails the test program, and names the test in which it came.
#include "backends/vulkan/validation.h"

#include <doctest/doctest.h>

#include <iostream>

#include "tests/validation.h"

namespace {

std::string tests_with_messages;

class ValidationListener : public doctest::IReporter {
 public:
  explicit ValidationListener(const doctest::ContextOptions&) {}

  void test_case_start(const doctest::TestCaseData& data) override {
    name_ = data.m_name;
    before_ = thaw::vulkan::validation_messages();
  }
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {
    const uint64_t count = thaw::vulkan::validation_messages() - before_;
    if (count > 0) tests_with_messages += "  " + name_ + ": " + std::to_string(count) + "\n";
  }
  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_run_end(const doctest::TestRunStats&) override {}
  void test_case_exception(const doctest::TestCaseException&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_assert(const doctest::AssertData&) override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}

 private:
  std::string name_;
  uint64_t before_ = 0;
};

}  // namespace

REGISTER_LISTENER("validation", 1, ValidationListener);

bool thaw::validation_failed() {
  if (tests_with_messages.empty()) return false;
  std::cout << "messages of the Vulkan validation layer, by test:\n" << tests_with_messages;
  return true;
}
