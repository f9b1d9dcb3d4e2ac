// SPDX-License-Identifier: Apache-2.0
// AST's config.json: what is read, what is refused and by which message, what is written back.
#include "models/ast/config.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "models/families.h"
#include "tests/error_of.h"
#include "tests/models/refused_keys.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

ASTConfig read(const std::string& text) { return ASTConfig::from_json(Json::parse(text, "DIR/config.json")); }

}  // namespace

TEST_CASE("AST config: each bad key is refused by name") {
  const std::pair<const char*, const char*> bad[] = {
      {R"("model_type": "vit")", R"(model_type: this is "vit", not "audio-spectrogram-transformer")"},
      {R"("hidden_size": 0)", "hidden_size: "},
      {R"("hidden_size": "32")", "hidden_size: expected an integer"},
      {R"("num_attention_heads": 7)", "num_attention_heads: 7 heads do not divide hidden_size 768"},
      {R"("num_hidden_layers": 1000000)", "num_hidden_layers: "},
      {R"("intermediate_size": -3)", "intermediate_size: "},
      {R"("hidden_act": "maxout")", "maxout"},
      {R"("hidden_dropout_prob": 1)", "hidden_dropout_prob: a dropout of 1 leaves nothing"},
      {R"("attention_probs_dropout_prob": -0.1)", "attention_probs_dropout_prob: "},
      {R"("layer_norm_eps": -1)", "layer_norm_eps: "},
      {R"("initializer_range": -1)", "initializer_range: "},
      {R"("qkv_bias": 1)", "qkv_bias: "},
      {R"("max_length": 0)", "max_length: "},
      {R"("max_length": 15)", "patch_size: a patch of 16 x 16 does not fit 128 bins and 15 frames"},
      {R"("max_length": 100001)", "max_length: "},
      {R"("num_mel_bins": 8)", "patch_size: a patch of 16 x 16 does not fit 8 bins and 1024 frames"},
      {R"("num_mel_bins": 2.5)", "num_mel_bins: "},
      {R"("num_mel_bins": 1025)", "num_mel_bins: "},
      {R"("patch_size": [16, 16])", "patch_size: expected an integer"},
      {R"("frequency_stride": 0)", "frequency_stride: "},
      {R"("time_stride": -10)", "time_stride: "},
      {R"("pruned_heads": {"0": [1]})", "pruned_heads: an object is not supported"},
      {R"("quantization_config": {"bits": 4})", "quantization_config: an object is not supported"},
  };
  check_refused_keys<ASTConfig>(bad);
}

TEST_CASE("AST config: absent keys have the reference library's defaults") {
  const ASTConfig config = read("{}");
  CHECK(config.hidden_size == 768);
  CHECK(config.num_hidden_layers == 12);
  CHECK(config.num_attention_heads == 12);
  CHECK(config.intermediate_size == 3072);
  CHECK(config.activation() == UnaryOp::gelu);
  CHECK(config.hidden_dropout_prob == 0);
  CHECK(config.layer_norm_eps == 1e-12);
  CHECK(config.grid() == Shape{12, 101});
  CHECK(config.embeddings().kernel == Shape{1, 16, 16});
  CHECK(config.qkv_bias);
}

TEST_CASE("AST config: what was read is written, with what is changed and what is not known") {
  ASTConfig config = read(R"({"max_length": 96, "time_stride": 16, "mine": 1})");
  CHECK(config.grid() == Shape{12, 6});
  config.hidden_size = 96;
  const Json written = config.to_json("ASTModel");
  CHECK(written.get_int("max_length") == 96);
  CHECK(written.get_int("hidden_size") == 96);
  CHECK(written.get_int("mine") == 1);
  CHECK(written.get_string("model_type") == "audio-spectrogram-transformer");
  CHECK(written.get_array("architectures").get_string(0) == "ASTModel");
  CHECK(ASTConfig::from_json(written).to_json("ASTModel").dump() == written.dump());
}

TEST_CASE("AST config: its family is known, and reads sounds") {
  const ScratchFolder folder;
  folder.write("model/config.json", R"({"model_type": "audio-spectrogram-transformer"})");
  const Json config = Json::read(folder / "model/config.json");
  CHECK(family_of(config).checkpoint_names(config).prefix == "audio_spectrogram_transformer.");
  CHECK(error_of<std::runtime_error>([&] {
          read_text_facts(folder / "model");
        }).ends_with(R"(/config.json: model_type: models of "audio-spectrogram-transformer" read sounds, not texts)"));
}
