// SPDX-License-Identifier: Apache-2.0
// config.json of encoder-decoders: what is read, what is refused and by which message, what is written back.
#include "models/encoder_decoder/config.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/error_of.h"
#include "tests/models/small_encoder_decoder.h"

using namespace thaw;

namespace {

// The configuration with a value at "key" or "part.key"; null erases it.
Json with(EncoderDecoderTie tie, const std::string& path, const Json& value) {
  Json json = small_encoder_decoder_config(tie).to_json("EncoderDecoderModel");
  const size_t dot = path.find('.');
  const std::string key = path.substr(dot == std::string::npos ? 0 : dot + 1);
  const auto change = [&](Json& object) {
    if (value.is_null())
      object.erase(key);
    else
      object.set(key, value);
  };
  if (dot == std::string::npos) {
    change(json);
  } else {
    Json part = *json.find(path.substr(0, dot));
    change(part);
    json.set(path.substr(0, dot), part);
  }
  return Json::parse(json.dump(), "DIR/config.json");
}

struct BadKey {
  const char* path;
  Json value;
  const char* error;
  EncoderDecoderTie tie = EncoderDecoderTie::none;
};

}  // namespace

TEST_CASE("encoder-decoder config: what is wrong is named with its part") {
  const BadKey bad_keys[] = {
      {"model_type", "t5", R"(model_type: this is "t5", not "encoder-decoder")"},
      {"is_encoder_decoder", false, "is_encoder_decoder: false is not supported"},
      {"encoder", {}, "DIR/config.json: encoder: missing, expected an object"},
      {"decoder", "bert", "decoder: expected an object"},
      {"encoder.model_type", "roberta", R"(encoder.model_type: this is "roberta", not "bert")"},
      {"decoder.model_type", "gpt2", R"(decoder.model_type: this is "gpt2", not "bert")"},
      {"encoder.is_decoder", true, "encoder.is_decoder: true is not supported"},
      {"decoder.is_decoder", {}, "decoder.is_decoder: true was expected: it reads an encoder's states"},
      {"decoder.add_cross_attention", false, "decoder.add_cross_attention: true was expected"},
      {"decoder.cross_attention_hidden_size", 8, "decoder.cross_attention_hidden_size: 8 is not supported"},
      {"decoder.hidden_size", 15, "decoder.num_attention_heads: 2 heads do not divide hidden_size 15"},
      {"pad_token_id", 27, "pad_token_id: 27 is no token's id: from 0 to 26 are"},
      {"decoder_start_token_id", -1, "decoder_start_token_id: -1 is no token's id"},
      {"eos_token_id", "[SEP]", "eos_token_id: expected an integer"},
      {"decoder.hidden_size", 18, "decoder: hidden_size is not that of the encoder: what is tied",
       EncoderDecoderTie::words},
      {"decoder.vocab_size", 40, "decoder: vocab_size is not that of the encoder", EncoderDecoderTie::words},
      {"decoder.intermediate_size", 20, "decoder: intermediate_size is not that of the encoder",
       EncoderDecoderTie::layers},
      {"decoder.hidden_act", "relu", "decoder: hidden_act is not that of the encoder", EncoderDecoderTie::layers},
      {"decoder.num_hidden_layers", 4, "decoder: 4 layers are to be the encoder's (tie_encoder_decoder), which has 3",
       EncoderDecoderTie::layers},
  };
  for (const BadKey& bad : bad_keys) {
    INFO(bad.path);
    const std::string said =
        error_of<std::runtime_error>([&] { EncoderDecoderConfig::from_json(with(bad.tie, bad.path, bad.value)); });
    CHECK_MESSAGE(said.find(bad.error) != std::string::npos, said);
  }
}

TEST_CASE("encoder-decoder config: pad and end may be told of the decoder alone; a start that pads is told of") {
  Json json = with(EncoderDecoderTie::none, "pad_token_id", {});
  json.erase("eos_token_id");
  Json decoder = *json.find("decoder");
  json.set("decoder", decoder.set("pad_token_id", 4).set("eos_token_id", 3));
  const EncoderDecoderConfig c = EncoderDecoderConfig::from_json(Json::parse(json.dump(), "DIR/config.json"));
  CHECK(c.pad_token_id == 4);
  CHECK(c.eos_token_ids == std::vector<int64_t>{3});
  CHECK(c.notes.empty());

  const EncoderDecoderConfig odd =
      EncoderDecoderConfig::from_json(with(EncoderDecoderTie::none, "decoder_start_token_id", 0));
  REQUIRE(odd.notes.size() == 1);
  CHECK(odd.notes[0].find("DIR/config.json: decoder_start_token_id: 0, as pad_token_id") == 0);
}

TEST_CASE("encoder-decoder config: what was read is what is written, keys that nobody knows too") {
  for (const EncoderDecoderTie tie : {EncoderDecoderTie::none, EncoderDecoderTie::words, EncoderDecoderTie::layers}) {
    const Json json = with(tie, "decoder.mine", 5);
    const EncoderDecoderConfig c = EncoderDecoderConfig::from_json(json);
    CHECK(c.tie == tie);
    CHECK(c.to_json("EncoderDecoderModel") == json);
    CHECK(c.to_json("EncoderDecoderModel").find("decoder")->get_int("mine") == 5);
    CHECK(c.decoder.num_hidden_layers == 2);
  }
}
