// SPDX-License-Identifier: Apache-2.0
// AST: what its patches see, both tokens alone, the bare model, what begins from scratch, stages of the trunk, lengths.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/ast/classification.h"
#include "models/hub/pretrained.h"
#include "tensor/counters.h"
#include "tests/error_of.h"
#include "tests/models/small_ast.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

double difference(const Tensor& a, const Tensor& b) {
  const auto x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
  return worst;
}

double flops_of(const std::function<void()>& f) {
  counters() = {};
  f();
  return counters().flops;
}

struct Rows : AST {
  Rows(const Scope& s, const ASTConfig& c) : AST(s, c, Reads::rows) {}
};

}  // namespace

TEST_CASE("AST: patches overlap, frequency before time, in a patch and among patches") {
  const ASTConfig config = small_ast_config();
  std::vector<float> spectrogram(static_cast<size_t>(config.max_length * config.num_mel_bins));
  std::iota(spectrogram.begin(), spectrogram.end(), 0.0F);  // frame * 8 + bin
  const PatchedArray cut = patches_of_spectrogram(spectrogram, config);
  CHECK(cut.grid() == config.grid());
  CHECK(config.grid() == Shape{3, 5});
  const Tensor rows = cut_patches(std::vector{cut}, Device::open("reference")).rows;
  const std::vector<float> patches = rows.to_host<float>();
  const auto patch = [&](int64_t frequency, int64_t time) {
    std::vector<float> numbers;
    for (int64_t bin = frequency * config.frequency_stride; std::ssize(numbers) < 9; ++bin)
      for (int64_t i = 0; i < 3; ++i)
        numbers.push_back(static_cast<float>((time * config.time_stride + i) * config.num_mel_bins + bin));
    return numbers;
  };
  for (int64_t f = 0; f < 3; ++f)
    for (int64_t t = 0; t < 5; ++t) {
      const auto begin = patches.begin() + (f * 5 + t) * 9;
      CHECK(std::vector<float>(begin, begin + 9) == patch(f, t));
    }
}

TEST_CASE("AST: both tokens alone are those of all rows, for less work") {
  const SmallAST<AST> small;
  const ASTInput sounds = small.sounds(3);
  CHECK(std::vector<int32_t>(sounds.token_rows.host().begin(), sounds.token_rows.host().end()) ==
        std::vector<int32_t>{0, 1, 17, 18, 34, 35});
  Tensor rows, alone;
  const double all = flops_of([&] { rows = small.model(sounds).value(); });
  const double tokens = flops_of([&] { alone = small.model.pooled(sounds).value(); });
  const std::vector<double> states = rows.to_host<double>(), pooled = alone.to_host<double>();
  for (size_t b = 0; b < 3; ++b)
    for (size_t c = 0; c < 16; ++c)
      CHECK(std::abs((states[b * 17 * 16 + c] + states[(b * 17 + 1) * 16 + c]) / 2 - pooled[b * 16 + c]) <= 1e-5);
  CHECK(tokens < 0.85 * all);
}

TEST_CASE("AST: the bare model's names have no prefix, and a head reads its files") {
  const ScratchFolder folder;
  const ASTConfig config = small_ast_config();
  write_small_model<AST>(folder / "bare", config);
  const Device device = Device::from_environment();
  const Pretrained<AST> bare(folder / "bare", device);
  CHECK(bare.report().initialised.empty());
  CHECK(bare.report().unexpected.empty());
  CHECK(bare.store().find("embeddings.distillation_token").defined());
  CHECK(bare.store().find("embeddings.position_embeddings").value().shape() == Shape{1, 17, 16});
  CHECK(bare.store().find("embeddings.patch_embeddings.projection.weight").value().shape() == Shape{16, 1, 3, 3});
  CHECK(bare.store().find("encoder.layer.2.attention.attention.query.bias").defined());
  const Pretrained<ASTForAudioClassification> classifier(folder / "bare", device);
  CHECK(classifier.report().initialised ==
        std::vector<std::string>{"classifier.layernorm.weight", "classifier.layernorm.bias", "classifier.dense.weight",
                                 "classifier.dense.bias"});
  const ASTInput sounds = small_spectrograms(config, 2, device);
  CHECK(difference(classifier.model().ast.pooled(sounds).value(), bare.model().pooled(sounds).value()) == 0);
}

