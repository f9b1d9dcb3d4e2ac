// SPDX-License-Identifier: Apache-2.0
// ViT's config.json: what is read, what is refused and by which message, what is written back.
#include "models/vit/config.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/families.h"
#include "tests/error_of.h"
#include "tests/models/refused_keys.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

ViTConfig read(const std::string& text) { return ViTConfig::from_json(Json::parse(text, "DIR/config.json")); }

}  // namespace

TEST_CASE("ViT config: each bad key is refused by name") {
  const std::pair<const char*, const char*> bad[] = {
      {R"("model_type": "deit")", R"(model_type: this is "deit", not "vit")"},
      {R"("hidden_size": 0)", "hidden_size: "},
      {R"("hidden_size": "32")", "hidden_size: expected an integer"},
      {R"("num_attention_heads": 7)", "num_attention_heads: 7 heads do not divide hidden_size 768"},
      {R"("num_hidden_layers": 1000000)", "num_hidden_layers: "},
      {R"("intermediate_size": -3)", "intermediate_size: "},
      {R"("hidden_act": "maxout")", "maxout"},
      {R"("pooler_act": "maxout")", "maxout"},
      {R"("pooler_output_size": 0)", "pooler_output_size: "},
      {R"("hidden_dropout_prob": 1)", "hidden_dropout_prob: a dropout of 1 leaves nothing"},
      {R"("attention_probs_dropout_prob": -0.1)", "attention_probs_dropout_prob: "},
      {R"("layer_norm_eps": -1)", "layer_norm_eps: "},
      {R"("initializer_range": -1)", "initializer_range: "},
      {R"("qkv_bias": 1)", "qkv_bias: "},
      {R"("num_channels": 2147483647)", "num_channels: 2147483647 of a patch of 16 x 16 are too many numbers"},
      {R"("image_size": 0)", "image_size: "},
      {R"("image_size": "224")", "image_size: "},
      {R"("image_size": 2000000)", "image_size: "},
      {R"("image_size": [224])", "image_size: 1 sizes are no height and width"},
      {R"("image_size": [224, 224, 3])", "image_size: 3 sizes are no height and width"},
      {R"("image_size": [224, 0])", "image_size"},
      {R"("image_size": [224, 8])", "patch_size: a patch of 16 x 16 does not fit pictures of 224 x 8"},
      {R"("image_size": 1000000, "patch_size": 2)", "image_size: 250000000000 patches are too many"},
      {R"("patch_size": 225)", "patch_size: a patch of 225 x 225 does not fit pictures of 224 x 224"},
      {R"("patch_size": 2.5)", "patch_size: "},
      {R"("encoder_stride": "16")", "encoder_stride: expected an integer"},
      {R"("pruned_heads": {"0": [1]})", "pruned_heads: an object is not supported"},
      {R"("quantization_config": {"bits": 4})", "quantization_config: an object is not supported"},
  };
  check_refused_keys<ViTConfig>(bad);
}

TEST_CASE("ViT config: absent keys have the reference library's defaults") {
  const ViTConfig config = read("{}");
  CHECK(config.hidden_size == 768);
  CHECK(config.num_hidden_layers == 12);
  CHECK(config.num_attention_heads == 12);
  CHECK(config.intermediate_size == 3072);
  CHECK(config.activation() == UnaryOp::gelu);
  CHECK(config.hidden_dropout_prob == 0);
  CHECK(config.layer_norm_eps == 1e-12);
  CHECK(config.grid() == Shape{14, 14});
  CHECK(config.embeddings().kernel == Shape{3, 16, 16});
  CHECK(config.qkv_bias);
  CHECK(config.pooled_size() == 768);
  CHECK(config.pooler_activation() == UnaryOp::tanh);
  CHECK(read(R"({"pooler_output_size": null, "hidden_size": 96})").pooled_size() == 96);
}

TEST_CASE("ViT config: sizes are numbers or pairs, height first, and are written as they were read") {
  ViTConfig config = read(R"({"image_size": [32, 48], "patch_size": [8, 8], "encoder_stride": 8, "mine": 1})");
  CHECK(config.grid() == Shape{4, 6});
  Json written = config.to_json("ViTModel");
  CHECK(written.get_ints("image_size") == std::vector<int64_t>{32, 48});
  CHECK(written.get_ints("patch_size") == std::vector<int64_t>{8, 8});
  CHECK(written.get_int("encoder_stride") == 8);
  CHECK(written.get_int("mine") == 1);
  CHECK(written.get_string("model_type") == "vit");
  CHECK(written.get_array("architectures").get_string(0) == "ViTModel");
  CHECK_FALSE(written.contains("pooler_output_size"));
  CHECK(ViTConfig::from_json(written).to_json("ViTModel").dump() == written.dump());
  config.image_size = {64, 64};
  config.patch_size = {8, 4};
  config.pooler_output_size = 7;
  written = config.to_json("ViTModel");
  CHECK(written.get_int("image_size") == 64);
  CHECK(written.get_ints("patch_size") == std::vector<int64_t>{8, 4});
  CHECK(written.get_int("pooler_output_size") == 7);
}

TEST_CASE("ViT config: its family is known, and reads pictures") {
  const ScratchFolder folder;
  folder.write("model/config.json", R"({"model_type": "vit"})");
  const Json config = Json::read(folder / "model/config.json");
  CHECK(family_of(config).checkpoint_names(config).prefix == "vit.");
  CHECK(error_of<std::runtime_error>([&] {
          read_text_facts(folder / "model");
        }).ends_with(R"(/config.json: model_type: models of "vit" read pictures, not texts)"));
}
