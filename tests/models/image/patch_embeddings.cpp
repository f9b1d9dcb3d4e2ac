// SPDX-License-Identifier: Apache-2.0
// Embeddings of patches: those of spectrograms against goldens, which another cutting alone makes of pictures' ones;
// batches of pictures of many sizes; what does not fit.
#include "models/image/patch_embeddings.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "models/hub/checkpoint_source.h"
#include "models/packed_text.h"
#include "tests/error_of.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"
#include "tests/models/golden_numbers.h"
#include "tests/models/small_vit.h"

using namespace thaw;

namespace {

// The embeddings of batch 0 of a golden, whose arrays are cut so, are its first hidden states.
void check_golden(const GoldenCase& golden, const std::string& path, const PatchEmbeddingOptions& options,
                  const std::string& input, const PatchedArray& one) {
  const Device device = Device::from_environment();
  CheckpointSource source(golden.directory(), {});
  ParameterStore store(device);
  store.set_source(&source);
  const PatchEmbeddings embeddings(Scope(store) / path, options, Init::zeros());
  CHECK(store.initialised().empty());
  const std::vector<double> given = golden.numbers(golden.input(0, input));
  const std::vector<float> numbers(given.begin(), given.end());
  const auto count = static_cast<size_t>(golden.shape(golden.input(0, input))[0]);
  std::vector<PatchedArray> arrays(count, one);
  for (size_t i = 0; i < count; ++i)
    arrays[i].numbers = std::span(numbers).subspan(i * (numbers.size() / count), numbers.size() / count);
  const PatchInput batch(cut_patches(arrays, device), std::ssize(options.tokens));
  GoldenOutput output{embeddings(batch), {}};
  for (int32_t row = 0; row < output.rows.size(0); ++row) output.cells.push_back(row);
  check_rows(output, golden, "out.0.hidden.0", 1e-5);
}

}  // namespace

TEST_CASE("patch embeddings: of spectrograms as AST has them, behind two tokens") {
  if (!has_golden("ast")) return;
  const GoldenCase golden(golden_dir() / "ast");
  const Json config = Json::read(golden.directory() + "/config.json");
  const int64_t bins = config.get_int("num_mel_bins"), frames = config.get_int("max_length"),
                side = config.get_int("patch_size");
  const PatchedArray spectrogram = {
      .channels = {.size = 1},
      .axes = {{.size = bins, .step = 1, .kernel = side, .stride = config.get_int("frequency_stride")},
               {.size = frames, .step = bins, .kernel = side, .stride = config.get_int("time_stride")}}};
  check_golden(golden, "audio_spectrogram_transformer.embeddings",
               {.channels = config.get_int("hidden_size"),
                .kernel = {1, side, side},
                .grid = spectrogram.grid(),
                .tokens = {"cls_token", "distillation_token"}},
               "input_values", spectrogram);
}

TEST_CASE("patch embeddings: pictures of many sizes in a batch are what each of them is alone") {
  const ViTConfig config = small_vit_config();
  const Device device = Device::from_environment();
  ParameterStore store(device);
  const PatchEmbeddings embeddings(Scope(store) / "embeddings", config.embeddings(), Init::normal(1));
  const std::vector<Shape> sizes{{12, 8}, {20, 6}, {12, 8}, {4, 9}, {23, 7}};
  const PatchInput batch = small_pictures(config, sizes, device);
  CHECK(batch.grids == std::vector<Shape>{{3, 4}, {5, 3}, {1, 4}});
  const Tensor rows = embeddings(batch).value();
  REQUIRE(rows.size(0) == batch.rows.segments.total());
  const Tensor positions = store.find("embeddings.position_embeddings").value().squeeze(0);
  const Tensor token = store.find("embeddings.cls_token").value().squeeze(0);
  const Tensor kernel = store.find("embeddings.patch_embeddings.projection.weight").value();
  const Tensor bias = store.find("embeddings.patch_embeddings.projection.bias").value();
  const Tensor patches = batch.patches(DType::f32);
  int64_t begin = 0;
  for (int64_t b = 0; b < std::ssize(sizes); ++b) {
    CAPTURE(b);
    const Shape size = sizes[static_cast<size_t>(b)];
    const Shape grid{size[0] / config.patch_size[0], size[1] / config.patch_size[1]};
    const int64_t end = begin + grid.numel();
    const Tensor own = patches.slice(0, std::exchange(begin, end), end);
    const Tensor projected = add(matmul(own, kernel.reshape({config.hidden_size, -1}).transpose()), bias);
    const Tensor table = embeddings.table(grid).value();
    const auto expected = add(concat(std::vector{token, projected}, 0), table).to_host<double>();
    const auto got = rows.slice(0, batch.rows.segments.begin(b), batch.rows.segments.end(b)).to_host<double>();
    REQUIRE(got.size() == expected.size());
    for (size_t i = 0; i < got.size(); ++i) REQUIRE(std::abs(got[i] - expected[i]) <= 1e-4);
  }
  CHECK(embeddings.table({3, 4}).value().same_view(positions));
}

