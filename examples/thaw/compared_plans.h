// SPDX-License-Identifier: Apache-2.0
// The plans that `thaw compare` compares, and what came of their runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace thaw {

struct ComparedPlan {
  std::string name;
  std::vector<std::string> options;  // of `thaw finetune`
  int64_t line = 0;                  // of the file
};

// Is that an option of `thaw finetune` that the comparison gives to each run itself? As written: "--save=change".
bool is_given_by_compare(const std::string& option);

// A plan a line: its name, then options, if any, as on a command line; what has blanks, or is empty, stands in quotes.
// "#" where a word begins is a comment's. std::runtime_error, naming file and line: a name twice, or one that is no
// name of a folder; a quote that is not closed; an option that the comparison gives itself.
std::vector<ComparedPlan> read_plans(const std::string& file);

// Of one run: what its directory holds.
struct PlanResult {
  double metric = 0, seconds = 0, peak_memory_mb = 0;
  double flops = 0;  // NaN: not known, for it was interrupted
  int64_t trained = 0, frozen = 0, saved_bytes = 0;
};
// metric: its name in test_results.json or, without that, eval_results.json; empty: the task's first there but the
// loss. std::runtime_error if the directory holds no finished run, or none of that name is there.
PlanResult read_result(const std::filesystem::path& run, std::string& metric);

// The results of all seeds of each plan: a table to print, and a picture.
struct ComparedResults {
  std::string metric;
  std::vector<std::string> names;
  std::vector<std::vector<PlanResult>> results;  // of each plan, by seed

  std::string table() const;
  std::string svg() const;
};

}  // namespace thaw
