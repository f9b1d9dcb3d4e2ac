// SPDX-License-Identifier: Apache-2.0
// Reads and writes the config.json of an encoder-decoder.
#include "models/encoder_decoder/config.h"

#include <fmt/format.h>

#include <utility>

#include "models/hub/token_ids.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr const char* decoder_keys[] = {"is_decoder", "add_cross_attention"};

// A decoder's configuration is that of an encoder with these two.
BertConfig read_decoder(const Json& json) {
  Json plain = json;
  for (const char* key : decoder_keys) {
    if (!json.get_bool_or(key, false)) fail("{}: true was expected: it reads an encoder's states", json.where(key));
    plain.erase(key);
  }
  BertConfig c = BertConfig::from_json(plain);
  c.json = json;
  return c;
}

Json nested(const BertConfig& config) { return json_of_part(config.to_json("BertModel"), config.json); }

const char* key_of(EncoderDecoderTie tie) {
  return tie == EncoderDecoderTie::layers ? "tie_encoder_decoder" : "tie_encoder_decoder_words";
}

EncoderDecoderTie read_tie(const Json& json) {
  for (const EncoderDecoderTie tie : {EncoderDecoderTie::layers, EncoderDecoderTie::words})
    if (json.get_bool_or(key_of(tie), false)) return tie;
  return EncoderDecoderTie::none;
}

void check_same(const EncoderDecoderConfig& c, const char* key, bool same) {
  if (!same)
    fail("{}: {} is not that of the encoder: what is tied ({}) has one", c.json.where("decoder"), key, key_of(c.tie));
}

void check_tie(const EncoderDecoderConfig& c) {
  const BertConfig &e = c.encoder, &d = c.decoder;
  if (c.tie == EncoderDecoderTie::none) return;
  check_same(c, "vocab_size", e.vocab_size == d.vocab_size);
  check_same(c, "hidden_size", e.hidden_size == d.hidden_size);
  if (c.tie == EncoderDecoderTie::words) return;
  check_same(c, "num_attention_heads", e.num_attention_heads == d.num_attention_heads);
  check_same(c, "intermediate_size", e.intermediate_size == d.intermediate_size);
  check_same(c, "max_position_embeddings", e.max_position_embeddings == d.max_position_embeddings);
  check_same(c, "type_vocab_size", e.type_vocab_size == d.type_vocab_size);
  check_same(c, "hidden_act", e.hidden_act == d.hidden_act);
  check_same(c, "layer_norm_eps", e.layer_norm_eps == d.layer_norm_eps);
  check_same(c, "hidden_dropout_prob", e.hidden_dropout_prob == d.hidden_dropout_prob);
  check_same(c, "attention_probs_dropout_prob", e.attention_probs_dropout_prob == d.attention_probs_dropout_prob);
  if (d.num_hidden_layers > e.num_hidden_layers)
    fail("{}: {} layers are to be the encoder's ({}), which has {}", c.json.where("decoder"), d.num_hidden_layers,
         key_of(c.tie), e.num_hidden_layers);
}

// What is not there may be told of the decoder alone.
void read_tokens(EncoderDecoderConfig& c, const Json& json) {
  const Json& decoder = json.get_object("decoder");
  const int64_t words = c.decoder.vocab_size;
  c.pad_token_id = read_checked_id(json, "pad_token_id", c.decoder.pad_token_id, words);
  c.decoder_start_token_id = read_checked_id(json, "decoder_start_token_id", {}, words);
  c.eos_token_ids = read_checked_ids(json, "eos_token_id", read_checked_ids(decoder, "eos_token_id", {}, words), words);
  if (std::string note = padding_that_ends(c, json); !note.empty()) c.notes.push_back(std::move(note));
  if (c.decoder_start_token_id && c.decoder_start_token_id == c.pad_token_id)
    c.notes.push_back(
        fmt::format("{}: {}, as pad_token_id: the reference library hides it from its decoder in "
                    "training, here it is read",
                    json.where("decoder_start_token_id"), *c.pad_token_id));
}

}  // namespace

EncoderDecoderConfig EncoderDecoderConfig::from_json(const Json& json) {
  EncoderDecoderConfig c;
  c.read_shared(json, "encoder-decoder");
  if (!json.get_bool_or("is_encoder_decoder", true))
    fail("{}: false is not supported: this is one", json.where("is_encoder_decoder"));
  c.encoder = BertConfig::from_json(json.get_object("encoder"));
  c.decoder = read_decoder(json.get_object("decoder"));
  for (const BertConfig* part : {&c.encoder, &c.decoder})
    c.notes.insert(c.notes.end(), part->notes.begin(), part->notes.end());
  c.tie = read_tie(json);
  check_tie(c);
  read_tokens(c, json);
  return c;
}

Json EncoderDecoderConfig::to_json(const std::string& architecture) const {
  Json out = shared_json("encoder-decoder", architecture);
  out.set("encoder", nested(encoder));
  out.set("decoder", nested(decoder));
  out.set("is_encoder_decoder", true);
  out.set("pad_token_id", pad_token_id ? Json(*pad_token_id) : Json());
  out.set("decoder_start_token_id", decoder_start_token_id ? Json(*decoder_start_token_id) : Json());
  if (!json.contains("eos_token_id") && eos_token_ids.size() == 1) out.set("eos_token_id", eos_token_ids[0]);
  for (const EncoderDecoderTie other : {EncoderDecoderTie::layers, EncoderDecoderTie::words})
    if (json.contains(key_of(other)) || tie == other) out.set(key_of(other), tie == other);
  return out;
}

Json encoder_decoder_json(const Json& encoder, const Json& decoder, const WriterTokens& tokens, EncoderDecoderTie tie) {
  Json writes = decoder;
  for (const char* key : decoder_keys) writes.set(key, true);
  Json out = Json::object();
  out.set("model_type", "encoder-decoder").set("encoder", encoder).set("decoder", writes);
  out.set("pad_token_id", tokens.pad_token_id ? Json(*tokens.pad_token_id) : Json());
  out.set("decoder_start_token_id", tokens.decoder_start_token_id ? Json(*tokens.decoder_start_token_id) : Json());
  if (tokens.eos_token_ids.size() == 1) out.set("eos_token_id", tokens.eos_token_ids[0]);
  if (tie != EncoderDecoderTie::none) out.set(key_of(tie), true);
  return out;
}

}  // namespace thaw
