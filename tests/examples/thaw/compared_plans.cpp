// SPDX-License-Identifier: Apache-2.0
// Plans to compare: how they are read, what of their runs is taken, how it is laid out.
#include "examples/thaw/compared_plans.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

std::string read_error(const ScratchFolder& dir, const std::string& text) {
  const std::string file = dir.write("plans.txt", text);
  const std::string error = error_of<std::runtime_error>([&] { read_plans(file); });
  return error.starts_with(file) ? error.substr(file.size()) : error;
}

}  // namespace

TEST_CASE("compared plans: a plan may have no options; a value may be empty, hold # or be quoted in part") {
  const ScratchFolder dir;
  const std::vector<ComparedPlan> plans = read_plans(dir.write(
      "plans.txt", "all\nlora --lora ''\ndora --lora='r=2 dora' --text-column \"a # b\" --x y#z # no more\n"));
  REQUIRE(plans.size() == 3);
  CHECK(plans[0].options.empty());
  CHECK(plans[1].options == std::vector<std::string>{"--lora", ""});
  CHECK(plans[2].options == std::vector<std::string>{"--lora=r=2 dora", "--text-column", "a # b", "--x", "y#z"});
}

TEST_CASE("compared plans: a name and options a line, quotes around blanks") {
  const ScratchFolder dir;
  const std::vector<ComparedPlan> plans = read_plans(dir.write(
      "plans.txt", "# all of them\nhead --freeze 'bert.*'  # the head\n\nlora --lora \"*.query r=4\" --max-steps 3\n"));
  REQUIRE(plans.size() == 2);
  CHECK(plans[0].name == "head");
  CHECK(plans[0].options == std::vector<std::string>{"--freeze", "bert.*"});
  CHECK(plans[1].options == std::vector<std::string>{"--lora", "*.query r=4", "--max-steps", "3"});
  CHECK(read_error(dir, "'' --lora x\n") == ":1: \"\" is no name of a plan, which is to be that of a folder, too");
  CHECK(read_error(dir, "a --x\n\na --y\n") == ":3: there is a plan \"a\" already");
  for (const char* own : {"--seed", "--output_dir", "--save=model", "--resume-if-any"})
    CHECK(read_error(dir, std::string("a --x\nb --y 1 ") + own + " 3\n") ==
          std::string(":2: ") + own + " is given to each run by compare itself");
  CHECK(read_error(dir, "a --lora='r=2 dora\n") == ":1: a quote is not closed");
  CHECK(read_error(dir, "a --lora '\n") == ":1: a quote is not closed");
  CHECK(read_error(dir, "a --x 'b c'\nb --y \"c d\n") == ":2: a quote is not closed");
  CHECK(read_error(dir, "# nothing\n") == ": holds no plan");
  for (const char* name : {"--freeze", ".hidden", "a/b"})
    CHECK(read_error(dir, std::string(name) + " --x").starts_with(":1: "));
  CHECK_THROWS_WITH_AS(read_plans(dir / "none.txt"), doctest::Contains("none.txt: cannot be read"), std::runtime_error);
}

TEST_CASE("compared plans: a run's numbers are those of its files") {
  const ScratchFolder dir;
  dir.write("train_results.json",
            R"({"train_seconds": 2.5, "peak_memory_mb": 30, "trained_parameters": 5, "frozen_parameters": 95})");
  dir.write("eval_results.json", R"({"loss": 0.5, "accuracy": 0.75, "examples": 8})");
  dir.write("thaw_change.safetensors", "12345");
  std::string metric;
  const PlanResult result = read_result(dir.path(), metric);
  CHECK(metric == "accuracy");
  CHECK(result.metric == 0.75);
  CHECK(result.seconds == 2.5);
  CHECK(result.trained == 5);
  CHECK(result.saved_bytes == 5);
  CHECK(std::isnan(result.flops));  // of a run that was interrupted
  dir.write("test_results.json", R"({"loss": 0.6, "accuracy": 0.5, "examples": 8})");
  CHECK(read_result(dir.path(), metric).metric == 0.5);
  metric = "f1";
  CHECK(error_of<std::runtime_error>([&] { read_result(dir.path(), metric); }).find("f1") != std::string::npos);
}

TEST_CASE("compared plans: a line and a row of bars for each, mean and spread over the seeds") {
  const PlanResult one{.metric = 0.5,
                       .seconds = 1,
                       .peak_memory_mb = 10,
                       .flops = 2e12,
                       .trained = 1,
                       .frozen = 999,
                       .saved_bytes = 2000};
  PlanResult other = one;
  other.metric = 0.7;
  other.peak_memory_mb = 20;
  other.flops = std::numeric_limits<double>::quiet_NaN();
  const ComparedResults all{"accuracy", {"head", "lora"}, {{one, other}, {one}}};
  const std::string table = all.table();
  CHECK(table.find("0.6000 (0.5000-0.7000)") != std::string::npos);
  CHECK(table.find("1.000") != std::string::npos);  // per mille
  CHECK(table.find("2.0 kB") != std::string::npos);
  CHECK(table.find("       20 ") != std::string::npos);  // the largest peak
  const std::string svg = all.svg();
  for (const char* text : {"head", "lora", "accuracy", "0.6000", "peak MB", "2.0 kB"})
    CHECK(svg.find(text) != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
}
