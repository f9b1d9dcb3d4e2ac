// SPDX-License-Identifier: Apache-2.0
// Result files of a run.
#include "examples/thaw/run_results.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/hub/change_file.h"
#include "nn/train/metrics_json.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

constexpr JsonStyle style{.indent = 2};
const std::string splits[] = {"eval", "test"};
// The options by which a run has that split.
std::vector<std::string> options_of(const std::string& split) {
  if (split == "eval") return {"--validation-file", "--validation-split"};
  return {"--test-file"};
}

// A recipe leaves out what has its default.
std::string recipe_difference(const Fingerprint& then, const Fingerprint& now) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  for (const auto& [name, value] : now) {
    const auto found = then.find(name);
    if (found == then.end()) {
      add(name + " was not given");
    } else if (found->second != value) {
      add(fmt::format("{} was {}, is {}", name, found->second, value));
    }
  }
  for (const auto& [name, value] : then)
    if (!now.contains(name)) add(fmt::format("{} was {}, is not given", name, value));
  return text;
}

// Given or not.
bool has_other_end(const Fingerprint& then, const Fingerprint& now) {
  const auto value = [](const Fingerprint& of, const char* option) {
    const auto found = of.find(option);
    return found == of.end() ? std::string() : found->second;
  };
  return value(then, "--num-train-epochs") != value(now, "--num-train-epochs") ||
         value(then, "--max-steps") != value(now, "--max-steps");
}

}  // namespace

bool RunResults::is_finished(const Fingerprint& recipe) const {
  if (!std::filesystem::exists(file("train"))) return false;
  Fingerprint then;
  const Json json = Json::read(file("train").string());
  if (!json.at("recipe").is_object())
    fail(
        "{}: holds a finished run whose options are not known (another version wrote it); remove it or choose another "
        "--output-dir",
        directory_.string());
  for (const JsonMember& member : json.get_object("recipe").members()) then[member.key] = member.value.as_string();
  if (const std::string difference = recipe_difference(then, recipe); !difference.empty())
    fail(
        "{}: holds a finished run with other options ({}); remove it or choose another --output-dir{}",
        directory_.string(), difference,
        has_other_end(then, recipe) ? fmt::format(" (to train for longer: with --model {})", directory_.string()) : "");
  return true;
}

void RunResults::check_new() const {
  for (const char* name : {"train_results.json", "eval_results.json", "test_results.json", "model.safetensors",
                           "model.safetensors.index.json", change_file_name, "adapter_model.safetensors"})
    if (std::filesystem::exists(directory_ / name))
      fail("{}: holds the {} of a former run: remove it or choose another --output-dir", directory_.string(), name);
}

std::string RunResults::fault(const Fingerprint& recipe, const Task& task) const try {
  const OwnData own = task.own_data();
  for (const std::string& split : splits) {
    const auto is_given = [&](const std::string& option) { return recipe.contains(option); };
    const bool has_own = split == "eval" ? own.has_validation : own.has_test;
    if (!has_own && !std::ranges::any_of(options_of(split), is_given)) continue;
    if (!std::filesystem::exists(file(split))) return fmt::format("{} is not there", file(split).string());
    Json::read(file(split).string());
  }
  task.check_saved(directory_.string());
  return "";
} catch (const std::exception& error) {
  return error.what();
}

void RunResults::check_splits(bool has_validation, bool has_test) const {
  for (const std::string& split : splits)
    if (!(split == "eval" ? has_validation : has_test) && std::filesystem::exists(file(split)))
      fail("{}: would be lost, since this command has no {}: give it as before, or remove the file",
           file(split).string(), fmt::join(options_of(split), " or "));
}

void RunResults::remove() const {
  std::error_code ignored;
  std::filesystem::remove(file("train"), ignored);
  for (const std::string& split : splits) std::filesystem::remove(file(split), ignored);
}

void RunResults::write_metrics(const std::string& split, const Metrics& metrics, int64_t examples,
                               FrozenDType frozen) const {
  Json json = metrics_json(metrics);
  if (frozen != FrozenDType::f32) json.set("frozen_dtype", std::string(name_of(frozen)));
  json.set("examples", examples).write(file(split).string(), style);
}

void RunResults::write_training(const Fingerprint& recipe, const TrainingResult& result, const FreezeReport& frozen,
                                int64_t examples, const ProcessCost& cost) const {
  Json options = Json::object();
  for (const auto& [name, value] : recipe) options.set(name, value);
  Json::object()
      .set("train_loss", metric_json(result.train_loss))
      .set("train_seconds", result.seconds)
      .set("train_steps", result.steps)
      .set("train_tokens_per_second", result.tokens_per_second)
      .set("train_examples", examples)
      .set("trained_parameters", frozen.trained)
      .set("frozen_parameters", frozen.frozen)
      .set("trained_per_mille", frozen.per_mille())
      .set("peak_memory_mb", cost.peak_memory_mb)
      .set("train_flops", metric_json(cost.flops))
      .set("best_step", result.best_step)
      .set("stopped_early", result.stopped_early)
      .set("recipe", options)
      .write(file("train").string(), style);
}

void RunResults::print() const {
  for (const std::string& split : splits) {
    if (!std::filesystem::exists(file(split))) continue;
    const Json json = Json::read(file(split).string());
    fmt::print("{}:", split);
    for (const JsonMember& member : json.members())
      if (member.key != "examples" && !member.value.is_string())
        fmt::print(" {} {:.4f} ", member.key, metric_of(member.value));
    fmt::print(" ({})\n", counted(json.get_int("examples"), "example"));
  }
}

}  // namespace thaw
