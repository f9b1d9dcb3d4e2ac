// SPDX-License-Identifier: Apache-2.0
// Rankings' goldens through the task: the loss of pairs, its gradients, the losses of steps of training.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "models/image/patch_embeddings.h"
#include "models/image/patches.h"
#include "models/tasks/ranking/model.h"
#include "models/tasks/ranking/preference_examples.h"
#include "tests/models/golden_case.h"
#include "tests/models/golden_model.h"
#include "tests/models/golden_numbers.h"
#include "tests/models/tasks/golden_training.h"

using namespace thaw;

namespace {

// All pairs of pictures of all batches of a golden, for its model.
struct GoldenPairs {
  std::shared_ptr<TextClassifier> classifier;
  RankingModel model;
  std::unique_ptr<Examples> examples;
  std::vector<std::vector<int64_t>> batches;

  GoldenPairs(const GoldenCase& golden, DType dtype) : classifier(opened(golden, dtype)), model(classifier, {}, 1, {}) {
    auto data = std::make_shared<PreferenceExamples::Data>();
    for (int64_t batch = 0; golden.has(golden.input(batch, "better")); ++batch) add(golden, batch, *data);
    examples = std::make_unique<PreferenceExamples>(*classifier, std::move(data));
  }

 private:
  static std::shared_ptr<TextClassifier> opened(const GoldenCase& golden, DType dtype) {
    TextClassifierOptions how;
    how.device = Device::open("reference");
    how.dtype = dtype;
    how.reads = InputKind::pictures;
    return std::make_shared<TextClassifier>(golden.directory(), how);
  }

  void add(const GoldenCase& golden, int64_t batch, PreferenceExamples::Data& data) {
    const PatchLimits limits = std::get<PatchLimits>(classifier->model().limits().files);
    const std::string name = golden.input(batch, "pixel_values");
    const std::vector<int64_t> sizes = golden.shape(name);
    const Shape picture{sizes.at(1), sizes.at(2), sizes.at(3)};
    const std::vector<double> numbers = golden.numbers(name);
    const std::vector<float> pixels(numbers.begin(), numbers.end());
    const auto add_picture = [&](int32_t number) {
      const auto size = static_cast<size_t>(picture.numel());
      const PatchedArray array = patches_of_picture(std::span(pixels).subspan(static_cast<size_t>(number) * size, size),
                                                    picture, limits.patch);
      auto rows =
          std::make_shared<RowsInMemory>(patch_numbers(array), array.grid(), limits.channels * limits.patch.numel());
      Encoding encoding = encoding_of_patches(std::move(rows), limits.tokens);
      const auto length = static_cast<int64_t>(encoding.size());
      data.rows.add(std::move(encoding), 0);
      return length;
    };
    const std::vector<int32_t> better = golden.integers(golden.input(batch, "better")),
                               worse = golden.integers(golden.input(batch, "worse"));
    std::vector<int64_t>& numbers_of_batch = batches.emplace_back();
    for (size_t pair = 0; pair < better.size(); ++pair) {
      numbers_of_batch.push_back(std::ssize(data.lengths));
      const int64_t length = add_picture(better[pair]);
      data.lengths.push_back(length + add_picture(worse[pair]));
    }
  }
};

// Calls f(golden) for each that tells of pairs of pictures.
template <typename F>
void for_rankings(const F& f) {
  int64_t found = 0;
  for (const GoldenCase& golden : model_goldens()) {
    if (!golden.has("in.0.better") || !golden.has("in.0.pixel_values")) continue;
    INFO(golden.name());
    ++found;
    f(golden);
  }
  if (found == 0) MESSAGE("skipped: no golden has pairs");
}

}  // namespace

TEST_CASE("golden ranking: the task's loss and gradients are the reference's") {
  for_rankings([](const GoldenCase& golden) {
    GoldenPairs pairs(golden, DType::f64);
    const std::vector<int64_t>& batch = pairs.batches[0];
    const Variable loss = pairs.examples->loss(batch, static_cast<double>(batch.size()));
    CHECK(loss.item<double>() == doctest::Approx(golden.numbers("out.0.loss")[0]).epsilon(1e-11));
    CHECK(pairs.examples->evaluate(batch)->loss() == doctest::Approx(loss.item<double>()).epsilon(1e-6));
    backward(loss);
    const double all = norm_of_gradients(golden);
    for (const Parameter& parameter : pairs.model.store().trained()) {
      INFO(parameter.name());
      std::vector<double> apart = golden.numbers("grad.0." + parameter.name());
      const std::vector<double> got = parameter.variable().grad().to_host<double>();
      REQUIRE(got.size() == apart.size());
      for (size_t i = 0; i < got.size(); ++i) apart[i] -= got[i];
      CHECK(norm_of(apart) <= 1e-9 * all);
    }
  });
}

TEST_CASE("golden ranking: the task's losses in training are the reference's") {
  for_rankings([](const GoldenCase& golden) {
    const Json trace = golden.trace();
    for (const auto& [mode, expected] : trace.get_object("traces").members()) {
      INFO(mode);
      GoldenPairs pairs(golden, DType::f64);
      const Json& losses = expected.get_array("losses");
      check_losses(golden_losses(pairs.model, *pairs.examples, trace, mode.c_str(), losses.size(), pairs.batches),
                   losses, 1e-7);
    }
  });
}
