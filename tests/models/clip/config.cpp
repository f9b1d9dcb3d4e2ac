// SPDX-License-Identifier: Apache-2.0
// CLIP's config.json: what is read, what is refused and by which message, what is written back.
#include "models/clip/config.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/families.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

CLIPConfig read(const std::string& text) { return CLIPConfig::from_json(Json::parse(text, "DIR/config.json")); }

void check_refused(const std::string& text, const std::string& expected) {
  const std::string error = error_of<std::runtime_error>([&] { read(text); });
  INFO(error);
  CHECK(error.starts_with("DIR/config.json: " + expected));
  CHECK(error.find('\n') == std::string::npos);
}

}  // namespace

TEST_CASE("CLIP config: each bad key is refused by name") {
  const std::pair<const char*, const char*> bad[] = {
      {R"("model_type": "clipseg")", R"(model_type: this is "clipseg", not "clip")"},
      {R"("projection_dim": 0)", "projection_dim: "},
      {R"("projection_dim": 512.0)", "projection_dim: expected an integer"},
      {R"("logit_scale_init_value": 90)", "logit_scale_init_value: "},
      {R"("logit_scale_init_value": "2.6592")", "logit_scale_init_value: "},
      {R"("initializer_factor": -1)", "initializer_factor: "},
      {R"("text_config": [])", "text_config: "},
      {R"("vision_config": 3)", "vision_config: "},
      {R"("text_config_dict": "none")", "text_config_dict: "},
      {R"("quantization_config": {"bits": 4})", "quantization_config: an object is not supported"},
      {R"("problem_type": "guessing")", R"(problem_type: "guessing" is not known)"},
  };
  for (const auto& [key, expected] : bad) check_refused("{" + std::string(key) + "}", expected);
}

TEST_CASE("CLIP config: each bad key of a tower is refused by its path, in old files too") {
  const std::pair<const char*, const char*> both[] = {
      {R"("model_type": "vit")", R"(model_type: this is "vit", not "clip_)"},
      {R"("hidden_size": 0)", "hidden_size: "},
      {R"("hidden_size": "32")", "hidden_size: expected an integer"},
      {R"("num_attention_heads": 7)", "num_attention_heads: 7 heads do not divide hidden_size "},
      {R"("num_hidden_layers": 1000000)", "num_hidden_layers: "},
      {R"("intermediate_size": -3)", "intermediate_size: "},
      {R"("hidden_act": "maxout")", "hidden_act: "},
      {R"("attention_dropout": 1)", "attention_dropout: a dropout of 1 leaves nothing"},
      {R"("layer_norm_eps": -1)", "layer_norm_eps: "},
      {R"("initializer_range": -1)", "initializer_range: "},
      {R"("initializer_factor": "1")", "initializer_factor: "},
      {R"("is_decoder": true)", "is_decoder: true is not supported"},
      {R"("pruned_heads": {"0": [1]})", "pruned_heads: an object is not supported"},
  };
  const std::pair<const char*, const char*> text[] = {
      {R"("vocab_size": 0)", "vocab_size: "},
      {R"("max_position_embeddings": 0)", "max_position_embeddings: "},
      {R"("eos_token_id": null)", "eos_token_id: expected an integer"},
      {R"("eos_token_id": [1])", "eos_token_id: expected an integer"},
      {R"("eos_token_id": -1)", "eos_token_id: -1 is no token's id"},
      {R"("vocab_size": 99)", "eos_token_id: 49407 is no token's id: from 0 to 98 are"},
  };
  const std::pair<const char*, const char*> vision[] = {
      {R"("num_channels": 2147483647)", "num_channels: 2147483647 of a patch of 32 x 32 are too many numbers"},
      {R"("image_size": 0)", "image_size: "},
      {R"("image_size": [224, 224])", "image_size: expected an integer"},
      {R"("image_size": 2000000)", "image_size: "},
      {R"("image_size": 1000000, "patch_size": 2)", "image_size: 250000000000 patches are too many"},
      {R"("patch_size": 225)", "patch_size: a patch of 225 x 225 does not fit image_size 224"},
      {R"("patch_size": 2.5)", "patch_size: "},
  };
  const auto check_all = [](const char* part, const auto& rows) {
    for (const char* old : {"", "_dict"})
      for (const auto& [key, expected] : rows) {
        const std::string path = std::string(part) + old;
        check_refused("{\"" + path + "\": {" + key + "}}", path + "." + expected);
      }
  };
  check_all("text_config", both);
  check_all("vision_config", both);
  check_all("text_config", text);
  check_all("vision_config", vision);
}

TEST_CASE("CLIP config: absent keys and parts have the reference library's defaults") {
  for (const char* text : {"{}", R"({"text_config": null, "vision_config": {}, "text_config_dict": null})"}) {
    const CLIPConfig config = read(text);
    CHECK(config.text.hidden_size == 512);
    CHECK(config.text.intermediate_size == 2048);
    CHECK(config.text.num_hidden_layers == 12);
    CHECK(config.text.num_attention_heads == 8);
    CHECK(config.text.vocab_size == 49408);
    CHECK(config.text.max_position_embeddings == 77);
    CHECK(config.text.eos_token_id == 49407);
    CHECK(config.vision.hidden_size == 768);
    CHECK(config.vision.intermediate_size == 3072);
    CHECK(config.vision.num_attention_heads == 12);
    CHECK(config.vision.grid() == Shape{7, 7});
    CHECK(config.vision.num_channels == 3);
    CHECK(config.vision.activation() == UnaryOp::quick_gelu);
    CHECK(config.vision.layer_norm_eps == 1e-5);
    CHECK(config.projection_dim == 512);
    CHECK(config.logit_scale_init_value == 2.6592);
    CHECK(config.notes.empty());
  }
}

