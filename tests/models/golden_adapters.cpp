// SPDX-License-Identifier: Apache-2.0
// Adapters against the reference library: what they make of a model, their gradients, their training; and the base
// without them again.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "models/hub/peft/prefix_slots.h"
#include "models/hub/peft/read_adapter.h"
#include "models/hub/peft/write_adapter.h"
#include "nn/adapters.h"
#include "nn/change/applied_change.h"
#include "nn/change/merge.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/soft_prompt.h"
#include "tensor/io/safetensors.h"
#include "tensor/ops.h"
#include "tests/models/golden_model.h"
#include "tests/models/golden_numbers.h"
#include "tests/models/golden_trainer.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

struct Tolerance {
  double value, gradient;             // as for models without adapters
  double losses, norms, after_steps;  // of the steps; of what the model gives behind them
};
constexpr Tolerance f32_tolerance = {1e-5, 3e-5, 3e-5, 2e-4, 6e-5};
constexpr Tolerance f64_tolerance = {1e-9, 1e-9, 1e-7, 1e-7, 1e-7};

using Bytes = std::map<std::string, std::vector<std::byte>>;

Bytes bytes_of(const ParameterStore& store) {
  Bytes all;
  for (const Parameter& parameter : store.all()) all[parameter.name()] = parameter.value().to_bytes();
  return all;
}

Tensor gradient_of(const Parameter& parameter) { return parameter.variable().grad(); }
Tensor value_of(const Parameter& parameter) { return parameter.value(); }

// What a name of the reference library stands for: a parameter, or some rows of it; or the prefixes of all layers.
struct Named {
  Parameter parameter;
  const ModelChange::Rows* rows = nullptr;
  int64_t unused = 0;  // rows that the library has beside it: 0
  const ParameterStore* prefixes = nullptr;
  int64_t layers = 0;  // of which the library has prefixes

  std::vector<Parameter> parameters() const {
    return prefixes ? adapter_parameters(*prefixes) : std::vector<Parameter>{parameter};
  }
  // The numbers that are of it, of a tensor of each parameter's shape.
  std::vector<double> of(Tensor (*pick)(const Parameter&)) const {
    if (prefixes) {
      std::map<std::string, ModelChange::Prefix> all;
      for (const auto& prefix : prefixes->attention_prefixes())
        if (prefix->count() > 0) all[prefix->path] = {pick(prefix->keys), pick(prefix->values)};
      return PrefixSlots(*prefixes, layers).rows(all).to_host<double>();
    }
    const Tensor tensor = pick(parameter);
    const std::vector<double> all = tensor.to_host<double>();
    if (!rows && unused == 0) return all;
    std::vector<double> some;
    if (unused > 0) {
      some = all;
      some.resize(all.size() + static_cast<size_t>(unused * tensor.size(1)), 0);
      return some;
    }
    const auto width = static_cast<ptrdiff_t>(tensor.size(1));
    for (const int64_t row : rows->numbers)
      some.insert(some.end(), all.begin() + row * width, all.begin() + (row + 1) * width);
    return some;
  }
};

std::string without(std::string text, const std::string& part) {
  const size_t at = text.find(part);
  return at == std::string::npos ? text : text.erase(at, part.size());
}

Json adapter_config(const GoldenCase& golden) {
  return Json::read(golden.directory() + "/adapter/adapter_config.json");
}

Named named(const GoldenCase& golden, std::string name, const ParameterStore& store, const ModelChange& change) {
  for (const char* part : {"base_model.model.", "modules_to_save.", ".default", ".base_layer"})
    name = without(name, part);
  if (name == "prompt_embeddings" && !change.prefixes.empty()) {
    const int64_t layers = adapter_config(golden).get_int("num_layers");
    return {.prefixes = &store, .layers = layers};
  }
  if (name == "prompt_embeddings") {
    const Parameter& prompt = store.soft_prompts().at(0)->rows;
    return {prompt, nullptr, prompt.value().size(0)};
  }
  const std::string rows = ".token_adapter.trainable_tokens_delta";
  if (!name.ends_with(rows)) return {store.find(name)};
  name = without(name, rows) + ".weight";
  return {store.find(name), &change.rows.at(name)};
}

