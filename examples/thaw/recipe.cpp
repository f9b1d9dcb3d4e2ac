// SPDX-License-Identifier: Apache-2.0
// Options to canonical text.
#include "examples/thaw/recipe.h"

#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "nn/train/crc32c.h"
#include "nn/train/training_checks.h"

namespace thaw {
namespace {

using Names = std::vector<std::string_view>;
const Names without_result{"--resume",
                           "--resume-if-any",
                           "--output-dir",
                           "--device",
                           "--batch-tokens",
                           "--logging-steps",
                           "--save-strategy",
                           "--save-steps",
                           "--save-total-limit",
                           "--mask-file",
                           "--continue-after-failed-save",
                           "--gradient-checkpointing",
                           "--freeze",
                           "--train"};
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
  if (name != "--model") return canonical(value);
  std::error_code error;
  const std::filesystem::path path = std::filesystem::weakly_canonical(std::filesystem::absolute(value), error);
  return error ? value : path.string();
}

}  // namespace

Fingerprint recipe_of(const CLI::App& command, const FreezeArguments& freeze, const TrainingOptions& training) {
  Fingerprint recipe;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_name();
    if (option->count() == 0 || is_in(without_result, name)) continue;
    if (is_in(of_evaluation, name) && !validation_decides(training)) continue;
    std::vector<std::string> values;
    for (const std::string& value : option->reduced_results()) values.push_back(value_of(name, value));
    if (name == "--eval-strategy") values = {name_of(training.eval_strategy)};
    const std::string text = fmt::format("{}", fmt::join(values, " "));
    const bool is_default =
        option->get_default_str().empty() ? text == "false" : text == canonical(option->get_default_str());
    if (!is_default) recipe[name] = text;
  }
  const std::string mask = freeze.mask().to_text();
  if (!mask.empty()) recipe["--freeze and --train"] = mask;
  return recipe;
}

}  // namespace thaw
