// SPDX-License-Identifier: Apache-2.0
// Result files of a run.
#include "examples/thaw/run_results.h"

#include "nn/train/metrics_json.h"
#include "tensor/check.h"
#include "tensor/json.h"

namespace thaw {
namespace {

constexpr JsonStyle style{.indent = 2};
const std::string splits[] = {"eval", "test"};

}  // namespace

bool RunResults::is_finished(const Fingerprint& recipe) const {
  if (!std::filesystem::exists(file("train"))) return false;
  Fingerprint then;
  const Json json = Json::read(file("train").string());
  if (json.at("recipe").is_object())  // an older version wrote a line
    for (const JsonMember& member : json.get_object("recipe").members()) then[member.key] = member.value.as_string();
  if (const std::string difference = fingerprint_difference(then, recipe); !difference.empty())
    fail("{}: holds a finished run with other options ({}); remove it or choose another --output-dir",
         directory_.string(), difference);
  return true;
}

void RunResults::check_new() const {
  for (const char* name : {"train_results.json", "model.safetensors", "model.safetensors.index.json"})
    if (std::filesystem::exists(directory_ / name))
      fail("{}: holds the {} of a former run: remove it or choose another --output-dir", directory_.string(), name);
}

void RunResults::remove() const {
  std::error_code ignored;
  for (const std::string& split : splits) std::filesystem::remove(file(split), ignored);
  std::filesystem::remove(file("train"), ignored);
}

void RunResults::write_metrics(const std::string& split, const Metrics& metrics, int64_t examples) const {
  Json json = metrics_json(metrics);
  json.set("examples", examples).write(file(split).string(), style);
}

void RunResults::write_training(const Fingerprint& recipe, const TrainingResult& result, const FreezeReport& frozen,
                                int64_t examples, double peak_memory_mb) const {
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
      .set("peak_memory_mb", peak_memory_mb)
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
      if (member.key != "examples") fmt::print(" {} {:.4f} ", member.key, metric_of(member.value));
    fmt::print(" ({} examples)\n", json.get_int("examples"));
  }
}

}  // namespace thaw
