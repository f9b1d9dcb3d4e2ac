// SPDX-License-Identifier: Apache-2.0
// Training models as the reference library did: loss and gradient norm of each step, for every way of freezing in the
// goldens.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "nn/freeze/freeze_mask.h"
#include "tests/models/golden_model.h"
#include "tests/models/golden_numbers.h"
#include "tests/models/golden_trainer.h"

namespace thaw {

namespace {

constexpr double f32_tolerance = 1e-4, f64_tolerance = 1e-7;

void check_trace(const GoldenCase& golden, const Json& optimizer, const std::string& mode, const Json& trace,
                 Device device, DType dtype, double tolerance_of_others) {
  const auto model = open_golden(golden, device, dtype);
  const double usual = model->reference_is_rounded() ? f32_tolerance : tolerance_of_others;
  const double tolerance = mode == "full" ? model->rounding_growth() * usual : usual;
  const double norm_tolerance = model->norm_growth() * tolerance;
  ParameterStore& store = model->store();
  FreezeMask mask = FreezeMask::all_frozen();
  const std::string prefix = model->added_prefix();
  int64_t carried = 0;
  for (const std::string& name : trace.get_strings("trained")) {
    if (!model->is_carried(name)) {
      mask.train(prefix + name);
      continue;
    }
    int64_t numbers = 1;
    for (const int64_t size : golden.shape("grad.0." + name)) numbers *= size;
    carried += numbers;
  }
  const FreezeReport report = mask.apply(store);
  CHECK(report.trained + carried == trace.get_int("trained_numbers"));

  std::map<std::string, std::vector<std::byte>> frozen;
  for (const Parameter& p : store.all()) {
    if (p.frozen()) frozen[p.name()] = p.value().to_bytes();
  }

  GoldenTrainer trainer(*model, optimizer);
  const Json& losses = trace.get_array("losses");
  const Json& norms = trace.get_array("grad_norms");
  const int64_t batches = batches_of(golden);
  for (size_t s = 0; s < losses.size(); ++s) {
    INFO("step " << s);
    const auto number = static_cast<int64_t>(s);
    const auto [loss, norm] = trainer.step(number, number % batches);
    CHECK(close(loss, losses.get_number(s), tolerance));
    CHECK(close(norm, norms.get_number(s), norm_tolerance));
  }

  const Json& ends = trace.get_object("final_l2");
  const auto item = static_cast<uint64_t>(size_of(dtype));
  CHECK(trainer.optimizer.state_bytes() == 2 * item * static_cast<uint64_t>(report.trained));
  for (const Parameter& p : store.all()) {
    INFO(p.name());
    const std::string name = p.name().substr(prefix.size());
    if (p.frozen()) {
      CHECK(p.value().to_bytes() == frozen[p.name()]);
      CHECK_FALSE(p.variable().grad().defined());
    } else if (!is_rounding_alone(golden, name)) {
      CHECK(close(norm_of(p.value().to_host<double>()), ends.get_number(name), tolerance));
    }
  }
}

void check_traces(Device device, DType dtype, double tolerance) {
  for (const GoldenCase& golden : model_goldens()) {
    const Json file = golden.trace();
    for (const JsonMember& mode : file.get_object("traces").members()) {
      INFO(golden.name() << ", trained: " << mode.key);
      check_trace(golden, file.get_object("optimizer"), mode.key, mode.value, device, dtype, tolerance);
    }
  }
}

}  // namespace

TEST_CASE("golden models, freezing: every training trace, and what is frozen keeps its bits") {
  check_traces(Device::from_environment(), DType::f32, f32_tolerance);
}

TEST_CASE("golden models, freezing, in f64 on the reference backend: every training trace") {
  check_traces(Device::open("reference"), DType::f64, f64_tolerance);
}

}  // namespace thaw