// Trains what the golden's library trained, and nothing else.
void train_alone(const GoldenCase& golden, const Json& trace, ParameterStore& store, const ModelChange& change) {
  FreezeMask mask = FreezeMask::all_frozen();
  for (const std::string& name : trace.get_strings("trained")) {
    INFO(name);
    for (const Parameter& parameter : named(golden, name, store, change).parameters()) {
      REQUIRE(parameter.defined());
      mask.train(parameter.name());
    }
  }
  mask.apply(store);
  for (const std::string& name : trace.get_strings("trained")) {
    const Named what = named(golden, name, store, change);
    if (!what.rows) continue;
    const Shape& shape = what.parameter.value().shape();
    std::vector<uint8_t> elements(static_cast<size_t>(shape.numel()), 0);
    for (const int64_t row : what.rows->numbers) std::fill_n(elements.begin() + row * shape[1], shape[1], uint8_t{1});
    what.parameter.set_element_mask(elements);
  }
}

void check_gradients(const GoldenCase& golden, GoldenModel& model, const ModelChange& change, double tolerance) {
  backward(model.loss(0));
  const double all = norm_of_gradients(golden);
  for (const std::string& name : golden.names("grad.0.")) {
    INFO("gradient of " << name);
    const Named what = named(golden, name, model.store(), change);
    std::vector<double> error = golden.numbers("grad.0." + name);
    const double norm = norm_of(error);
    const std::vector<double> values = what.of(gradient_of);
    REQUIRE(values.size() == error.size());
    for (size_t i = 0; i < values.size(); ++i) error[i] -= values[i];
    CHECK(norm_of(error) <= tolerance * std::max(norm, 0.01 * all));
  }
}

// What of a file is read by nothing: the second half of a prompt's; columns of prefixes.
std::vector<double> unused_numbers(const GoldenCase& golden, const Named& what) {
  const SafetensorsFile file(golden.directory() + "/adapter/adapter_model.safetensors");
  const SafetensorsEntry& entry = *file.find("prompt_embeddings");
  const Tensor all =
      Tensor::from_bytes(entry.bytes, {entry.shape[0], entry.shape[1]}, DType::f32, Device::open("reference"));
  if (what.prefixes) {
    const PrefixSlots slots(*what.prefixes, what.layers);
    return sub(all, slots.rows(slots.prefixes(all))).to_host<double>();
  }
  return all.slice(0, entry.shape[0] / 2, entry.shape[0]).to_host<double>();
}

void check_steps(const GoldenCase& golden, GoldenModel& model, const ModelChange& change, const Json& trace,
                 const Tolerance& tolerance) {
  GoldenTrainer trainer(model, trace.get_object("optimizer"));
  const Json& losses = trace.get_array("losses");
  for (size_t s = 0; s < losses.size(); ++s) {
    INFO("step " << s);
    const auto number = static_cast<int64_t>(s);
    const auto [loss, norm] = trainer.step(number, number % batches_of(golden));
    CHECK(close(loss, losses.get_number(s), tolerance.losses));
    if (trace.contains("grad_norms"))
      CHECK(close(norm, trace.get_array("grad_norms").get_number(s), model.norm_growth() * tolerance.norms));
  }
  if (!trace.contains("final_l2")) return;
  for (const JsonMember& end : trace.get_object("final_l2").members()) {
    INFO("in the end: " << end.key);
    const Named what = named(golden, end.key, model.store(), change);
    if (is_rounding_alone(golden, end.key)) continue;
    const double unused = what.unused > 0 || what.prefixes ? norm_of(unused_numbers(golden, what)) : 0;
    CHECK(close(std::hypot(norm_of(what.of(value_of)), unused), end.value.as_number(), tolerance.losses));
  }
}

void check_logits(const GoldenCase& golden, const GoldenModel& model, const std::string& name, double tolerance) {
  if (golden.has(name)) check_rows(model.outputs(0).at("logits"), golden, name, tolerance);
}

