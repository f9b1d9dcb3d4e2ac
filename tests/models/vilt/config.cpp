// SPDX-License-Identifier: Apache-2.0
// ViLT's config.json: what is read, what is refused and by which message, what is written back.
#include "models/vilt/config.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/families.h"
#include "tests/models/refused_keys.h"

using namespace thaw;

namespace {

ViltConfig read(const std::string& text) { return ViltConfig::from_json(Json::parse(text, "DIR/config.json")); }

}  // namespace

TEST_CASE("ViLT config: each bad key is refused by name") {
  const std::pair<const char*, const char*> bad[] = {
      {R"("model_type": "vit")", R"(model_type: this is "vit", not "vilt")"},
      {R"("num_attention_heads": 7)", "num_attention_heads: 7 heads do not divide hidden_size 768"},
      {R"("hidden_act": "maxout")", "maxout"},
      {R"("hidden_dropout_prob": 1)", "hidden_dropout_prob: a dropout of 1 leaves nothing"},
      {R"("vocab_size": 0)", "vocab_size: "},
      {R"("type_vocab_size": 0)", "type_vocab_size: "},
      {R"("max_position_embeddings": "40")", "max_position_embeddings: expected an integer"},
      {R"("pad_token_id": 0.5)", "pad_token_id: "},
      {R"("modality_type_vocab_size": 1)", "modality_type_vocab_size: 1: texts and pictures are 2"},
      {R"("num_images": 2)", "num_images: 2 pictures for a text are not supported, only one"},
      {R"("num_images": "2")", "num_images: expected an integer"},
      {R"("max_image_length": 0)", "max_image_length: 0 leaves nothing of a picture"},
      {R"("max_image_length": "200")", "max_image_length: expected an integer"},
      {R"("image_size": [384, 384])", "image_size: expected an integer"},
      {R"("image_size": 31)", "patch_size: a patch of 32 x 32 does not fit pictures of 31 x 31"},
      {R"("image_size": 1000000, "patch_size": 2)", "image_size: 250000000000 patches are too many"},
      {R"("num_channels": 2147483647)", "num_channels: 2147483647 of a patch of 32 x 32 are too many numbers"},
      {R"("problem_type": "regression")",
       R"(problem_type: "regression" is not supported, only "multi_label_classification": an answer is true to some )"
       "degree"},
      {R"("is_decoder": true)", "is_decoder: "},
      {R"("position_embedding_type": "relative_key")", R"(position_embedding_type: "relative_key" is not supported)"},
      {R"("pruned_heads": {"0": [1]})", "pruned_heads: an object is not supported"},
  };
  check_refused_keys<ViltConfig>(bad);
}

TEST_CASE("ViLT config: absent keys have the reference library's defaults") {
  const ViltConfig config = read("{}");
  CHECK(config.vocab_size == 30522);
  CHECK(config.max_position_embeddings == 40);
  CHECK(config.type_vocab_size == 2);
  CHECK_FALSE(config.pad_token_id.has_value());
  CHECK(config.modality_type_vocab_size == 2);
  CHECK_FALSE(config.max_image_length.has_value());
  CHECK(config.hidden_dropout_prob == 0);
  CHECK(config.activation() == UnaryOp::gelu);
  CHECK(config.pictures().grid == Shape{12, 12});
  CHECK(config.pictures().kernel == Shape{3, 32, 32});
  CHECK(config.pictures().resizing == TableResizing::bilinear_corners);
  CHECK_FALSE(config.texts().pad_token_id.has_value());
  CHECK(config.texts().layer_norm_eps == 1e-12);
}

TEST_CASE("ViLT config: what is read is written back; no limit of patches has several forms, each of which stays") {
  for (const char* none :
       {R"("max_image_length": -1,)", R"("max_image_length": -7,)", R"("max_image_length": null,)", ""}) {
    INFO(none);
    const ViltConfig config =
        read("{" + std::string(none) + R"("num_images": -1, "problem_type": "multi_label_classification", "mine": 1})");
    CHECK_FALSE(config.max_image_length.has_value());
    const Json given = config.json, written = config.to_json("ViltForQuestionAnswering");
    CHECK(written.contains("max_image_length") == given.contains("max_image_length"));
    if (given.contains("max_image_length"))
      CHECK(written.at("max_image_length").dump() == given.at("max_image_length").dump());
    CHECK(written.get_int("num_images") == -1);
    CHECK(written.get_int("mine") == 1);
    CHECK(written.get_string("model_type") == "vilt");
    CHECK(written.get_string("problem_type") == "multi_label_classification");
    CHECK(ViltConfig::from_json(written).to_json("ViltForQuestionAnswering").dump() == written.dump());
  }
  ViltConfig config = read(R"({"max_image_length": 200, "pad_token_id": 3, "patch_size": 16})");
  CHECK(config.max_image_length == 200);
  CHECK(config.pictures().grid == Shape{24, 24});
  Json written = config.to_json("ViltForQuestionAnswering");
  CHECK(written.get_int("max_image_length") == 200);
  CHECK(written.get_int("pad_token_id") == 3);
  CHECK(written.get_int("patch_size") == 16);
  config.max_image_length = {};
  written = config.to_json("ViltForQuestionAnswering");
  CHECK(written.get_int("max_image_length") == -1);
}

TEST_CASE("ViLT config: its family is known") {
  const Json config = Json::parse(R"({"model_type": "vilt"})", "config.json");
  CHECK(family_of(config).checkpoint_names(config).prefix == "vilt.");
}
