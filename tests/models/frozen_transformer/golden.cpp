// SPDX-License-Identifier: Apache-2.0
// Frozen transformers against the authors' computation: hidden states, outputs, gradients and traces of training, for
// numbers and ids, one answer and several, over the body of each family.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "models/frozen_transformer/opened.h"
#include "nn/change/model_change.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "tensor/io/safetensors.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"
#include "tests/models/golden_numbers.h"

namespace thaw {
namespace {

struct Tolerance {
  double output, gradient, trace;
};
constexpr Tolerance in_f32{1e-5, 3e-5, 2e-5}, in_f64{1e-9, 1e-9, 1e-7};

FrozenTransformerOptions options_of(const Json& task) {
  const bool ids = task.at("embedding").as_bool();
  return {.shape = {task.get_int("input_dim"), ids, task.get_int("output_dim"), task.get_int("last")}};
}

class GoldenTransformer {
 public:
  GoldenTransformer(const std::string& body, const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), task_(golden.trace().get_object("task")), opened_(body, options_of(task_), device, dtype) {
    const SafetensorsFile file(golden.directory() + "/new_layers.safetensors");
    CHECK(opened_.report().initialised.size() == file.entries().size());
    for (const SafetensorsEntry& entry : file.entries()) {
      const Tensor value = opened_.store().find(entry.name).value();
      value.copy_from(Tensor::from_bytes(entry.bytes, value.shape(), DType::f32, Device::open("reference"))
                          .to(dtype)
                          .to(value.device()));
    }
  }

  OpenedFrozenTransformer& opened() { return opened_; }
  std::vector<Encoding> sequences(int64_t batch) const {
    const std::string x = golden_.input(batch, "x"), masked = golden_.input(batch, "attention_mask");
    const std::vector<int64_t> shape = golden_.shape(x);
    std::vector<Encoding> all;
    for (int64_t b = 0; b < shape[0]; ++b) {
      if (shape.size() == 3) {
        const std::vector<double> numbers = golden_.numbers(x);
        const auto begin = numbers.begin() + b * shape[1] * shape[2];
        all.push_back(sequence_of_numbers({begin, begin + shape[1] * shape[2]}, shape[2]));
        continue;
      }
      const std::vector<int32_t> ids = golden_.integers(x), mask = golden_.integers(masked);
      std::vector<int32_t> own;
      for (auto cell = static_cast<size_t>(b * shape[1]); std::ssize(own) < shape[1]; ++cell) {
        if (mask[cell] == 0) break;
        own.push_back(ids[cell]);
      }
      all.push_back(sequence_of_ids(std::move(own)));
    }
    return all;
  }
  SequenceBatch batch(int64_t number) const {
    const std::vector<Encoding> all = sequences(number);
    return opened_.batch_of(pointers_to(all));
  }
  Variable logits(int64_t number) const { return opened_.model()(batch(number)); }
  Variable loss(int64_t number) const {
    const Variable given = logits(number);
    const int64_t classes = task_.get_string("kind") == "bits" ? 2 : task_.get_int("output_dim");
    const Variable rows = reshape(given, {given.value().numel() / classes, classes});
    return cross_entropy(rows, Indices(golden_.integers(golden_.input(number, "labels")), opened_.store().device()));
  }

 private:
  GoldenCase golden_;
  Json task_;
  OpenedFrozenTransformer opened_;
};

void check_outputs(const GoldenCase& golden, GoldenTransformer& model, Tolerance tolerance) {
  const SequenceBatch batch = model.batch(0);
  std::vector<int32_t> cells;
  const int64_t columns = golden.shape("out.0.last_hidden").at(1);
  for (int64_t b = 0; b < batch.count(); ++b)
    for (int64_t t = 0; t < batch.segments.length(b); ++t) cells.push_back(static_cast<int32_t>(b * columns + t));
  check_rows({model.opened().model().last_hidden(batch), cells}, golden, "out.0.last_hidden", tolerance.output);
  check_rows({model.logits(0), {}}, golden, "out.0.logits", tolerance.output);
  const double loss = golden.numbers("out.0.loss").at(0);
  CHECK(close(model.loss(0).value().item<double>(), loss, tolerance.output));

  backward(model.loss(0));
  const double all = norm_of_gradients(golden);
  for (const std::string& name : golden.names("grad.0.")) {
    INFO("gradient of " << name);
    std::vector<double> error = golden.numbers("grad.0." + name);
    const double norm = norm_of(error);
    const std::vector<double> given = model.opened().store().find(name).variable().grad().to_host<double>();
    REQUIRE(given.size() == error.size());
    for (size_t i = 0; i < given.size(); ++i) error[i] -= given[i];
    CHECK(norm_of(error) <= tolerance.gradient * std::max(norm, 0.01 * all));
  }
}

// Adam without decay, clipped to norm 1, at one rate.
void check_trace(GoldenTransformer& model, const FreezeMask& mask, const Json& trace, double tolerance) {
  ParameterStore& store = model.opened().store();
  mask.apply(store);
  AdamW adam(store, {.weight_decay = 0});
  const Json& losses = trace.get_array("losses");
  for (size_t step = 0; step < losses.size(); ++step) {
    INFO("step " << step);
    const Variable loss = model.loss(static_cast<int64_t>(step % 4));
    adam.clear_gradients();
    backward(loss);
    const GradientNorm norm = clip_gradients(store, 1);
    adam.step(1e-3, norm.scale);
    CHECK(close(loss.value().item<double>(), losses.get_number(step), tolerance));
    CHECK(close(norm.norm.item<double>(), trace.get_array("grad_norms").get_number(step), 10 * tolerance));
  }
  for (const JsonMember& end : trace.get_object("final_l2").members()) {
    INFO(end.key);
    const double norm = norm_of(store.find(end.key).value().to_host<double>());
    CHECK(close(norm, end.value.as_number(), tolerance));
  }
}

const std::vector<std::string> bodies{"fpt_bert", "fpt_gpt2", "fpt_mpnet"};

void check_all(Device device, DType dtype, Tolerance tolerance) {
  for (const std::string& name : bodies) {
    if (!has_golden(name)) continue;
    const std::string body = (golden_dir() / name / "body").string();
    for (const char* kind : {"classify", "recall", "tokens"}) {
      if (!has_golden(name + "/" + kind)) continue;
      INFO(name << " " << kind);
      const GoldenCase golden(golden_dir() / name / kind);
      GoldenTransformer fresh(body, golden, device, dtype);
      check_outputs(golden, fresh, tolerance);
      const Json file = golden.trace();
      for (const JsonMember& mode : file.get_object("traces").members()) {
        INFO("trained: " << mode.key);
        FreezeMask named = FreezeMask::all_frozen();
        for (const std::string& trained : mode.value.get_strings("trained")) named.train(trained);
        GoldenTransformer model(body, golden, device, dtype);
        check_trace(model, named, mode.value, tolerance.trace);
        if (mode.key != "fpt") continue;
        // The usual rules train the same but for rows of positions that no sequence has, which never move.
        GoldenTransformer usual(body, golden, device, dtype);
        const FreezeMask rules = FreezeMask::parse(usual.opened().model().usual_rules(20), "the usual rules");
        check_trace(usual, rules, mode.value, tolerance.trace);
      }
    }
  }
}

}  // namespace

TEST_CASE("golden frozen transformers: outputs, gradients and traces") {
  check_all(Device::from_environment(), DType::f32, in_f32);
}

TEST_CASE("golden frozen transformers in f64 on the reference backend: outputs, gradients and traces") {
  check_all(Device::open("reference"), DType::f64, in_f64);
}

}  // namespace thaw
