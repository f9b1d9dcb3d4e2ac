// SPDX-License-Identifier: Apache-2.0
// config.json of T5's ages and kinds: what is read, what is refused and by which message, what is written back.
#include "models/t5/config.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/error_of.h"

using namespace thaw;

namespace {

struct BadKey {
  const char* key;
  const char* value;
  const char* error;
};

const BadKey bad_keys[] = {
    {"model_type", R"("longt5")", R"(model_type: this is "longt5", not "t5", "mt5" or "umt5")"},
    {"model_type", "5", "model_type: expected a string, found 5"},
    {"is_decoder", "true", "is_decoder: true is not supported"},
    {"tie_encoder_decoder", "true", "tie_encoder_decoder: true is not supported"},
    {"add_cross_attention", "true", "add_cross_attention: true is not supported"},
    {"pruned_heads", R"({"0": [1]})", "pruned_heads: an object is not supported"},
    {"quantization_config", R"({"bits": 8})", "quantization_config: an object is not supported"},
    {"auto_map", R"({"AutoModel": "code.Model"})", "auto_map: an object is not supported"},
    {"vocab_size", "0", "vocab_size: expected an integer from 1 to"},
    {"vocab_size", R"("32128")", "vocab_size: expected an integer"},
    {"d_model", "-2", "d_model: expected an integer from 1 to"},
    {"d_model", "2.5", "d_model: expected an integer"},
    {"hidden_size", "768", "hidden_size: 768, but d_model is 16: they mean the same"},
    {"head_dim", "7", "head_dim: 7, but d_kv is 4: they mean the same"},
    {"d_kv", "0", "d_kv: expected an integer from 1 to"},
    {"num_heads", "2147483647", "num_heads: 2147483647 heads of 4 numbers are too wide"},
    {"d_ff", "{}", "d_ff: expected an integer"},
    {"num_layers", "1000000000", "num_layers: expected an integer from 1 to"},
    {"num_decoder_layers", "0", "num_decoder_layers: expected an integer from 1 to"},
    {"relative_attention_num_buckets", "3", "relative_attention_num_buckets: expected an integer from 4 to"},
    {"relative_attention_max_distance", "16",
     "relative_attention_max_distance: 16 of 32 buckets are for one distance each: it must be above that"},
    {"dropout_rate", "1", "dropout_rate: a dropout of 1 leaves nothing"},
    {"dropout_rate", "-0.1", "dropout_rate: expected a number from 0 to 1"},
    {"layer_norm_epsilon", "-1e-6", "layer_norm_epsilon: expected a number from 0 to 1"},
    {"initializer_factor", "-1", "initializer_factor: expected a number from 0 to"},
    {"feed_forward_proj", R"("maxout")", R"(feed_forward_proj: activation "maxout" is not supported)"},
    {"feed_forward_proj", R"("gated-maxout")", R"(feed_forward_proj: activation "maxout" is not supported)"},
    {"feed_forward_proj", R"("gated-gelu-2")", R"("gated-gelu-2" is neither "ACTIVATION" nor "gated-ACTIVATION")"},
    {"feed_forward_proj", R"("sparse-relu")", R"("sparse-relu" is neither "ACTIVATION" nor "gated-ACTIVATION")"},
    {"feed_forward_proj", "true", "feed_forward_proj: expected a string"},
    {"dense_act_fn", R"("sinus")", R"(dense_act_fn: activation "sinus" is not supported)"},
    {"is_gated_act", "1", "is_gated_act: expected true or false"},
    {"scale_decoder_outputs", R"("no")", "scale_decoder_outputs: expected true or false"},
    {"tie_word_embeddings", "0", "tie_word_embeddings: expected true or false"},
    {"pad_token_id", R"("<pad>")", "pad_token_id: expected an integer"},
    {"decoder_start_token_id", "[0]", "decoder_start_token_id: expected an integer"},
    {"eos_token_id", R"("</s>")", "eos_token_id: expected an integer"},
    {"eos_token_id", "[1, -1]", "eos_token_id: -1 is no token's id: from 0 to 32127 are, by config.json's vocab_size"},
    {"eos_token_id", "[1, true]", "eos_token_id[1]: expected an integer"},
    {"eos_token_id", "-1", "eos_token_id: -1 is no token's id"},
    {"eos_token_id", "32128", "eos_token_id: 32128 is no token's id"},
    {"eos_token_id", "1.0", "eos_token_id: expected an integer"},
    {"pad_token_id", "-1", "pad_token_id: -1 is no token's id"},
    {"pad_token_id", "32128", "pad_token_id: 32128 is no token's id"},
    {"pad_token_id", "99999999999", "pad_token_id: 99999999999 is no token's id"},
    {"decoder_start_token_id", "-1", "decoder_start_token_id: -1 is no token's id"},
    {"decoder_start_token_id", "40000", "decoder_start_token_id: 40000 is no token's id"},
    {"decoder_start_token_id", "true", "decoder_start_token_id: expected an integer"},
    {"d_model", "0", "d_model: expected an integer from 1 to"},
    {"d_model", "2147483648", "d_model: expected an integer from 1 to"},
    {"d_model", R"("512")", "d_model: expected an integer"},
    {"d_ff", "0", "d_ff: expected an integer from 1 to"},
    {"num_heads", "0", "num_heads: expected an integer from 1 to"},
    {"num_heads", "8.0", "num_heads: expected an integer"},
    {"num_layers", "0", "num_layers: expected an integer from 1 to"},
    {"num_layers", "[6]", "num_layers: expected an integer"},
    {"relative_attention_num_buckets", "0", "relative_attention_num_buckets: expected an integer from 4 to"},
    {"relative_attention_num_buckets", "1", "relative_attention_num_buckets: expected an integer from 4 to"},
    {"relative_attention_num_buckets", R"("32")", "relative_attention_num_buckets: expected an integer"},
    {"relative_attention_max_distance", "0", "relative_attention_max_distance: expected an integer from 1 to"},
    {"relative_attention_max_distance", "15", "relative_attention_max_distance: 16 of 32 buckets are for one distance"},
    {"dropout_rate", "1.5", "dropout_rate: expected a number from 0 to 1"},
    {"dropout_rate", R"("0.1")", "dropout_rate: expected a number"},
    {"layer_norm_epsilon", "0", "layer_norm_epsilon: is 0: states of zeros would be divided by it"},
    {"layer_norm_epsilon", "0.0", "layer_norm_epsilon: is 0"},
    {"layer_norm_epsilon", R"("1e-6")", "layer_norm_epsilon: expected a number"},
    {"initializer_factor", "true", "initializer_factor: expected a number"},
    {"feed_forward_proj", R"("")", R"(feed_forward_proj: activation "" is not supported)"},
    {"feed_forward_proj", R"("gated")", R"(feed_forward_proj: activation "gated" is not supported)"},
    {"dense_act_fn", "1", "dense_act_fn: expected a string"},
    {"is_gated_act", R"("true")", "is_gated_act: expected true or false"},
};

T5Config read(const std::string& text) { return T5Config::from_json(Json::parse(text, "config.json")); }

std::string written(const std::string& text) { return read(text).to_json("T5ForConditionalGeneration").dump(); }

}  // namespace