TEST_CASE("AST: a body that is incomplete is refused, one from scratch begins, but not with zeros alone") {
  const ScratchFolder folder;
  ASTConfig config = small_ast_config();
  write_small_model<ASTForAudioClassification>(folder / "model", config);
  config.num_hidden_layers = 4;
  config.to_json("ASTForAudioClassification").write(folder / "model/config.json", {});
  const Device device = Device::from_environment();
  const auto open = [&](FirstWeights first) {
    return Pretrained<ASTForAudioClassification>(Checkpoint<ASTConfig>(folder / "model", first), device, DType::f32, 3);
  };
  CHECK(error_of<std::runtime_error>([&] {
          open(FirstWeights::checkpoint);
        }).find("model: the checkpoint has no tensor audio_spectrogram_transformer.encoder.layer.3.") !=
        std::string::npos);
  CHECK(open(FirstWeights::random).report().from_scratch);
  config.initializer_range = 0;
  config.to_json("ASTForAudioClassification").write(folder / "model/config.json", {});
  CHECK(error_of<std::runtime_error>([&] {
          open(FirstWeights::random);
        }).find("config.json: initializer_range: is 0: all numbers of a model from scratch would be 0") !=
        std::string::npos);
}

TEST_CASE("AST: there are positions for one length alone") {
  const SmallAST<AST> small;
  const std::vector<float> spectrogram(12 * 8);
  CHECK(error_of([&] { patches_of_spectrogram(spectrogram, small.config); }) ==
        "a spectrogram of 12 frames: AST has positions for 11, and its feature extractor pads or cuts to them");
  CHECK(error_of([&] { patches_of_spectrogram(std::span(spectrogram).first(87), small.config); }) ==
        "87 numbers are no frames of 8 bins");
  ASTConfig longer = small.config;
  longer.max_length = 13;
  CHECK(error_of([&] { small.model(small_spectrograms(longer, 1, small.device)); }) ==
        "embeddings: a spectrogram of [3, 6] patches, and there are positions for [3, 5]");
}

TEST_CASE("AST: what its stages give is where it goes on from, with the same bits") {
  const auto check_stages = [](const auto& small, auto output, bool a_row_each) {
    const AST& ast = small.model;
    const ASTInput sounds = small.sounds(3);
    const auto computed = output(sounds).value().to_bytes();
    const auto stages = std::ssize(ast.stages());
    for (int64_t count = 1; count <= stages; ++count) {
      CAPTURE(count);
      ASTInput rest = sounds;
      rest.below = {count, ast.states(sounds, count)};
      CHECK(ast.gives_a_row_a_text(count) == (a_row_each && count > ast.encoder.count()));
      CHECK(rest.below.states.size(0) == (ast.gives_a_row_a_text(count) ? 3 : sounds.rows.segments.total()));
      CHECK(output(rest).value().to_bytes() == computed);
      if (ast.gives_a_row_a_text(count))
        CHECK(error_of([&] { ast(rest); }) == "embeddings: of a sound's two tokens alone there are no other rows");
    }
  };
  const SmallAST<AST> pooled;
  CHECK(pooled.model.stages() ==
        std::vector<std::string>{"embeddings", "encoder.layer.0", "encoder.layer.1", "encoder.layer.2", "layernorm"});
  check_stages(
      pooled, [&](const ASTInput& s) { return pooled.model.pooled(s); }, true);
  const SmallAST<Rows> rows;
  check_stages(
      rows, [&](const ASTInput& s) { return rows.model(s); }, false);
  check_stages(
      rows, [&](const ASTInput& s) { return rows.model.pooled(s); }, false);
}
