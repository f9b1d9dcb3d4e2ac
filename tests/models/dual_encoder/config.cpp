// SPDX-License-Identifier: Apache-2.0
// A dual encoder's config.json: what is read, what is refused and by which message, what is written back.
#include "models/dual_encoder/config.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "models/families.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

constexpr const char* vit = R"("vision_config": {"model_type": "vit"})";
constexpr const char* clip = R"("vision_config": {"model_type": "clip_vision_model", "its": 3})";
constexpr const char* bert = R"("text_config": {"model_type": "bert"})";

VisionTextDualEncoderConfig read(const std::string& text) {
  return VisionTextDualEncoderConfig::from_json(Json::parse("{" + text + "}", "DIR/config.json"));
}

std::string both(const std::string& vision, const std::string& text) { return vision + ", " + text; }

}  // namespace

TEST_CASE("dual encoder config: each bad key is refused by its path") {
  const std::pair<std::string, const char*> bad[] = {
      {both(vit, bert) + R"(, "model_type": "clip")", R"(model_type: this is "clip", not "vision-text-dual-encoder")"},
      {both(vit, bert) + R"(, "projection_dim": 0)", "projection_dim: "},
      {both(vit, bert) + R"(, "logit_scale_init_value": 1e3)", "logit_scale_init_value: "},
      {both(vit, bert) + R"(, "quantization_config": {"bits": 4})", "quantization_config: "},
      {vit, "text_config: "},
      {bert, "vision_config: "},
      {both(R"("vision_config": {})", bert), "vision_config.model_type: "},
      {both(R"("vision_config": {"model_type": "deit"})", bert),
       R"(vision_config.model_type: "deit" is not supported, only "vit" and "clip_vision_model")"},
      {both(R"("vision_config": {"model_type": "vit", "hidden_size": 0})", bert), "vision_config.hidden_size: "},
      {both(R"("vision_config": {"model_type": "clip_vision_model", "image_size": []})", bert),
       "vision_config.image_size: expected an integer"},
      {both(R"("vision_config": {"model_type": "vit", "pooler_output_size": 12})", bert),
       "vision_config.pooler_output_size: 12 is not hidden_size 768, which the projection reads"},
      {both(vit, R"("text_config": {"model_type": "roberta"})"),
       R"(text_config.model_type: "roberta" is not supported, only "bert")"},
      {both(vit, R"("text_config": {"model_type": "bert", "vocab_size": 0})"), "text_config.vocab_size: "},
      {both(vit, R"("text_config": {"model_type": "bert", "is_decoder": true})"), "text_config.is_decoder: "},
  };
  for (const auto& [text, expected] : bad) {
    const std::string error = error_of<std::runtime_error>([&, given = text] { read(given); });
    INFO(error);
    CHECK(error.starts_with(fmt::format("DIR/config.json: {}", expected)));
    CHECK(error.find('\n') == std::string::npos);
  }
}

TEST_CASE("dual encoder config: defaults, and what is written back") {
  for (const char* vision : {vit, clip}) {
    INFO(vision);
    const VisionTextDualEncoderConfig config = read(both(vision, bert) + R"(, "mine": 1)");
    CHECK(config.projection_dim == 512);
    CHECK(config.logit_scale_init_value == 2.6592);
    CHECK(config.vision_channels() == 768);
    CHECK(config.notes.empty());
    CHECK(std::holds_alternative<CLIPVisionConfig>(config.vision) == (vision == clip));
    const Json written = config.to_json("VisionTextDualEncoderModel");
    CHECK(written.get_string("model_type") == "vision-text-dual-encoder");
    CHECK(written.get_int("mine") == 1);
    CHECK(written.get_object("text_config").get_string("model_type") == "bert");
    CHECK(written.get_object("vision_config").get_int_or("its", 0) == (vision == clip ? 3 : 0));
    for (const char* part : {"text_config", "vision_config"})
      CHECK_FALSE(written.get_object(part).contains("architectures"));
    CHECK(VisionTextDualEncoderConfig::from_json(written).to_json("VisionTextDualEncoderModel").dump() ==
          written.dump());
  }
}

TEST_CASE("dual encoder config: its family is known") {
  const Json config =
      Json::parse("{\"model_type\": \"vision-text-dual-encoder\", " + both(vit, bert) + "}", "config.json");
  CHECK(family_of(config).checkpoint_names(config).prefix.empty());
}