TEST_CASE("T5 config: each bad key is refused by name, in one line") {
  const std::string sizes[] = {R"("d_model": 16)", R"("d_kv": 4)"};
  for (const BadKey& bad : bad_keys) {
    std::string text = "{";
    for (const std::string& size : sizes)
      if (size.find(bad.key) == std::string::npos) text += size + ", ";
    text += "\"" + std::string(bad.key) + "\": " + bad.value + "}";
    INFO(text);
    const std::string error =
        error_of<std::runtime_error>([&] { T5Config::from_json(Json::parse(text, "DIR/config.json")); });
    INFO(error);
    CHECK(error.find("DIR/config.json") == 0);
    CHECK(error.find(bad.error) != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
  }
  CHECK(error_of<std::runtime_error>([] { read("[]"); }).find("an object is expected") != std::string::npos);
  CHECK(error_of<std::runtime_error>([] {
          read(R"({"model_type": "mt5", "scale_decoder_outputs": true})");
        }).find("no mt5 scales") != std::string::npos);
}

TEST_CASE("T5 config: what is odd, and what is made of it, is told in one line; what is usual is not") {
  struct Odd {
    const char* text;
    const char* note;  // null: none
  };
  for (
      const Odd& odd : {
          Odd{R"({})", nullptr},
          Odd{R"({"model_type": "mt5"})", nullptr},
          Odd{R"({"feed_forward_proj": "gated-gelu", "dense_act_fn": "gelu_new", "is_gated_act": true})", nullptr},
          Odd{R"({"dense_act_fn": "silu", "is_gated_act": true})", nullptr},
          Odd{R"({"d_model": 1024, "num_heads": 128, "d_kv": 128})", nullptr},  // t5-11b
          Odd{R"({"pad_token_id": 1})",
              "DIR/config.json: eos_token_id: 1, as pad_token_id: what pads a text elsewhere "
              "reads as its end"},
          Odd{R"({"eos_token_id": [2, 0]})",
              "DIR/config.json: eos_token_id: 0, as pad_token_id: what pads a text "
              "elsewhere reads as its end"},
          Odd{R"({"relative_attention_num_buckets": 33})",
              "DIR/config.json: relative_attention_num_buckets is odd, 33: the encoder never uses the last one"},
          Odd{R"({"feed_forward_proj": "gated-relu", "dense_act_fn": "silu"})",
              R"(DIR/config.json: dense_act_fn is "silu", against feed_forward_proj, "gated-relu": the former counts)"},
          Odd{R"({"feed_forward_proj": null, "dense_act_fn": "silu", "is_gated_act": true})", nullptr},
          Odd{R"({"d_model": 1024, "hidden_size": null})", nullptr},
          Odd{R"({"feed_forward_proj": "relu", "is_gated_act": true})",
              R"(DIR/config.json: is_gated_act is true, against feed_forward_proj, "relu": the former counts)"},
          Odd{R"({"d_model": 16, "num_heads": 1000, "d_kv": 64})",
              "DIR/config.json: num_heads: 1000 heads of 64 numbers (d_kv) are 64000 wide, states 16 (d_model)"},
          Odd{R"({"d_model": 4096, "num_heads": 1, "d_kv": 8})",
              "DIR/config.json: num_heads: 1 head of 8 numbers (d_kv) are 8 wide, states 4096 (d_model)"},
      }) {
    INFO(odd.text);
    const std::vector<std::string> notes = T5Config::from_json(Json::parse(odd.text, "DIR/config.json")).notes;
    CHECK(notes == (odd.note ? std::vector<std::string>{odd.note} : std::vector<std::string>{}));
  }
}

TEST_CASE("T5 config: absent and null keys have the defaults of their model type") {
  for (const char* text : {"{}", R"({"model_type": "t5", "num_decoder_layers": null, "tie_word_embeddings": null,
                                     "is_decoder": false, "n_positions": 512, "output_past": true})"}) {
    const T5Config config = read(text);
    CHECK(config.vocab_size == 32128);
    CHECK(config.num_heads == 8);
    CHECK(config.num_decoder_layers == 6);
    CHECK(config.activation() == UnaryOp::relu);
    CHECK_FALSE(config.is_gated_act);
    CHECK(config.scale_decoder_outputs);
    CHECK(config.head_is_shared);
    CHECK(config.pad_token_id == 0);
    CHECK(config.decoder_start_token_id == 0);
    CHECK(config.eos_token_ids == std::vector<int64_t>{1});
  }
  for (const char* type : {"mt5", "umt5"}) {
    const T5Config config = read(R"({"model_type": ")" + std::string(type) + "\"}");
    CHECK(config.vocab_size == 250112);
    CHECK(config.num_layers == 8);
    CHECK(config.num_decoder_layers == 8);
    CHECK(config.d_ff == 1024);
    CHECK(config.activation() == UnaryOp::gelu_tanh);
    CHECK(config.is_gated_act);
    CHECK(config.has_bias_in_every_layer() == (config.model_type == "umt5"));
    CHECK(config.scale_decoder_outputs == (config.model_type == "umt5"));
  }
  CHECK(read(R"({"num_layers": 3})").num_decoder_layers == 3);
  CHECK(read(R"({"hidden_size": 64, "num_hidden_layers": 2})").d_model == 64);
  CHECK(read(R"({"eos_token_id": [1, 7]})").eos_token_ids == std::vector<int64_t>{1, 7});
  CHECK_FALSE(read(R"({"decoder_start_token_id": null})").decoder_start_token_id.has_value());
  CHECK(read(R"({"pad_token_id": 7})").decoder_start_token_id == 7);
}

