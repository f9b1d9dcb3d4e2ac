// SPDX-License-Identifier: Apache-2.0
// thaw compare: several plans of what to tune, on the same data, over several seeds, in one table.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Error.hpp>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <istream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "examples/number_options.h"
#include "examples/stop_signals.h"
#include "examples/thaw/commands.h"
#include "examples/thaw/compared_plans.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"

namespace thaw {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string plans, output_dir, metric;
  int64_t seeds = 3, first_seed = 42;
};

// What a run said last, which is why it failed, without the name of the program, which is this one's, too.
std::string last_line_of(std::istream& said) {
  constexpr std::string_view program = "thaw: ";
  std::string last;
  for (std::string line; std::getline(said, line);)
    if (!line.empty()) last = line;
  return last.starts_with(program) ? last.substr(program.size()) : last;
}

std::FILE* opened(std::FILE* file, const std::string& name) {
  if (file == nullptr) fail("{}: cannot be written: {}", name, std::strerror(errno));
  return file;
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

std::string content_of(std::FILE* file) {
  std::rewind(file);
  std::string text;
  char part[4096];
  for (size_t n = 0; (n = std::fread(part, 1, sizeof part, file)) > 0;) text.append(part, n);
  return text;
}

// This very program with other arguments, what it prints in a file; a signal that ends this one ends it first.
int run_self(std::vector<std::string> arguments, std::FILE* log) {
  std::vector<char*> argv;
  arguments.insert(arguments.begin(), "thaw");
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) fail("no further process can be started");
  if (child == 0) {
    if (dup2(fileno(log), STDOUT_FILENO) < 0 || dup2(fileno(log), STDERR_FILENO) < 0) _exit(127);
    execv("/proc/self/exe", argv.data());
    _exit(127);
  }
  int status = 0;
  bool told = false;
  // A signal may come at any moment, so it is looked for again and again.
  for (pid_t ended = 0; ended != child;) {
    ended = waitpid(child, &status, WNOHANG);
    if (ended < 0 && errno != EINTR) fail("the process of a run is lost: {}", std::strerror(errno));
    if (const int signal = StopSignals::received(); signal != 0 && !told) {
      kill(child, signal);
      told = true;
    }
    if (ended == 0) usleep(20'000);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// `thaw plan` of each, so that what is wrong with the last one is told before the first one trains, and before
// anything is written; then what they say is, in each plan's folder.
void check_plans(const Arguments& a, const std::vector<ComparedPlan>& plans, const std::vector<std::string>& shared) {
  std::vector<std::pair<fs::path, std::string>> said;
  for (const ComparedPlan& plan : plans) {
    const fs::path folder = fs::path(a.output_dir) / plan.name;
    if (fs::exists(folder / fmt::format("seed-{}", a.first_seed) / "train_results.json")) continue;
    std::vector<std::string> arguments{"plan"};
    arguments.insert(arguments.end(), shared.begin(), shared.end());
    arguments.insert(arguments.end(), plan.options.begin(), plan.options.end());
    if (!a.metric.empty()) arguments.insert(arguments.end(), {"--metric-for-best-model", a.metric});
    const File log(opened(std::tmpfile(), "a temporary file"), std::fclose);
    const int status = run_self(std::move(arguments), log.get());
    if (const int signal = StopSignals::received()) throw StoppedBySignal{signal};
    std::istringstream text(content_of(log.get()));
    if (status != 0) fail("{}:{}: plan {}: {}", a.plans, plan.line, plan.name, last_line_of(text));
    said.emplace_back(folder, text.str());
  }
  for (const auto& [folder, text] : said) {
    fs::create_directories(folder);
    write_file_atomically((folder / "plan.txt").string(), text);
  }
}

void compare(const Arguments& a, const std::vector<std::string>& shared) {
  const std::vector<ComparedPlan> plans = read_plans(a.plans);
  const StopSignals signals;
  check_plans(a, plans, shared);
  ComparedResults all{a.metric, {}, {}};
  for (const ComparedPlan& plan : plans) {
    all.names.push_back(plan.name);
    all.results.emplace_back();
    for (int64_t seed = a.first_seed; seed < a.first_seed + a.seeds; ++seed) {
      const fs::path folder = fs::path(a.output_dir) / plan.name, run = folder / fmt::format("seed-{}", seed);
      fs::create_directories(folder);
      std::vector<std::string> arguments{"finetune"};
      arguments.insert(arguments.end(), shared.begin(), shared.end());
      arguments.insert(arguments.end(), plan.options.begin(), plan.options.end());
      for (const std::string& word :
           {std::string("--seed"), fmt::format("{}", seed), std::string("--output-dir"), run.string(),
            std::string("--save"), std::string("change"), std::string("--resume-if-any")})
        arguments.push_back(word);
      const std::string log_path = (folder / fmt::format("seed-{}.log", seed)).string();
      const File log(opened(std::fopen(log_path.c_str(), "w+e"), log_path), std::fclose);
      const int status = run_self(std::move(arguments), log.get());
      if (const int signal = StopSignals::received()) throw StoppedBySignal{signal};
      std::istringstream text(content_of(log.get()));
      if (status != 0)
        fail("plan {}, seed {}: ended with status {}: {} ({})", plan.name, seed, status, last_line_of(text), log_path);
      all.results.back().push_back(read_result(run, all.metric));
      const PlanResult& result = all.results.back().back();
      fmt::print(stderr, "{}, seed {}: {} {:.4f}, {:.1f} s\n", plan.name, seed, all.metric, result.metric,
                 result.seconds);
    }
  }
  fmt::print("{}", all.table());
  write_file_atomically((fs::path(a.output_dir) / "compare.svg").string(), all.svg());
}

}  // namespace

void add_compare(CLI::App& app) {
  auto a = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("compare", "several plans of what to tune, on the same data, in one table");
  command
      ->add_option("--plans", a->plans,
                   "a plan a line: a name, then options of finetune that are this plan's own, if any (--lora '')")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--output-dir", a->output_dir,
                   "where runs, logs and compare.svg go; finished runs are not run again")
      ->required()
      ->type_name("DIR");
  add_number(*command, "--seeds", a->seeds, WholeRange{.least = 1, .most = 1000},
             "runs of each plan, with seeds one apart")
      ->default_str(fmt::format("{}", a->seeds));
  add_number(*command, "--seed", a->first_seed, WholeRange{.least = 0, .most = int64_t{1} << 53},
             "of the first run of each plan")
      ->default_str(fmt::format("{}", a->first_seed));
  command->add_option("--metric", a->metric,
                      "what is compared of test_results.json, else eval_results.json (default: the first there)");
  command->allow_extras();
  command->footer(
      "All other options are those of `thaw finetune`, for every plan, but --save, --resume and --resume-if-any. The "
      "table has, of each: per mille of the "
      "numbers\n"
      "trained; the metric's mean and spread over the seeds; seconds and the largest peak memory of a run; the\n"
      "arithmetic of the training with its evaluations; bytes of what changed, as it is saved.\n\n"
      "Example:\n"
      "  printf '%s\\n' \"head --freeze 'bert.*' --learning-rate 1e-3\" \"lora --lora 'r=8' --learning-rate 1e-3\" > "
      "plans.txt\n"
      "  thaw compare --plans plans.txt --output-dir runs/compare --model data/minilm --train-file train.tsv \\\n"
      "    --validation-file dev.tsv --test-file test.tsv --num-train-epochs 3");
  command->callback([a, command] {
    const std::vector<std::string> shared = command->remaining();
    for (const std::string& word : shared)
      if (is_given_by_compare(word)) throw CLI::ValidationError(word, "is given to each run by compare itself");
    compare(*a, shared);
  });
}

}  // namespace thaw
