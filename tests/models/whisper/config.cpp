// SPDX-License-Identifier: Apache-2.0
// Whisper's config.json: what is read, what is refused and by which message, what is written back.
#include "models/whisper/config.h"

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

WhisperConfig read(const std::string& text) { return WhisperConfig::from_json(Json::parse(text, "DIR/config.json")); }

}  // namespace

TEST_CASE("Whisper config: each bad key is refused by name") {
  const std::pair<const char*, const char*> bad[] = {
      {R"("model_type": "t5")", R"(model_type: this is "t5", not "whisper")"},
      {R"("d_model": 0)", "d_model: "},
      {R"("d_model": "32")", "d_model: expected an integer"},
      {R"("d_model": 33, "encoder_attention_heads": 3)", "d_model: 33: positions are sines and cosines, half of each"},
      {R"("d_model": 2, "encoder_attention_heads": 1)", "d_model: 2: positions are sines and cosines"},
      {R"("hidden_size": 10)", "encoder_attention_heads: 6 heads do not divide d_model 10"},
      {R"("d_model": 24, "hidden_size": 12)", "hidden_size: 12, but d_model is 24: they mean the same"},
      {R"("encoder_layers": 2, "num_hidden_layers": 3)", "num_hidden_layers: 3, but encoder_layers is 2"},
      {R"("encoder_attention_heads": 7)", "encoder_attention_heads: 7 heads do not divide d_model 384"},
      {R"("encoder_layers": 1000000)", "encoder_layers: "},
      {R"("encoder_ffn_dim": -3)", "encoder_ffn_dim: "},
      {R"("activation_function": "maxout")", "maxout"},
      {R"("dropout": 1)", "dropout: a dropout of 1 leaves nothing"},
      {R"("attention_dropout": -0.1)", "attention_dropout: "},
      {R"("activation_dropout": "0")", "activation_dropout: "},
      {R"("encoder_layerdrop": 0.1)", "encoder_layerdrop: 0.1 is not supported, only 0"},
      {R"("init_std": -1)", "init_std: "},
      {R"("num_mel_bins": 0)", "num_mel_bins: "},
      {R"("num_mel_bins": 1025)", "num_mel_bins: "},
      {R"("max_source_positions": 0)", "max_source_positions: "},
      {R"("max_source_positions": 50001)", "max_source_positions: "},
      {R"("use_weighted_layer_sum": 1)", "use_weighted_layer_sum: "},
      {R"("classifier_proj_size": 0)", "classifier_proj_size: "},
      {R"("pruned_heads": {"0": [1]})", "pruned_heads: an object is not supported"},
      {R"("quantization_config": {"bits": 4})", "quantization_config: an object is not supported"},
  };
  check_refused_keys<WhisperConfig>(bad);
}

TEST_CASE("Whisper config: absent keys have the reference library's defaults") {
  const WhisperConfig config = read("{}");
  CHECK(config.d_model == 384);
  CHECK(config.encoder_layers == 4);
  CHECK(config.hidden_states() == 5);
  CHECK(config.encoder_attention_heads == 6);
  CHECK(config.encoder_ffn_dim == 1536);
  CHECK(config.activation() == UnaryOp::gelu);
  CHECK(config.dropout == 0);
  CHECK(config.num_mel_bins == 80);
  CHECK(config.max_source_positions == 1500);
  CHECK_FALSE(config.use_weighted_layer_sum);
  CHECK(config.classifier_proj_size == 256);
}

TEST_CASE("Whisper config: what was read is written, with what is changed and what the decoder knows") {
  WhisperConfig config =
      read(R"({"decoder_layers": 9, "num_hidden_layers": 3, "encoder_layerdrop": 0.0, "dropout": 0.1, "mine": [1]})");
  CHECK(config.encoder_layers == 3);
  config.use_weighted_layer_sum = true;
  const Json written = config.to_json("WhisperForAudioClassification");
  CHECK(written.get_int("decoder_layers") == 9);
  CHECK(written.get_int("encoder_layers") == 3);
  CHECK(written.get_number("dropout") == 0.1);
  CHECK(written.get_bool("use_weighted_layer_sum"));
  CHECK(written.get_array("mine").get_int(0) == 1);
  CHECK(written.get_string("model_type") == "whisper");
  CHECK(written.get_array("architectures").get_string(0) == "WhisperForAudioClassification");
  CHECK(WhisperConfig::from_json(written).to_json("WhisperForAudioClassification").dump() == written.dump());
}

TEST_CASE("Whisper config: its family is known, and reads sounds") {
  const ScratchFolder folder;
  folder.write("model/config.json", R"({"model_type": "whisper"})");
  const Json config = Json::read(folder / "model/config.json");
  const CheckpointNames names = family_of(config).checkpoint_names(config);
  CHECK(parameter_name(names, "model.encoder.conv1.weight") == "encoder.conv1.weight");
  CHECK(parameter_name(names, "encoder.conv1.weight") == "encoder.conv1.weight");
  CHECK(error_of<std::runtime_error>([&] {
          read_text_facts(folder / "model");
        }).ends_with(R"(/config.json: model_type: models of "whisper" read sounds, not texts)"));
}