TEST_CASE(
    "T5 config: the feed-forward layer is what feed_forward_proj says, and keys that say so themselves count more") {
  struct Case {
    const char* text;
    UnaryOp activation;
    bool gated;
  };
  for (const Case& c :
       {Case{R"({"feed_forward_proj": "relu"})", UnaryOp::relu, false},
        Case{R"({"feed_forward_proj": "gelu"})", UnaryOp::gelu, false},
        Case{R"({"feed_forward_proj": "gated-gelu"})", UnaryOp::gelu_tanh, true},
        Case{R"({"feed_forward_proj": "gated-silu"})", UnaryOp::silu, true},
        Case{R"({"feed_forward_proj": "gated-relu", "dense_act_fn": "silu"})", UnaryOp::silu, true},
        Case{R"({"feed_forward_proj": "gated-gelu", "is_gated_act": false})", UnaryOp::gelu_tanh, false}}) {
    INFO(c.text);
    CHECK(read(c.text).activation() == c.activation);
    CHECK(read(c.text).is_gated_act == c.gated);
    const T5Config again = T5Config::from_json(read(c.text).to_json("T5ForConditionalGeneration"));
    CHECK(again.activation() == c.activation);
    CHECK(again.is_gated_act == c.gated);
  }
}

TEST_CASE("T5 config: whether outputs are scaled, by its key or, where that is absent, by tie_word_embeddings") {
  CHECK(read(R"({"tie_word_embeddings": true})").scale_decoder_outputs);
  CHECK_FALSE(read(R"({"tie_word_embeddings": false})").scale_decoder_outputs);
  CHECK(read(R"({"tie_word_embeddings": false, "scale_decoder_outputs": true})").scale_decoder_outputs);
  CHECK_FALSE(read(R"({"tie_word_embeddings": true, "scale_decoder_outputs": false})").scale_decoder_outputs);
  CHECK_FALSE(read(R"({"model_type": "mt5", "tie_word_embeddings": true})").scale_decoder_outputs);
}

