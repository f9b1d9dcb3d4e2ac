// SPDX-License-Identifier: Apache-2.0
// Reads and writes T5's config.json.
#include "models/t5/config.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "models/hub/named_size.h"
#include "models/hub/token_ids.h"
#include "nn/activation.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

T5Config defaults_of(const std::string& model_type) {
  T5Config c;
  c.model_type = model_type;
  if (model_type == "t5") return c;
  c.vocab_size = 250112;
  c.d_ff = 1024;
  c.num_layers = 8;
  c.num_heads = 6;
  c.feed_forward_proj = "gated-gelu";
  return c;
}

std::string model_type_of(const Json& json) {
  if (!json.is_object()) return "t5";  // read_shared() tells of it
  const std::string type = json.get_string_or("model_type", "t5");
  if (type != "t5" && type != "mt5" && type != "umt5")
    fail("{}: this is {}, not \"t5\", \"mt5\" or \"umt5\"", json.where("model_type"), quote(type));
  return type;
}

bool is_given(const Json& json, const char* key) {
  const Json* value = json.find(key);
  return value && !value->is_null();
}

// "relu" or "gated-gelu" -> the activation and whether there is a gate. The keys that say so themselves count more.
void read_feed_forward(T5Config& c, const Json& json) {
  c.feed_forward_proj = json.get_string_or("feed_forward_proj", c.feed_forward_proj);
  const size_t dash = c.feed_forward_proj.find('-');
  const std::string_view gate = std::string_view(c.feed_forward_proj).substr(0, dash);
  if (dash != std::string::npos && (gate != "gated" || c.feed_forward_proj.find('-', dash + 1) != std::string::npos))
    fail("{}: {} is neither \"ACTIVATION\" nor \"gated-ACTIVATION\"", json.where("feed_forward_proj"),
         quote(c.feed_forward_proj));
  c.is_gated_act = gate == "gated";
  c.dense_act_fn = dash == std::string::npos ? c.feed_forward_proj : c.feed_forward_proj.substr(dash + 1);
  if (c.feed_forward_proj == "gated-gelu") c.dense_act_fn = "gelu_new";
  activation_named(c.dense_act_fn, json.where("feed_forward_proj"));
  const auto [activation, gated] = std::pair(c.dense_act_fn, c.is_gated_act);
  c.dense_act_fn = json.get_string_or("dense_act_fn", c.dense_act_fn);
  activation_named(c.dense_act_fn, json.where("dense_act_fn"));
  c.is_gated_act = json.get_bool_or("is_gated_act", c.is_gated_act);
  if (!is_given(json, "feed_forward_proj")) return;
  const auto contradicts = [&](const char* key, const std::string& value) {
    c.notes.push_back(fmt::format("{} is {}, against feed_forward_proj, {}: the former counts", json.where(key), value,
                                  quote(c.feed_forward_proj)));
  };
  if (c.dense_act_fn != activation) contradicts("dense_act_fn", quote(c.dense_act_fn));
  if (c.is_gated_act != gated) contradicts("is_gated_act", c.is_gated_act ? "true" : "false");
}

// Half of the buckets (causal) or a quarter (of both directions) are for one distance each; the others reach further.
void read_buckets(T5Config& c, const Json& json) {
  c.relative_attention_num_buckets =
      json.get_int_or("relative_attention_num_buckets", c.relative_attention_num_buckets, 4, 1'000'000);
  c.relative_attention_max_distance =
      read_size(json, "relative_attention_max_distance", c.relative_attention_max_distance);
  if (c.relative_attention_max_distance <= c.relative_attention_num_buckets / 2)
    fail("{}: {} of {} buckets are for one distance each: it must be above that",
         json.where("relative_attention_max_distance"), c.relative_attention_num_buckets / 2,
         c.relative_attention_num_buckets);
  if (c.relative_attention_num_buckets % 2 != 0)
    c.notes.push_back(fmt::format("{} is odd, {}: the encoder never uses the last one",
                                  json.where("relative_attention_num_buckets"), c.relative_attention_num_buckets));
}

// Of T5's own models the widest heads are together 16 times as wide as the states (t5-11b), the narrowest as wide.
void read_heads(T5Config& c, const Json& json) {
  constexpr int64_t odd_factor = 64;
  c.d_model = read_named_size(json, "d_model", "hidden_size", c.d_model, INT32_MAX);
  c.d_kv = read_named_size(json, "d_kv", "head_dim", c.d_kv, INT32_MAX);
  c.num_heads = read_named_size(json, "num_heads", "num_attention_heads", c.num_heads, INT32_MAX);
  if (c.num_heads > INT32_MAX / c.d_kv)
    fail("{}: {} of {} are too wide", json.where("num_heads"), counted(c.num_heads, "head"), counted(c.d_kv, "number"));
  const int64_t width = c.num_heads * c.d_kv;
  if (width > odd_factor * c.d_model || c.d_model > odd_factor * width)
    c.notes.push_back(fmt::format("{}: {} of {} (d_kv) are {} wide, states {} (d_model)", json.where("num_heads"),
                                  counted(c.num_heads, "head"), counted(c.d_kv, "number"), width, c.d_model));
}

