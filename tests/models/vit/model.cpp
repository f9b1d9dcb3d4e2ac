// SPDX-License-Identifier: Apache-2.0
// ViT: class tokens alone, the bare model with its pooler and without, what begins from scratch, stages of the trunk.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/vit/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/error_of.h"
#include "tests/flops_of.h"
#include "tests/models/small_vit.h"
#include "tests/scratch_folder.h"
#include "tests/tensor_difference.h"

using namespace thaw;

namespace {

const std::vector<Shape> sizes{{12, 8}, {8, 10}, {12, 8}};

}  // namespace

TEST_CASE("ViT: class tokens alone are those of all rows, of pictures of several sizes, for less work") {
  const SmallViT<ViT> small;
  const PatchInput pictures = small.pictures(sizes);
  Tensor whole, alone;
  const double all = flops_of([&] { whole = take_rows(small.model(pictures), pictures.first_rows).value(); });
  const double first = flops_of([&] { alone = small.model.class_tokens(pictures).value(); });
  CHECK(difference(whole, alone) <= 1e-5);
  CHECK(first < 0.85 * all);
  const Tensor pooled = small.model.pooled(pictures).value();
  CHECK(difference(small.model.pooler(whole).value(), pooled) <= 1e-5);
}

TEST_CASE("ViT: the bare model's names have no prefix, its pooler is its own size, and a head reads its files") {
  const ScratchFolder folder;
  ViTConfig config = small_vit_config();
  config.pooler_output_size = 5;
  config.pooler_act = "gelu";
  write_small_model<ViT>(folder / "bare", config);
  const Device device = Device::from_environment();
  const Pretrained<ViT> bare(folder / "bare", device);
  CHECK(bare.report().initialised.empty());
  CHECK(bare.report().unexpected.empty());
  CHECK(bare.store().find("pooler.dense.weight").value().shape() == Shape{5, 16});
  CHECK(bare.store().find("embeddings.position_embeddings").value().shape() == Shape{1, 13, 16});
  CHECK(bare.store().find("encoder.layer.2.attention.attention.query.bias").defined());
  const PatchInput pictures = small_pictures(config, sizes, device);
  const Tensor tokens = bare.model().class_tokens(pictures).value();
  CHECK(difference(
            bare.model().pooled(pictures).value(),
            linear(tokens, bare.model().pooler.dense.weight, bare.model().pooler.dense.bias, UnaryOp::gelu).value()) <=
        1e-6);

  const Pretrained<ViTEncoder> encoder(folder / "bare", device);
  CHECK_FALSE(encoder.store().find("pooler.dense.weight").defined());
  CHECK(difference(encoder.model()(pictures).value(), bare.model()(pictures).value()) == 0);

  const Pretrained<ViTForImageClassification> classifier(folder / "bare", device);
  CHECK(classifier.report().initialised == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  CHECK(difference(classifier.model().vit.class_tokens(pictures).value(), tokens) == 0);
}

TEST_CASE("ViT: without biases of queries, keys and values there are none in the files") {
  ViTConfig config = small_vit_config();
  config.qkv_bias = false;
  const SmallViT<ViT> small(config);
  for (const char* part : {"query", "key", "value"})
    CHECK_FALSE(small.store.find(std::string("encoder.layer.0.attention.attention.") + part + ".bias").defined());
  CHECK(small.store.find("encoder.layer.0.attention.output.dense.bias").defined());
}

TEST_CASE("ViT: a body that is incomplete is refused, one from scratch begins, but not with zeros alone") {
  const ScratchFolder folder;
  ViTConfig config = small_vit_config();
  write_small_model<ViTForImageClassification>(folder / "model", config);
  ViTConfig deeper = config;
  deeper.num_hidden_layers = 4;
  deeper.to_json("ViTForImageClassification").write(folder / "model/config.json", {});
  const Device device = Device::from_environment();
  const auto open = [&](FirstWeights first) {
    return Pretrained<ViTForImageClassification>(Checkpoint<ViTConfig>(folder / "model", first), device, DType::f32, 3);
  };
  CHECK(error_of<std::runtime_error>([&] {
          open(FirstWeights::checkpoint);
        }).find("model: the checkpoint has no tensor vit.encoder.layer.3.") != std::string::npos);
  CHECK(open(FirstWeights::random).report().from_scratch);
  deeper.initializer_range = 0;
  deeper.to_json("ViTForImageClassification").write(folder / "model/config.json", {});
  CHECK(error_of<std::runtime_error>([&] {
          open(FirstWeights::random);
        }).find("config.json: initializer_range: is 0: all numbers of a model from scratch would be 0") !=
        std::string::npos);
}

TEST_CASE("ViT: what its stages give is where it goes on from, with the same bits") {
  const auto check_stages = [](const auto& small, auto output, bool a_row_each) {
    const ViT& vit = small.model;
    const PatchInput pictures = small.pictures(sizes);
    const auto computed = output(pictures).value().to_bytes();
    const auto stages = std::ssize(vit.stages());
    for (int64_t count = 1; count <= stages; ++count) {
      CAPTURE(count);
      PatchInput rest = pictures;
      rest.below = {count, vit.states(pictures, count)};
      CHECK(vit.gives_a_row_a_text(count) == (a_row_each && count > vit.encoder.count()));
      CHECK(rest.below.states.size(0) ==
            (vit.gives_a_row_a_text(count) ? std::ssize(sizes) : pictures.rows.segments.total()));
      CHECK(output(rest).value().to_bytes() == computed);
      if (vit.gives_a_row_a_text(count))
        CHECK(error_of([&] { vit(rest); }) == "embeddings: of class tokens alone there are no other rows");
    }
  };
  const SmallViT<ViT> pooled;
  CHECK(pooled.model.stages() == std::vector<std::string>{"embeddings", "encoder.layer.0", "encoder.layer.1",
                                                          "encoder.layer.2", "layernorm", "pooler"});
  check_stages(
      pooled, [&](const PatchInput& p) { return pooled.model.pooled(p); }, true);
  struct Rows : ViT {
    Rows(const Scope& s, const ViTConfig& c) : ViT(s, c, Reads::rows) {}
  };
  struct Classes : ViT {
    Classes(const Scope& s, const ViTConfig& c) : ViT(s, c, Reads::class_tokens) {}
  };
  const SmallViT<Rows> rows;
  check_stages(
      rows, [&](const PatchInput& p) { return rows.model(p); }, false);
  check_stages(
      rows, [&](const PatchInput& p) { return rows.model.class_tokens(p); }, false);
  const SmallViT<Classes> classes;
  CHECK(classes.model.stages().back() == "layernorm");
  check_stages(
      classes, [&](const PatchInput& p) { return classes.model.class_tokens(p); }, true);
}