TEST_CASE("patch embeddings: patches that are read when they are looked at are those that were cut at once") {
  const ViTConfig config = small_vit_config();
  const Device device = Device::from_environment();
  ParameterStore store(device);
  const PatchEmbeddings embeddings(Scope(store) / "embeddings", config.embeddings(), Init::normal(1));
  const std::vector<Shape> sizes{{12, 8}, {20, 6}, {12, 8}};
  const PatchInput cut = small_pictures(config, sizes, device);
  const std::vector<float> numbers = cut.patches(DType::f32).to_host<float>();
  const int64_t width = config.num_channels * config.patch_size.numel();
  std::vector<Encoding> examples;
  auto from = numbers.begin();
  for (const Shape& size : sizes) {
    const Shape grid{size[0] / config.patch_size[0], size[1] / config.patch_size[1]};
    const auto to = from + grid.numel() * width;
    examples.push_back(encoding_of_patches(std::make_shared<RowsInMemory>(std::vector(from, to), grid, width)));
    CHECK(std::ssize(examples.back().ids) == 1 + grid.numel());
    from = to;
  }
  const PatchInput read = PatchInput::from_encodings(pointers_to(examples), device);
  CHECK(embeddings(read).value().to_host<float>() == embeddings(cut).value().to_host<float>());
  const std::vector<Encoding> texts(1);
  CHECK(error_of<std::invalid_argument>([&] { PatchInput::from_encodings(pointers_to(texts), device); }) ==
        "patches: example 0 of the batch is none of patches behind 1 tokens");
}

TEST_CASE("patch embeddings: patches of another kernel, behind other tokens, on another kind of grid are refused") {
  const ViTConfig config = small_vit_config();
  const Device device = Device::from_environment();
  ParameterStore store(device);
  const PatchEmbeddings embeddings(Scope(store) / "embeddings", config.embeddings(), Init::normal(1));
  ViTConfig grey = config;
  grey.num_channels = 1;
  CHECK(error_of([&] {
          embeddings(small_pictures(grey, {{12, 8}}, device));
        }).starts_with("embeddings.patch_embeddings.projection.weight: linear: "));
  PatchBatch batch = small_patches(config.num_channels, config.patch_size, {{12, 8}}, device);
  CHECK(error_of([&] { embeddings(PatchInput(batch, 2)); }) ==
        "embeddings: patches behind 2 tokens, and here 1 are in front");
  batch.grids[0] = {3, 2, 2};
  CHECK(error_of([&] { embeddings(PatchInput(batch)); }) ==
        "embeddings.position_embeddings: positions of a grid [3, 4] are not resized to [3, 2, 2]: both need two axes");
  PatchEmbeddingOptions fixed = config.embeddings();
  fixed.resizing = {};
  const PatchEmbeddings unresized(Scope(store) / "fixed", fixed, Init::normal(1));
  unresized(small_pictures(config, {{12, 8}}, device));
  CHECK(error_of([&] {
          unresized(small_pictures(config, {{12, 8}, {12, 10}}, device));
        }) == "fixed.position_embeddings: there are positions for patches on a grid [3, 4], and none for [3, 5]");
}
