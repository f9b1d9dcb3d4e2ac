// SPDX-License-Identifier: Apache-2.0
// Reads and writes GPT's config.json.
#include "models/gpt/config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "models/hub/named_size.h"
#include "models/hub/token_ids.h"
#include "nn/activation.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr const char* gpt1 = "openai-gpt";
constexpr const char* gpt2 = "gpt2";
constexpr std::array<std::string_view, 4> gpt1_activations = {"relu", "silu", "gelu", "swish"};  // all that "afn" names
constexpr int64_t gpt2_end = 50256;  // "<|endoftext|>" of GPT-2's own vocabulary

std::string model_type_of(const Json& json) {
  if (!json.is_object()) return gpt2;  // read_shared() tells of it
  const std::string type = json.get_string_or("model_type", gpt2);
  if (type != gpt1 && type != gpt2)
    fail("{}: this is {}, not \"{}\" or \"{}\"", json.where("model_type"), quote(type), gpt1, gpt2);
  return type;
}

void read_sizes(GptConfig& c, const Json& json) {
  c.vocab_size = read_size(json, "vocab_size", c.vocab_size);
  c.n_positions = read_named_size(json, "n_positions", "max_position_embeddings", c.n_positions);
  c.n_embd = read_named_size(json, "n_embd", "hidden_size", c.n_embd);
  c.n_layer = read_named_size(json, "n_layer", "num_hidden_layers", c.n_layer, max_layers);
  c.n_head = read_named_size(json, "n_head", "num_attention_heads", c.n_head);
  if (c.n_embd % c.n_head != 0) fail("{}: {} heads do not divide n_embd {}", json.where("n_head"), c.n_head, c.n_embd);
  if (c.n_embd > INT32_MAX / 4) fail("{}: {} is too wide", json.where("n_embd"), c.n_embd);
  if (const Json* inner = json.find("n_inner"); inner && !inner->is_null() && !c.is_gpt1())
    c.n_inner = read_size(json, "n_inner", 1);
}

void read_activation(GptConfig& c, const Json& json) {
  const char* key = c.is_gpt1() ? "afn" : "activation_function";
  c.activation_function = json.get_string_or(key, c.activation_function);
  if (c.is_gpt1() && std::ranges::find(gpt1_activations, c.activation_function) == gpt1_activations.end())
    fail("{}: activation {} is not supported; there are {}", json.where(key), quote(c.activation_function),
         fmt::join(gpt1_activations, ", "));
  activation_named(c.activation_function, json.where(key));
}

void read_special_tokens(GptConfig& c, const Json& json) {
  std::optional<int64_t> usual;
  if (!c.is_gpt1() && c.vocab_size > gpt2_end) usual = gpt2_end;
  c.bos_token_id = read_checked_id(json, "bos_token_id", usual, c.vocab_size);
  c.eos_token_ids = read_checked_ids(json, "eos_token_id",
                                     usual ? std::vector<int64_t>{*usual} : std::vector<int64_t>{}, c.vocab_size);
  c.pad_token_id = read_token_id(json, "pad_token_id", {});
}

}  // namespace

GptConfig GptConfig::from_json(const Json& json) {
  GptConfig c;
  c.model_type = model_type_of(json);
  if (c.is_gpt1()) {
    c.vocab_size = 40478;
    c.n_positions = 512;
    c.activation_function = "gelu";
  }
  c.read_shared(json, c.model_type);
  refuse_unless_off(json, {"add_cross_attention", "is_encoder_decoder", "pruned_heads", "cross_attention_hidden_size"});
  read_sizes(c, json);
  read_activation(c, json);
  c.resid_pdrop = read_probability(json, "resid_pdrop", c.resid_pdrop);
  c.embd_pdrop = read_probability(json, "embd_pdrop", c.embd_pdrop);
  c.attn_pdrop = read_probability(json, "attn_pdrop", c.attn_pdrop);
  c.layer_norm_epsilon = json.get_number_or("layer_norm_epsilon", c.layer_norm_epsilon, 0, 1);
  c.initializer_range = json.get_number_or("initializer_range", c.initializer_range, 0, 1000);
  if (!c.is_gpt1()) {
    c.scale_attn_weights = json.get_bool_or("scale_attn_weights", c.scale_attn_weights);
    c.scale_attn_by_inverse_layer_idx =
        json.get_bool_or("scale_attn_by_inverse_layer_idx", c.scale_attn_by_inverse_layer_idx);
    json.get_bool_or("reorder_and_upcast_attn", false);  // another order of the same
  }
  read_special_tokens(c, json);
  return c;
}

Json GptConfig::to_json(const std::string& architecture) const {
  check(architecture.starts_with("GPT2"), "{}: no GPT-2", architecture);
  Json out = shared_json(model_type, is_gpt1() ? "OpenAIGPT" + architecture.substr(4) : architecture);
  out.set("vocab_size", vocab_size);
  out.set("n_positions", n_positions);
  out.set("n_embd", n_embd);
  out.set("n_layer", n_layer);
  out.set("n_head", n_head);
  out.set(is_gpt1() ? "afn" : "activation_function", activation_function);
  out.set("resid_pdrop", resid_pdrop);
  out.set("embd_pdrop", embd_pdrop);
  out.set("attn_pdrop", attn_pdrop);
  out.set("layer_norm_epsilon", layer_norm_epsilon);
  out.set("initializer_range", initializer_range);
  if (!is_gpt1()) {
    if (n_inner || out.contains("n_inner")) out.set("n_inner", n_inner ? Json(*n_inner) : Json());
    for (const auto& [key, value, usual] :
         {std::tuple{"scale_attn_weights", scale_attn_weights, true},
          {"scale_attn_by_inverse_layer_idx", scale_attn_by_inverse_layer_idx, false}})
      if (value != usual || out.contains(key)) out.set(key, value);
  }
  if (bos_token_id) out.set("bos_token_id", *bos_token_id);
  if (!out.contains("eos_token_id") && eos_token_ids.size() == 1) out.set("eos_token_id", eos_token_ids[0]);
  const std::optional<int64_t> padding =
      architecture.ends_with("ForSequenceClassification") ? padding_of_classifier() : pad_token_id;
  if (padding) out.set("pad_token_id", *padding);
  return out;
}

double GptConfig::score_scale(int64_t layer) const {
  const double scale = scale_attn_weights ? 1 / std::sqrt(static_cast<double>(n_embd / n_head)) : 1;
  return scale_attn_by_inverse_layer_idx ? scale / static_cast<double>(layer + 1) : scale;
}

UnaryOp GptConfig::activation() const {
  if (is_gpt1() && activation_function == "gelu") return UnaryOp::gelu_tanh;
  return activation_named(activation_function, is_gpt1() ? "afn" : "activation_function");
}

}  // namespace thaw
