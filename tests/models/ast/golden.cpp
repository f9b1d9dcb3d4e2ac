// SPDX-License-Identifier: Apache-2.0
// AST's goldens: classes of sounds, told of spectrograms.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "models/ast/classification.h"
#include "models/hub/pretrained.h"
#include "tests/models/golden_model.h"
#include "tests/models/golden_numbers.h"

namespace thaw {

namespace {

class GoldenAST final : public GoldenModel {
 public:
  GoldenAST(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), ast_(golden.directory(), device, dtype) {
    CHECK(ast_.report().initialised.empty());
    CHECK(ast_.report().unexpected.empty());
    CHECK(ast_.report().notes.empty());
  }
  ParameterStore& store() override { return ast_.store(); }
  // Of a tensor of the folder: [B, frames, bins], or [frames, bins].
  ASTInput input(const std::string& spectrograms) const {
    const std::vector<double> numbers = golden_.numbers(spectrograms);
    const std::vector<float> rounded(numbers.begin(), numbers.end());
    const std::vector<int64_t> sizes = golden_.shape(spectrograms);
    const auto count = static_cast<size_t>(sizes.size() == 3 ? sizes[0] : 1), each = rounded.size() / count;
    std::vector<PatchedArray> arrays;
    for (size_t i = 0; i < count; ++i)
      arrays.push_back(patches_of_spectrogram(std::span(rounded).subspan(i * each, each), ast_.config()));
    return ASTInput(cut_patches(arrays, ast_.device(), ast_.store().dtype()));
  }
  Variable logits(const std::string& spectrograms) const { return ast_.model()(input(spectrograms)); }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const ASTInput sounds = input(golden_.input(batch, "input_values"));
    std::vector<Variable> all;
    ast_.model().ast(sounds, &all);
    std::vector<int32_t> cells(static_cast<size_t>(sounds.rows.segments.total()));
    std::iota(cells.begin(), cells.end(), 0);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({rows, cells});
    return {{"hidden", outputs}};
  }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    return {{"logits", {logits(golden_.input(batch, "input_values")), {}}}};
  }
  Variable loss(int64_t batch) const override {
    ClassificationTargets targets;
    if (ast_.model().problem == ProblemType::single_label) {
      targets.classes = golden_.integers(golden_.input(batch, "labels"));
    } else {
      targets.values = golden_.numbers(golden_.input(batch, "labels"));
    }
    return ast_.model().loss(logits(golden_.input(batch, "input_values")), targets);
  }
  void save(const std::string& directory) const override { ast_.save(directory); }

 private:
  GoldenCase golden_;
  Pretrained<ASTForAudioClassification> ast_;
};

const GoldenEntry entry{ASTForAudioClassification::architecture,
                        [](const GoldenCase& golden, Device device, DType dtype) -> std::unique_ptr<GoldenModel> {
                          return std::make_unique<GoldenAST>(golden, device, dtype);
                        }};

}  // namespace

TEST_CASE("golden AST: logits of sounds that were cut and padded") {
  int64_t found = 0;
  for (const GoldenCase& golden : model_goldens()) {
    if (!golden.has("wave.0.logits")) continue;
    INFO(golden.name());
    const GoldenAST model(golden, Device::from_environment(), DType::f32);
    for (int64_t i = 0; golden.has(fmt::format("wave.{}.logits", i)); ++i, ++found) {
      CAPTURE(i);
      const auto got = model.logits(fmt::format("wave.{}.input_values", i)).value().to_host<double>();
      const auto expected = golden.numbers(fmt::format("wave.{}.logits", i));
      REQUIRE(got.size() == expected.size());
      double largest = 0;
      for (const double x : expected) largest = std::max(largest, std::abs(x));
      for (size_t k = 0; k < got.size(); ++k) CHECK(std::abs(got[k] - expected[k]) <= 1e-5 * largest);
    }
  }
  if (found == 0) MESSAGE("skipped: no golden has sounds that an AST reads");
}

}  // namespace thaw