TEST_CASE(
    "T5 config: what is not understood is written back, the three kinds as they were, new ones so that they read "
    "alike") {
  const std::string old = written(R"({"n_positions": 512, "task_specific_params": {"a": [1, 2.5]}})");
  CHECK(old.find(R"("n_positions": 512)") != std::string::npos);
  CHECK(old.find("task_specific_params") != std::string::npos);
  for (const char* key : {"scale_decoder_outputs", "dense_act_fn", "is_gated_act", "tie_word_embeddings"})
    CHECK(old.find(key) == std::string::npos);
  CHECK(written(R"({"tie_word_embeddings": false})").find("scale_decoder_outputs") == std::string::npos);
  for (const bool tied : {true, false}) {
    for (const bool scaled : {true, false}) {
      T5Config made;
      made.tie_word_embeddings = made.head_is_shared = tied;
      made.scale_decoder_outputs = scaled;
      const Json json = made.to_json("T5ForConditionalGeneration");
      const T5Config again = T5Config::from_json(json);
      CHECK(again.head_is_shared == tied);
      CHECK(again.scale_decoder_outputs == scaled);
      CHECK(again.to_json("T5ForConditionalGeneration") == json);
    }
  }
}

TEST_CASE("T5 config: architectures are written as the model type has them, an encoder's says that it is one") {
  CHECK(written("{}").find("\"T5ForConditionalGeneration\"") != std::string::npos);
  CHECK(written(R"({"model_type": "mt5"})").find("\"MT5ForConditionalGeneration\"") != std::string::npos);
  CHECK(written(R"({"model_type": "umt5"})").find("\"UMT5ForConditionalGeneration\"") != std::string::npos);
  const Json encoder = T5EncoderConfig::from_json(Json::parse("{}", "config.json")).to_json("T5EncoderModel");
  CHECK(encoder.get_array("architectures").get_string(0) == "T5EncoderModel");
  CHECK_FALSE(encoder.get_bool("is_encoder_decoder"));
}