// A decoder_start_token_id that is not there is pad_token_id.
void read_special_tokens(T5Config& c, const Json& json) {
  c.pad_token_id = read_checked_id(json, "pad_token_id", c.pad_token_id, c.vocab_size);
  c.decoder_start_token_id = read_checked_id(json, "decoder_start_token_id", c.pad_token_id, c.vocab_size);
  c.eos_token_ids = read_checked_ids(json, "eos_token_id", c.eos_token_ids, c.vocab_size);
  if (std::string note = padding_that_ends(c, json); !note.empty()) c.notes.push_back(std::move(note));
}

// The oldest files tell by tie_word_embeddings; mT5's own code never scales.
bool scales_by_default(const T5Config& c) { return c.model_type != "mt5" && c.tie_word_embeddings; }

void read_head(T5Config& c, const Json& json) {
  c.head_is_shared = c.tie_word_embeddings;
  c.scale_decoder_outputs = json.get_bool_or("scale_decoder_outputs", scales_by_default(c));
  if (c.model_type == "mt5" && c.scale_decoder_outputs)
    fail("{}: true is not supported: no mt5 scales", json.where("scale_decoder_outputs"));
}

}  // namespace

T5Config T5Config::from_json(const Json& json) {
  T5Config c = defaults_of(model_type_of(json));
  c.read_shared(json, c.model_type);
  refuse_unless_off(json, {"is_decoder", "add_cross_attention", "tie_encoder_decoder", "pruned_heads",
                           "cross_attention_hidden_size"});
  c.vocab_size = read_size(json, "vocab_size", c.vocab_size);
  read_heads(c, json);
  c.d_ff = read_size(json, "d_ff", c.d_ff);
  c.num_layers = read_named_size(json, "num_layers", "num_hidden_layers", c.num_layers, max_layers);
  c.num_decoder_layers = read_size(json, "num_decoder_layers", c.num_layers, max_layers);
  read_buckets(c, json);
  c.dropout_rate = read_probability(json, "dropout_rate", c.dropout_rate);
  c.layer_norm_epsilon = json.get_number_or("layer_norm_epsilon", c.layer_norm_epsilon, 0, 1);
  if (c.layer_norm_epsilon == 0)
    fail("{}: is 0: states of zeros would be divided by it; above 0 was expected", json.where("layer_norm_epsilon"));
  c.initializer_factor = json.get_number_or("initializer_factor", c.initializer_factor, 0, 1000);
  read_feed_forward(c, json);
  read_head(c, json);
  read_special_tokens(c, json);
  return c;
}

Json T5Config::to_json(const std::string& architecture) const {
  check(architecture.starts_with("T5"), "{}: no T5", architecture);
  const std::string family = model_type == "mt5" ? "MT5" : model_type == "umt5" ? "UMT5" : "T5";
  Json out = shared_json(model_type, family + architecture.substr(2));
  out.set("vocab_size", vocab_size);
  out.set("d_model", d_model);
  out.set("d_kv", d_kv);
  out.set("d_ff", d_ff);
  out.set("num_layers", num_layers);
  out.set("num_decoder_layers", num_decoder_layers);
  out.set("num_heads", num_heads);
  out.set("relative_attention_num_buckets", relative_attention_num_buckets);
  out.set("relative_attention_max_distance", relative_attention_max_distance);
  out.set("dropout_rate", dropout_rate);
  out.set("layer_norm_epsilon", layer_norm_epsilon);
  out.set("initializer_factor", initializer_factor);
  out.set("feed_forward_proj", feed_forward_proj);
  if (json.contains("dense_act_fn")) out.set("dense_act_fn", dense_act_fn);
  if (json.contains("is_gated_act")) out.set("is_gated_act", is_gated_act);
  if (json.contains("scale_decoder_outputs") || scale_decoder_outputs != scales_by_default(*this))
    out.set("scale_decoder_outputs", scale_decoder_outputs);
  if (!json.contains("is_encoder_decoder")) out.set("is_encoder_decoder", true);
  out.set("pad_token_id", pad_token_id ? Json(*pad_token_id) : Json());
  out.set("decoder_start_token_id", decoder_start_token_id ? Json(*decoder_start_token_id) : Json());
  if (!json.contains("eos_token_id") && eos_token_ids.size() == 1) out.set("eos_token_id", eos_token_ids[0]);
  return out;
}

UnaryOp T5Config::activation() const { return activation_named(dense_act_fn, "dense_act_fn"); }

Json T5EncoderConfig::to_json(const std::string& architecture) const {
  Json out = T5Config::to_json(architecture);
  out.set("is_encoder_decoder", false);
  out.set("use_cache", false);
  return out;
}

}  // namespace thaw