// The same without adapters, by other weights; and the adapters again.
void check_merging(const GoldenCase& golden, GoldenModel& model, const Tolerance& tolerance) {
  ParameterStore& store = model.store();
  const ModelChange change = change_of(store);
  const bool magnitudes = std::ranges::any_of(change.products, [](const auto& entry) {
    return entry.second.low_rank && entry.second.low_rank->options.magnitudes;
  });
  {
    MergedAdapters merged(store, MergedAdapters::Originals::kept);
    CHECK(merged.untied().empty());
    CHECK(adapter_parameters(store).empty());
    check_logits(golden, model, "out.0.logits_after_20_steps_merged", tolerance.after_steps);
    const Bytes weights = bytes_of(store);
    merged.unmerge();
    CHECK(bytes_of(store) != weights);
  }
  if (magnitudes) return;
  const Bytes before = bytes_of(store);
  MergedAdapters merged(store);
  merged.unmerge();
  check_logits(golden, model, "out.0.logits_after_20_steps", tolerance.after_steps);
  for (const Parameter& parameter : store.all())  // they came back rounded
    parameter.value().copy_from(
        Tensor::from_bytes(before.at(parameter.name()), parameter.value().shape(), store.dtype(), store.device()));
}

// Of tables some rows alone.
ModelChange learnt_by(const ParameterStore& store, const ModelChange& before) {
  ModelChange learnt = change_of(store);
  for (const auto& [name, rows] : before.rows) {
    const Tensor& table = learnt.tensors.at(name);
    learnt.rows[name] = {rows.numbers,
                         gather_rows(table, Indices({rows.numbers.begin(), rows.numbers.end()}, table.device()))};
    learnt.tensors.erase(name);
  }
  return learnt;
}

std::string task_type_of(const GoldenCase& golden) { return adapter_config(golden).get_string_or("task_type", ""); }

void check_adapter(const GoldenCase& golden, Device device, DType dtype, Tolerance tolerance) {
  const auto model = open_golden(golden, device, dtype);
  if (model->reference_is_rounded()) tolerance = f32_tolerance;
  ParameterStore& store = model->store();
  const Bytes before = bytes_of(store);
  check_logits(golden, *model, "out.0.logits_of_base", tolerance.value);

  const ModelChange change = read_adapter(golden.directory() + "/adapter", store);
  AppliedChange applied(store, change);
  const Json trace = golden.trace();
  train_alone(golden, trace, store, change);
  check_logits(golden, *model, "out.0.logits", tolerance.value);
  CHECK(close(model->loss(0).value().item<double>(), golden.numbers("out.0.loss").at(0), tolerance.value));
  check_gradients(golden, *model, change, tolerance.gradient);
  check_steps(golden, *model, change, trace, tolerance);
  check_logits(golden, *model, "out.0.logits_after_20_steps", tolerance.after_steps);
  const Bytes trained = bytes_of(store);
  if (change.prompts.empty() && change.prefixes.empty()) check_merging(golden, *model, tolerance);
  CHECK(bytes_of(store) == trained);

  // What was learnt is a change, too, which makes the same of the base, also by way of peft's files.
  const ModelChange learnt = learnt_by(store, change);
  const ScratchFolder folder;
  write_adapter(folder / "adapter", learnt, store, {.task_type = task_type_of(golden)});
  applied.take_off();
  CHECK(bytes_of(store) == before);
  AppliedChange again(store, learnt);
  CHECK(bytes_of(store) == trained);
  again.take_off();
  const AppliedChange read(store, read_adapter(folder / "adapter", store));
  if (dtype == DType::f32) CHECK(bytes_of(store) == trained);  // files are f32
  check_logits(golden, *model, "out.0.logits_after_20_steps", std::max(tolerance.after_steps, 1e-6));
}

void check_adapters(Device device, DType dtype, Tolerance tolerance) {
  for (const GoldenCase& golden : adapter_goldens()) {
    INFO(golden.name());
    check_adapter(golden, device, dtype, tolerance);
  }
}

}  // namespace

TEST_CASE("golden adapters: logits, losses, gradients and steps; without them the base has its bits") {
  check_adapters(Device::from_environment(), DType::f32, f32_tolerance);
}

TEST_CASE("golden adapters in f64 on the reference backend: logits, losses, gradients and steps") {
  check_adapters(Device::open("reference"), DType::f64, f64_tolerance);
}

}  // namespace thaw
