// SPDX-License-Identifier: Apache-2.0
// Adafactor in every way in which T5 is trained, 20 steps: adafactor.json has what transformers 5.24 computed in f64
// (transformers.optimization.Adafactor) from these starts and gradients, which are small, large, near 0 and 0 by turns.
#include "nn/optim/adafactor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "nn/scope.h"
#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

std::vector<double> numbers_of(const Json& array) {
  std::vector<double> numbers;
  for (const Json& number : array.items()) numbers.push_back(number.as_number());
  return numbers;
}

AdafactorOptions options_of(const Json& json) {
  AdafactorOptions options;
  options.scale_parameter = json.get_bool("scale_parameter");
  options.relative_step = json.get_bool_or("relative_step", false);
  options.warmup_init = json.get_bool_or("warmup_init", false);
  options.beta1 = json.get_number_or("beta1", 0);
  options.decay_rate = json.get_number_or("decay_rate", options.decay_rate);
  options.clip_threshold = json.get_number_or("clip_threshold", options.clip_threshold);
  options.weight_decay = json.get_number_or("weight_decay", 0);
  return options;
}

// The largest difference after any of the steps that the case has.
double worst_difference(const Json& made, const Json& one, Device device, DType dtype) {
  ParameterStore store(device, dtype);
  const Json& shapes = made.get_array("shapes");
  std::vector<Parameter> parameters;
  std::vector<Shape> sizes;
  for (size_t i = 0; i < shapes.size(); ++i) {
    sizes.emplace_back(shapes.get_ints(i));
    parameters.push_back(store.parameter(std::to_string(i), sizes[i], Init::zeros()));
    parameters[i].value().copy_from(
        Tensor::from_host(numbers_of(made.get_array("starts").get_array(i)), sizes[i], device, dtype));
  }
  Adafactor optimizer(store, options_of(one.get_object("options")));
  double worst = 0;
  const Json& gradients = made.get_array("gradients");
  for (size_t step = 0; step < gradients.size(); ++step) {
    for (size_t i = 0; i < parameters.size(); ++i)
      backward(
          sum_all(mul(parameters[i].variable(),
                      Tensor::from_host(numbers_of(gradients.get_array(step).get_array(i)), sizes[i], device, dtype))));
    optimizer.step(one.get_number("rate"));
    optimizer.clear_gradients();
    const Json& after = one.get_object("after");
    const std::string key = std::to_string(step + 1);
    if (!after.contains(key)) continue;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const std::vector<double> got = parameters[i].value().to_host<double>(),
                                wanted = numbers_of(after.get_array(key).get_array(i));
      REQUIRE(got.size() == wanted.size());
      for (size_t j = 0; j < got.size(); ++j) worst = std::max(worst, std::abs(got[j] - wanted[j]));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("adafactor: 20 steps in each of T5's settings") {
  const std::string file = (source_folder() / "tests" / "nn" / "optim" / "adafactor.json").string();
  const Json made = Json::parse(read_bytes(file), file);
  for (const Json& one : made.get_array("cases").items()) {
    CAPTURE(one.get_object("options").dump());
    CHECK(worst_difference(made, one, Device::open("reference"), DType::f64) < 1e-10);
    CHECK(worst_difference(made, one, Device::from_environment(), DType::f32) < 3e-6);
  }
}
