// SPDX-License-Identifier: Apache-2.0
// ViViT: films side by side, films of other sizes, names in files, what freezing saves.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/prefix/frozen_prefix.h"
#include "models/vivit/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/counters.h"
#include "tests/error_of.h"
#include "tests/models/small_films.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct SmallVivit {
  VivitConfig config = small_vivit_config();
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  VivitForVideoClassification model{Scope(store), config};
  SmallVivit() { randomise(store); }

  // Those of these numbers, of these sizes [t, c, h, w].
  PatchInput films(const std::vector<int>& numbers, const Shape& size = {4, 3, 6, 8}) const {
    std::vector<std::vector<float>> pixels;
    for (const int number : numbers) pixels.push_back(Init::normal(1).values(size, 9, fmt::format("{}", number)));
    std::vector<PatchedArray> arrays;
    for (const std::vector<float>& film : pixels) arrays.push_back(patches_of_film(film, size, config.tubelet_size));
    return PatchInput(cut_patches(arrays, device));
  }
};

}  // namespace

TEST_CASE("ViViT: films in a batch are what each of them is alone") {
  const SmallVivit small;
  const std::vector<float> together = small.model(small.films({1, 2, 3})).value().to_host<float>();
  std::vector<float> alone;
  for (const int number : {1, 2, 3})
    for (const float logit : small.model(small.films({number})).value().to_host<float>()) alone.push_back(logit);
  REQUIRE(together.size() == alone.size());
  for (size_t i = 0; i < alone.size(); ++i) CHECK(std::abs(together[i] - alone[i]) <= 1e-5f);
}

TEST_CASE("ViViT: positions are for films of one length and size, and others are refused") {
  const SmallVivit small;
  const auto error = [&](const Shape& size) { return error_of([&] { small.model(small.films({1}, size)); }); };
  const std::string begin = "vivit.embeddings.position_embeddings: there are positions for patches on a grid [2, 2, 2]";
  CHECK(error({6, 3, 6, 8}) == begin + ", and none for [3, 2, 2]");
  CHECK(error({4, 3, 6, 12}) == begin + ", and none for [2, 2, 3]");
}

TEST_CASE("ViViT: a bare model's files are read by the classifier, whose head is new") {
  const ScratchFolder folder;
  const VivitConfig config = small_vivit_config();
  write_small_model<Vivit>(folder / "bare", config);
  const Device device = Device::from_environment();
  const Pretrained<VivitForVideoClassification> classifier(folder / "bare", device);
  CHECK(classifier.report().initialised == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  CHECK(classifier.report().unexpected.empty());
  CHECK(classifier.store().find("vivit.embeddings.patch_embeddings.projection.weight").value().shape() ==
        Shape{16, 3, 2, 3, 4});
  CHECK(classifier.store().find("vivit.embeddings.position_embeddings").value().shape() == Shape{1, 9, 16});
}

TEST_CASE("freezing ViViT: a head alone runs one product backward, and the body is a prefix of a row a film") {
  SmallVivit small;
  FreezeMask::all_frozen().train("classifier.*").apply(small.store);
  const FrozenPrefix prefix = frozen_prefix(small.store, small.model.vivit);
  CHECK(prefix.stages == prefix.of);
  CHECK(prefix.of == small.config.num_hidden_layers + 2);
  CHECK(prefix.row_a_text);
  const Variable loss = small.model.loss(small.model(small.films({1, 2})), {.classes = {0, 1}});
  counters() = {};
  backward(loss);
  CHECK(counters().by_name["matmul"] == 1);
  CHECK(counters().by_name["attention_backward"] == 0);
}
