// SPDX-License-Identifier: Apache-2.0
// Fisher information against a plain computation: the squares of gradients of single examples.
#include "nn/train/fisher.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "autograd/functions.h"
#include "nn/mode.h"
#include "tests/nn/train/small_task.h"

using namespace thaw;

TEST_CASE("fisher: the mean over examples of the squares of the gradients of each alone, without dropout") {
  constexpr int64_t examples = 12;
  ParameterStore store(Device::from_environment(), DType::f32, 1);
  SmallTask task(store, examples, 0.5);
  store.find("norm.weight").freeze();
  const std::vector<float> before = all_values(store);
  int64_t told = 0;
  std::vector<Tensor> got;
  {
    const TrainingMode training(store.mode());
    got = fisher_information(task, store, [&](int64_t done) { CHECK(done == ++told); });
    CHECK(store.mode().training);
  }
  CHECK(told == examples);
  CHECK(all_values(store) == before);
  const std::vector<Parameter> parameters = store.trained();
  REQUIRE(got.size() == parameters.size());
  std::vector<std::vector<double>> wanted(parameters.size()), of_sums(parameters.size());
  for (int64_t i = 0; i < examples; ++i) {
    const std::vector<int64_t> one{i};
    backward(task.loss(one, 1));
    for (size_t p = 0; p < parameters.size(); ++p) {
      const std::vector<float> grad = parameters[p].variable().grad().to_host<float>();
      wanted[p].resize(grad.size());
      of_sums[p].resize(grad.size());
      for (size_t j = 0; j < grad.size(); ++j) {
        wanted[p][j] += static_cast<double>(grad[j]) * static_cast<double>(grad[j]) / examples;
        of_sums[p][j] += static_cast<double>(grad[j]) / examples;
      }
      parameters[p].variable().clear_grad();
    }
  }
  bool other_than_of_batches = false;
  for (size_t p = 0; p < parameters.size(); ++p) {
    CAPTURE(parameters[p].name());
    const std::vector<float> values = got[p].to_host<float>();
    REQUIRE(values.size() == wanted[p].size());
    CHECK(got[p].shape() == parameters[p].value().shape());
    CHECK_FALSE(parameters[p].variable().grad().defined());
    for (size_t j = 0; j < values.size(); ++j) {
      CHECK(values[j] == doctest::Approx(wanted[p][j]).epsilon(1e-5));
      other_than_of_batches = other_than_of_batches || wanted[p][j] > 2 * of_sums[p][j] * of_sums[p][j] + 1e-9;
    }
  }
  CHECK(other_than_of_batches);  // else the test could not tell them apart
}

TEST_CASE("fisher: what has no gradient of one example alone is refused") {
  ParameterStore store(Device::from_environment(), DType::f32, 1);
  SmallTask task(store, 6);
  store.find("words.weight").train_rows(2, 4);
  CHECK_THROWS_WITH_AS(fisher_information(task, store), "Fisher information: words.weight is trained in part",
                       std::invalid_argument);
  store.find("words.weight").train();
  task.contrasts = true;
  CHECK_THROWS_WITH_AS(fisher_information(task, store),
                       doctest::Contains("depends on the others in its batch; there is none of one alone"),
                       std::invalid_argument);
  task.contrasts = false;
  store.parameter("pooler.weight", {2}, Init::ones());
  CHECK_THROWS_WITH_AS(fisher_information(task, store),
                       "Fisher information: no example's gradient reaches pooler.weight", std::invalid_argument);
  for (const Parameter& p : store.all()) p.freeze();
  CHECK_THROWS_WITH_AS(fisher_information(task, store), "Fisher information: nothing is trained",
                       std::invalid_argument);

  ParameterStore other(Device::from_environment(), DType::f32, 1);
  SmallTask poisoned(other, 6);
  poisoned.poisoned_call = 2;
  CHECK_THROWS_WITH_AS(fisher_information(poisoned, other), "Fisher information: the loss of example 3 is not finite",
                       std::runtime_error);
}
