// SPDX-License-Identifier: Apache-2.0
// GPT's config.json: what is read, what is refused and by which message, what is written back.
#include "models/gpt/config.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/error_of.h"

namespace thaw {
namespace {

GptConfig read(const std::string& text) { return GptConfig::from_json(Json::parse(text, "config.json")); }

struct BadConfig {
  const char* text;
  const char* error;
};
const BadConfig bad_configs[] = {
    {"[]", "an object is expected"},
    {R"({"model_type": "gpt_neo"})", R"(model_type: this is "gpt_neo", not "openai-gpt" or "gpt2")"},
    {R"({"model_type": 2})", "model_type: expected a string, found 2"},
    {R"({"add_cross_attention": true})", "add_cross_attention: true is not supported"},
    {R"({"is_encoder_decoder": true})", "is_encoder_decoder: true is not supported"},
    {R"({"pruned_heads": {"0": [1]}})", "pruned_heads: an object is not supported"},
    {R"({"quantization_config": {"bits": 4}})", "quantization_config: an object is not supported"},
    {R"({"vocab_size": 0})", "vocab_size: expected an integer from 1 to"},
    {R"({"n_embd": 10, "n_head": 3})", "n_head: 3 heads do not divide n_embd 10"},
    {R"({"n_embd": 12, "hidden_size": 24})", "hidden_size: 24, but n_embd is 12: they mean the same"},
    {R"({"n_layer": 10001})", "n_layer: expected an integer from 1 to 10000"},
    {R"({"n_positions": -1})", "n_positions: expected an integer from 1 to"},
    {R"({"n_inner": 0})", "n_inner: expected an integer from 1 to"},
    {R"({"activation_function": "maxout"})", R"(activation_function: activation "maxout" is not supported)"},
    {R"({"model_type": "openai-gpt", "afn": "maxout"})", R"(afn: activation "maxout" is not supported)"},
    {R"({"model_type": "openai-gpt", "afn": "gelu_new"})",
     R"(afn: activation "gelu_new" is not supported; there are relu, silu, gelu, swish)"},
    {R"({"attn_pdrop": 1})", "attn_pdrop: a dropout of 1 leaves nothing"},
    {R"({"layer_norm_epsilon": -1})", "layer_norm_epsilon: expected a number from 0 to 1"},
    {R"({"scale_attn_weights": 1})", "scale_attn_weights: expected true or false"},
    {R"({"reorder_and_upcast_attn": "no"})", "reorder_and_upcast_attn: expected true or false"},
    {R"({"vocab_size": 100, "eos_token_id": 100})",
     "eos_token_id: 100 is no token's id: from 0 to 99 are, by config.json's vocab_size"},
    {R"({"vocab_size": 100, "bos_token_id": -1})", "bos_token_id: -1 is no token's id"},
    {R"({"eos_token_id": [3, 60000]})", "eos_token_id: 60000 is no token's id"},
    {R"({"pad_token_id": "<pad>"})", "pad_token_id: expected an integer"},
};

}  // namespace

TEST_CASE("GPT config: what is wrong is one line that names file and key") {
  for (const BadConfig& bad : bad_configs) {
    INFO(bad.text);
    const std::string error = error_of<std::runtime_error>([&] { read(bad.text); });
    INFO(error);
    CHECK(error.find("config.json") == 0);
    CHECK(error.find(bad.error) != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
  }
}

TEST_CASE("GPT config: absent and null keys have the reference library's defaults, by family") {
  for (const char* text : {"{}", R"({"model_type": "gpt2", "n_inner": null, "n_ctx": 1024, "activation_function": null,
                                     "add_cross_attention": false, "pad_token_id": null})"}) {
    const GptConfig c = read(text);
    CHECK(c.vocab_size == 50257);
    CHECK(c.n_positions == 1024);
    CHECK(c.inner_size() == 3072);
    CHECK(c.activation() == UnaryOp::gelu_tanh);
    CHECK(c.score_scale(5) == 0.125);
    CHECK(c.bos_token_id == 50256);
    CHECK(c.eos_token_ids == std::vector<int64_t>{50256});
    CHECK_FALSE(c.pad_token_id.has_value());
    CHECK_FALSE(c.is_gpt1());
  }
  const GptConfig first = read(R"({"model_type": "openai-gpt", "n_inner": 5})");
  CHECK(first.vocab_size == 40478);
  CHECK(first.n_positions == 512);
  CHECK(first.inner_size() == 3072);
  CHECK(first.activation() == UnaryOp::gelu_tanh);  // "gelu" of this family
  CHECK(first.eos_token_ids.empty());
  CHECK(read(R"({"model_type": "openai-gpt", "afn": "swish"})").activation() == UnaryOp::silu);
  CHECK(read(R"({"activation_function": "gelu"})").activation() == UnaryOp::gelu);
  CHECK(read(R"({"vocab_size": 97})").eos_token_ids.empty());  // GPT-2's own end is no token of these
}

TEST_CASE("GPT config: scores, other names of sizes, several ends") {
  CHECK(read(R"({"scale_attn_weights": false})").score_scale(3) == 1);
  CHECK(read(R"({"scale_attn_by_inverse_layer_idx": true})").score_scale(3) == 0.125 / 4);
  const GptConfig c = read(R"({"hidden_size": 24, "num_attention_heads": 3, "num_hidden_layers": 2,
                               "max_position_embeddings": 40, "eos_token_id": [1, 2]})");
  CHECK(c.n_embd == 24);
  CHECK(c.n_head == 3);
  CHECK(c.n_layer == 2);
  CHECK(c.n_positions == 40);
  CHECK(c.eos_token_ids == std::vector<int64_t>{1, 2});
}

TEST_CASE("GPT config: what is written is read as the same, and what is not understood is kept") {
  for (const char* text :
       {R"({"model_type": "gpt2", "n_inner": 44, "scale_attn_by_inverse_layer_idx": true, "pad_token_id": 0,
            "summary_type": "cls_index", "n_ctx": 1024, "eos_token_id": [1, 2], "resid_pdrop": 0.2})",
        R"({"model_type": "openai-gpt", "afn": "relu", "embd_pdrop": 0.0, "n_special": 3, "bos_token_id": null})"}) {
    const GptConfig c = read(text);
    const Json given = Json::parse(text, "config.json");
    const Json written = c.to_json("GPT2LMHeadModel");
    CHECK(written.get_array("architectures").get_string(0) ==
          (c.is_gpt1() ? "OpenAIGPTLMHeadModel" : "GPT2LMHeadModel"));
    for (const JsonMember& member : given.members()) {
      INFO(member.key);
      CHECK(written.at(member.key).dump() == member.value.dump());
    }
    CHECK(GptConfig::from_json(written).to_json("GPT2LMHeadModel").dump() == written.dump());
  }
}

TEST_CASE("GPT config: a classifier that is new pads with the end token, which its file then says") {
  GptConfig c = read(R"({"vocab_size": 97, "eos_token_id": 5})");
  CHECK_FALSE(c.padding_of_classifier().has_value());
  c.classifier_padding = 5;
  CHECK(c.to_json("GPT2ForSequenceClassification").get_int("pad_token_id") == 5);
  CHECK_FALSE(c.to_json("GPT2LMHeadModel").contains("pad_token_id"));
  c.pad_token_id = 7;
  CHECK(c.to_json("GPT2ForSequenceClassification").get_int("pad_token_id") == 7);
}

}  // namespace thaw
