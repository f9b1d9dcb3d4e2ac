// SPDX-License-Identifier: Apache-2.0
// What is said of questions: on one context, twice, in two splits; and how much of them is kept.
#include "models/tasks/qa/data_report.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// A text of many questions, as SQuAD's files have it.
std::string squad(const std::string& context, const std::string& question, int64_t count) {
  std::string questions;
  for (int64_t i = 0; i < count; ++i)
    questions += fmt::format(R"({}{{"id": "{}", "question": "{} {}?", "answers": []}})", i ? ", " : "", i, question, i);
  return fmt::format(R"({{"data": [{{"paragraphs": [{{"context": "{}", "qas": [{}]}}]}}]}})", context, questions);
}

// In megabytes: "VmHWM", the most that was in memory since reset_peak(), or "VmRSS", what is now. -1: not known.
int64_t memory(const std::string& name) {
  std::ifstream lines("/proc/self/status");
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + ":")) return std::stoll(line.substr(name.size() + 1)) / 1024;
  return -1;
}

bool reset_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5" << std::flush;
  return static_cast<bool>(file);
}

}  // namespace

TEST_CASE("qa data: a question on one context twice is a duplicate, on two contexts none; a leak counts once") {
  const ScratchFolder folder;
  const std::string rows =
      "{\"id\": 1, \"question\": \"who\", \"context\": \"a\", \"answers\": []}\n"
      "{\"id\": 2, \"question\": \"who\", \"context\": \"b\", \"answers\": []}\n"
      "{\"id\": 3, \"question\": \"what\", \"context\": \"b\", \"answers\": []}\n";
  const std::string train =
      folder.write("train.jsonl", rows + "{\"id\": 4, \"question\": \"who\", \"context\": \"b\", \"answers\": []}\n")
          .string();
  const std::string test = folder.write("test.jsonl", rows).string();
  const DataReport report = report_questions({{"train", train}, {"test", test}}, {}, nullptr);
  REQUIRE(report.warnings.size() == 2);
  CHECK(report.warnings[0].find("train: duplicates: 1, the first " + train + ":4") == 0);
  CHECK(report.warnings[1].find("test: contexts that train has too (its score would flatter): 2, the first " + test +
                                ":1 repeats " + train + ":1") == 0);
  CHECK(report.text.find("train                 4          2               4") != std::string::npos);
  CHECK(report.text.find("test                  3          2               3") != std::string::npos);
}

TEST_CASE("qa data: a long context is kept once, however many questions there are on it") {
  const ScratchFolder folder;
  constexpr int64_t questions = 600;  // on a megabyte
  const std::string file = folder.write("long.json", squad(std::string(1 << 20, 'x'), "who", questions)).string();
  const int64_t before = memory("VmRSS");
  if (!reset_peak() || before < 0) return;  // the system does not tell
  CHECK(report_questions({{"train", file}}, {}, nullptr).warnings.empty());
  CHECK(memory("VmHWM") - before < questions * 2 / 3);
}
