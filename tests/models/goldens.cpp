// SPDX-License-Identifier: Apache-2.0
// Models against the reference libraries: hidden states, logits, losses and gradients of every golden folder.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/file_bytes.h"
#include "tests/models/golden_model.h"
#include "tests/models/golden_numbers.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

struct Tolerance {
  double value;     // of the largest number of a tensor; of a loss
  double gradient;  // of the larger of its norm and 1 % of the norm over all gradients
};
constexpr Tolerance f32_tolerance = {1e-5, 3e-5};
constexpr Tolerance f64_tolerance = {1e-9, 1e-9};

void check_outputs(const GoldenCase& golden, const GoldenModel& model, double tolerance) {
  for (const auto& [stack, hidden] : model.hidden(0)) {
    REQUIRE(hidden.size() == golden.names("out.0." + stack + ".").size());
    for (size_t i = 0; i < hidden.size(); ++i) {
      const std::string name = fmt::format("out.0.{}.{}", stack, i);
      INFO(name);
      check_rows(hidden[i], golden, name, tolerance);
    }
  }
  for (const auto& [name, output] : model.outputs(0)) {
    const std::string expected = "out.0." + name;
    INFO(expected);
    check_rows(output, golden, expected, tolerance);
  }
  const double loss = golden.numbers("out.0.loss").at(0);
  CHECK(std::abs(model.loss(0).value().item<double>() - loss) <= tolerance * std::abs(loss));
}

void check_gradients(const GoldenCase& golden, GoldenModel& model, double tolerance) {
  backward(model.loss(0));
  const std::vector<std::string> names = golden.names("grad.0.");
  const double all = norm_of_gradients(golden);
  for (const std::string& name : names) {
    if (model.is_on_the_way(name)) continue;
    INFO("gradient of " << name);
    if (model.is_carried(name)) {
      CHECK(norm_of(golden.numbers("grad.0." + name)) == 0);
      continue;
    }
    const Parameter parameter = model.store().find(model.added_prefix() + name);
    REQUIRE(parameter.defined());
    std::vector<double> error = golden.numbers("grad.0." + name);
    const double norm = norm_of(error);
    if (const Tensor grad = parameter.variable().grad(); grad.defined()) {
      const std::vector<double> values = grad.to_host<double>();
      REQUIRE(values.size() == error.size());
      for (size_t i = 0; i < values.size(); ++i) error[i] -= values[i];
    }
    CHECK(norm_of(error) <= tolerance * std::max(norm, 0.01 * all));
  }
}

void check_all(Device device, DType dtype, Tolerance tolerance) {
  for (const GoldenCase& golden : model_goldens()) {
    INFO(golden.name());
    const auto model = open_golden(golden, device, dtype);
    const Tolerance fair = model->reference_is_rounded() ? f32_tolerance : tolerance;
    check_outputs(golden, *model, fair.value);
    check_gradients(golden, *model, fair.gradient);
  }
}

}  // namespace

TEST_CASE("golden models: hidden states, logits, losses and gradients") {
  check_all(Device::from_environment(), DType::f32, f32_tolerance);
}

TEST_CASE("golden models in f64 on the reference backend: hidden states, logits, losses and gradients") {
  check_all(Device::open("reference"), DType::f64, f64_tolerance);
}

TEST_CASE("golden models: what is saved is what the reference library saved, byte by byte") {
  for (const GoldenCase& golden : model_goldens()) {
    INFO(golden.name());
    const ScratchFolder folder;
    const auto model = open_golden(golden, Device::from_environment(), DType::f32);
    if (!model->added_prefix().empty()) continue;
    model->save(folder / "model");
    CHECK(read_bytes(folder / "model/model.safetensors") == read_bytes(golden.directory() + "/model.safetensors"));
    const auto text = [](const std::string& path) { return Json::read(path).dump({.indent = 2, .sort_keys = true}); };
    CHECK(text(folder / "model/config.json") == text(golden.directory() + "/config.json"));
  }
}

}  // namespace thaw
