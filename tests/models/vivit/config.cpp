// SPDX-License-Identifier: Apache-2.0
// ViViT's config.json: what is read, what is refused and by which message, what is written back.
#include "models/vivit/config.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/families.h"
#include "tests/models/refused_keys.h"

using namespace thaw;

namespace {

VivitConfig read(const std::string& text) { return VivitConfig::from_json(Json::parse(text, "DIR/config.json")); }

}  // namespace

TEST_CASE("ViViT config: each bad key is refused by name") {
  const std::pair<const char*, const char*> bad[] = {
      {R"("model_type": "vit")", R"(model_type: this is "vit", not "vivit")"},
      {R"("num_attention_heads": 7)", "num_attention_heads: 7 heads do not divide hidden_size 768"},
      {R"("hidden_act": "maxout")", "maxout"},
      {R"("layer_norm_eps": -1)", "layer_norm_eps: "},
      {R"("num_frames": 0)", "num_frames: "},
      {R"("num_frames": "32")", "num_frames: expected an integer"},
      {R"("num_frames": 2000000)", "num_frames: "},
      {R"("num_frames": 1)", "tubelet_size: a patch of 2 x 16 x 16 does not fit films of 1 x 224 x 224"},
      {R"("tubelet_size": 2)", "tubelet_size: "},
      {R"("tubelet_size": [2, 16])", "tubelet_size: 2 sizes are no number of frames, height and width"},
      {R"("tubelet_size": [2, 16, 0])", "tubelet_size"},
      {R"("tubelet_size": [2, 225, 16])", "tubelet_size: a patch of 2 x 225 x 16 does not fit films of 32 x 224 x 224"},
      {R"("tubelet_size": [1, 1, 1], "image_size": 1048576, "num_frames": 1048576)",
       "image_size: 1152921504606846976 patches are too many"},
      {R"("num_channels": 2147483647)", "num_channels: 2147483647 of a patch of 2 x 16 x 16 are too many numbers"},
      {R"("image_size": [224])", "image_size: 1 sizes are no height and width"},
      {R"("pruned_heads": {"0": [1]})", "pruned_heads: an object is not supported"},
  };
  check_refused_keys<VivitConfig>(bad);
}

TEST_CASE("ViViT config: absent keys have the reference library's defaults") {
  const VivitConfig config = read(R"({"tubelet_size": null})");
  CHECK(config.activation() == UnaryOp::gelu_tanh);
  CHECK(config.layer_norm_eps == 1e-6);
  CHECK(config.film() == Shape{32, 224, 224});
  CHECK(config.embeddings().kernel == Shape{3, 2, 16, 16});
  CHECK(config.embeddings().grid == Shape{16, 14, 14});
  CHECK_FALSE(config.embeddings().resizing.has_value());
}

TEST_CASE("ViViT config: what is read is written back, sizes in the form they have") {
  VivitConfig config = read(R"({"image_size": [32, 32], "num_frames": 7, "tubelet_size": [2, 8, 4], "mine": 1})");
  CHECK(config.embeddings().grid == Shape{3, 4, 8});
  Json written = config.to_json("VivitForVideoClassification");
  CHECK(written.get_ints("image_size") == std::vector<int64_t>{32, 32});
  CHECK(written.get_ints("tubelet_size") == std::vector<int64_t>{2, 8, 4});
  CHECK(written.get_int("num_frames") == 7);
  CHECK(written.get_int("mine") == 1);
  CHECK(written.get_string("hidden_act") == "gelu_fast");
  CHECK(written.get_string("model_type") == "vivit");
  CHECK(VivitConfig::from_json(written).to_json("VivitForVideoClassification").dump() == written.dump());
  config.num_frames = 8;
  config.tubelet_size = {4, 8, 8};
  config.image_size = {16, 24};
  written = config.to_json("VivitForVideoClassification");
  CHECK(written.get_int("num_frames") == 8);
  CHECK(written.get_ints("tubelet_size") == std::vector<int64_t>{4, 8, 8});
  CHECK(written.get_ints("image_size") == std::vector<int64_t>{16, 24});
}

TEST_CASE("ViViT config: its family is known") {
  const Json config = Json::parse(R"({"model_type": "vivit"})", "config.json");
  CHECK(family_of(config).checkpoint_names(config).prefix == "vivit.");
}
