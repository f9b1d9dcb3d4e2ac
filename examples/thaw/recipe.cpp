// SPDX-License-Identifier: Apache-2.0
// Options to canonical text.
#include "examples/thaw/recipe.h"

#include <fmt/ranges.h>

#include <CLI/App.hpp>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <utility>

#include "models/families.h"
#include "models/tasks/task_table.h"
#include "nn/train/training_checks.h"
#include "tensor/io/crc32c.h"

namespace thaw {
namespace {

using Names = std::vector<std::string_view>;
const Names without_result{"--config",
                           "--resume",
                           "--resume-if-any",
                           "--other-plan",
                           "--output-dir",
                           "--device",
                           "--logging-steps",
                           "--save-strategy",
                           "--save-steps",
                           "--save-total-limit",
                           "--mask-file",
                           "--cache-memory",
                           "--cache",
                           "--cache-bytes",
                           "--continue-after-failed-save",
                           "--gradient-checkpointing",
                           "--freeze",
                           "--train",
                           "--lora",
                           "--save",
                           "--rule",
                           "--unfreeze-every",
                           "--lr",
                           "--learning-rate"};  // told by their values
const Names of_evaluation{"--eval-strategy", "--eval-steps", "--metric-for-best-model"};
const Names files{"--train-file", "--validation-file", "--test-file"};

bool is_in(const Names& names, const std::string& name) { return std::ranges::find(names, name) != names.end(); }

// The number that all of the text is, as text; empty if it is none of the type.
template <typename T>
std::string number_text(std::string_view text) {
  T number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size() ? fmt::format("{}", number) : "";
}

// "0.001" for "+1e-3": numbers by their value, whole ones to the last digit.
std::string canonical(const std::string& value) {
  const std::string_view text = std::string_view(value).substr(value.starts_with('+') ? 1 : 0);
  std::string number = number_text<uint64_t>(text);
  if (number.empty()) number = number_text<double>(text);
  return number.empty() ? value : number;
}

// Whether a file can be read is for those to say who read it.
std::string content_of(const std::string& file) try {
  return fmt::format("checksum {:08x}", crc32c_of_file(file));
} catch (const std::exception&) {
  return file;
}

std::string value_of(const std::string& name, const std::string& value) {
  if (is_in(files, name)) return content_of(value);
  if (name == "--metric-for-best-model") return metric_name(value);
  if (name != "--model" && name != "--adapter") return canonical(value);
  std::error_code error;
  const std::filesystem::path path = std::filesystem::weakly_canonical(std::filesystem::absolute(value), error);
  return error ? value : path.string();
}

bool is_found(const std::string& field, const Task& task, const TrainingArguments& a) try {
  return task.would_find(field, a.model.model, a.data.train_file);
} catch (const std::exception&) {
  return false;
}

// Whether the option changes no result.
bool is_without_result(const std::string& name, const Task& task) {
  return is_in(without_result, name) || (name == "--batch-tokens" && !task.batches_decide_loss());
}

// Whether another option has the say.
bool is_overruled(const std::string& name, const TrainingOptions& o) {
  if (is_in(of_evaluation, name) && !validation_decides(o)) return true;
  if (name == "--num-train-epochs") return o.max_steps > 0;
  if (name == "--max-steps") return o.max_steps <= 0;
  if (name == "--warmup-ratio") return o.warmup_steps > 0;
  if (name == "--stall-patience") return o.awaited_stalls == 0;
  return name == "--eval-steps" && o.eval_strategy != Interval::steps;
}

// Without the rules that a later "train *" makes void.
std::string rules_of(const FreezeSchedule& schedule) {
  if (schedule.changes() || schedule.at_start().has_adapters()) return schedule.to_text();
  const std::string text = "\n" + schedule.to_text(), all = "\ntrain *\n";
  const size_t last = text.rfind(all);
  return text.substr(last == std::string::npos ? 1 : last + all.size());
}

}  // namespace

std::string with_content_of_masks(const std::string& rules) {
  std::istringstream lines(rules);
  std::string text;
  const std::string_view mask = " mask ";
  for (std::string line; std::getline(lines, line);) {
    text += line;
    if (const size_t at = line.find(mask); at != std::string::npos)
      text += fmt::format(" ({})", content_of(line.substr(at + mask.size())));
    if (!lines.eof()) text += '\n';
  }
  return text;
}

Fingerprint recipe_of(const CLI::App& command, const TrainingArguments& a, const Task& task) {
  Fingerprint recipe;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || is_without_result(name, task) || a.tasks.is_field(name)) continue;
    if (is_overruled(name, a.training)) continue;
    std::vector<std::string> values;
    for (const std::string& value : option->reduced_results()) values.push_back(value_of(name, value));
    if (name == "--eval-strategy") values = {name_of(a.training.eval_strategy)};
    const std::string text = fmt::format("{}", fmt::join(values, " "));
    if (name == "--task" && text == task_of_directory(a.model.model)) continue;
    const bool is_default =
        option->get_default_str().empty() ? text == "false" : text == canonical(option->get_default_str());
    if (!is_default) recipe[name] = text;
  }
  // Given or the model's own: what it is without either may change from program to program.
  if (a.training.learning_rate != usual_learning_rate)
    recipe["--learning-rate"] = fmt::format("{}", a.training.learning_rate);
  for (const auto& [field, value] : a.tasks.changed())
    if (!is_found(field, task, a)) recipe[option_name(field)] = a.tasks.names_file(field) ? content_of(value) : value;
  for (const std::string& file : a.data.own.files)
    recipe["data of " + a.data.own.option + ", " + file] = content_of(file);
  const FreezeSchedule schedule = a.freeze.schedule();
  const bool trains_all = task.has_usual_rules() && !schedule.at_start().rules().empty();
  if (const std::string rules = with_content_of_masks(rules_of(schedule)); !rules.empty() || trains_all)
    recipe["--freeze and --train"] = rules.empty() ? "train *" : rules;
  std::vector<std::string> rates;  // of rules, then of options: in the order in which they count
  for (const FreezeMask::LearningRate& rate : schedule.at_start().rates())
    rates.push_back(fmt::format("{}={}", rate.pattern, rate.highest));
  for (const std::string& rate : a.optimizer.rates()) rates.push_back(rate);
  if (!rates.empty()) recipe["--lr"] = fmt::format("{}", fmt::join(rates, " "));
  return recipe;
}

}  // namespace thaw