TEST_CASE("CLIP config: the projection's size is the whole model's, and what is not understood is written back") {
  const CLIPConfig config = read(
      R"({"projection_dim": 24, "mine": 1, "text_config": {"projection_dim": 64, "its": 2, "eos_token_id": 2,
          "vocab_size": 50}, "vision_config": {"hidden_size": 96, "architectures": ["CLIPVisionModel"]}})");
  CHECK(config.projection_dim == 24);
  CHECK(config.text.eos_token_id == CLIPTextConfig::eos_of_old_files);
  const Json written = config.to_json("CLIPModel");
  CHECK(written.get_string("model_type") == "clip");
  CHECK(written.get_array("architectures").get_string(0) == "CLIPModel");
  CHECK(written.get_int("mine") == 1);
  CHECK(written.get_int("projection_dim") == 24);
  const Json& text = written.get_object("text_config");
  CHECK(text.get_int("projection_dim") == 64);
  CHECK(text.get_int("its") == 2);
  CHECK(text.get_string("model_type") == "clip_text_model");
  CHECK_FALSE(text.contains("architectures"));
  CHECK(written.get_object("vision_config").get_array("architectures").get_string(0) == "CLIPVisionModel");
  CHECK(CLIPConfig::from_json(written).to_json("CLIPModel").dump() == written.dump());
}

TEST_CASE("CLIP config: what old files say twice is what text_config_dict means, with its defaults") {
  const CLIPConfig config = read(
      R"({"text_config": {"hidden_size": 1024, "num_hidden_layers": 5, "eos_token_id": 2, "attention_dropout": 0,
                          "its": 2},
          "text_config_dict": {"hidden_size": 768, "num_attention_heads": 12},
          "vision_config": {"hidden_size": 96}, "vision_config_dict": {"hidden_size": 96}})");
  CHECK(config.text.hidden_size == 768);
  CHECK(config.text.num_attention_heads == 12);
  CHECK(config.text.num_hidden_layers == 12);
  CHECK(config.text.eos_token_id == 49407);
  CHECK(config.vision.hidden_size == 96);
  CHECK(config.notes ==
        std::vector<std::string>{"DIR/config.json: text_config_dict: it decides, and text_config says otherwise: "
                                 "hidden_size, num_hidden_layers, eos_token_id"});
  const Json written = config.to_json("CLIPModel");
  CHECK_FALSE(written.contains("text_config_dict"));
  CHECK_FALSE(written.contains("vision_config_dict"));
  CHECK(written.get_object("text_config").get_int("hidden_size") == 768);
  CHECK(written.get_object("text_config").get_int("its") == 2);
  CHECK(CLIPConfig::from_json(written).notes.empty());
}

TEST_CASE("CLIP config: what the first public files say beside is no trouble, and is kept") {
  const std::string common = R"("_name_or_path": "", "add_cross_attention": false, "architectures": null,
      "attention_dropout": 0.0, "chunk_size_feed_forward": 0, "dropout": 0.0, "hidden_act": "quick_gelu",
      "id2label": {"0": "LABEL_0", "1": "LABEL_1"}, "is_decoder": false, "is_encoder_decoder": false,
      "label2id": {"LABEL_0": 0, "LABEL_1": 1}, "max_length": 20, "problem_type": null, "pruned_heads": {},
      "tie_word_embeddings": true, "torch_dtype": null, "transformers_version": "4.16.0.dev0")";
  const CLIPConfig config =
      read(R"({"_commit_hash": null, "architectures": ["CLIPModel"], "model_type": "clip", "text_config": {)" + common +
           R"(, "bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1, "model_type": "clip_text_model"},
          "text_config_dict": null, "torch_dtype": "float32", "vision_config": {)" +
           common + R"(, "patch_size": 32, "model_type": "clip_vision_model"}, "vision_config_dict": null})");
  CHECK(config.notes.empty());
  CHECK(config.labels.empty());
  CHECK(config.text.eos_token_id == CLIPTextConfig::eos_of_old_files);
  const Json written = config.to_json("CLIPModel");
  for (const char* part : {"text_config", "vision_config"}) {
    CHECK(written.get_object(part).at("architectures").is_null());
    CHECK(written.get_object(part).get_number("dropout") == 0);
  }
  CHECK_FALSE(written.contains("text_config_dict"));
}

TEST_CASE("CLIP config: its family is known, and its names have no prefix") {
  const Json config = Json::parse(R"({"model_type": "clip"})", "config.json");
  CHECK(family_of(config).checkpoint_names(config).prefix.empty());
  CHECK(parameter_name(family_of(config).checkpoint_names(config), "vision_model.pre_layrnorm.bias") ==
        "vision_model.pre_layrnorm.bias");
}
