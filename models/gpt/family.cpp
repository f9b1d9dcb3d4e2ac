// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of GPT, and the heads that they find.
#include "models/gpt/family.h"

#include <fmt/format.h>

#include <stdexcept>

#include "models/gpt/classification.h"
#include "models/gpt/language_model.h"
#include "models/gpt/sequence_body.h"
#include "models/text_family.h"

namespace thaw {

namespace {

struct GptTexts {
  using Config = GptConfig;
  using Input = GptInput;

  static TextLimits limits(const GptConfig& c) { return {.positions = c.n_positions, .vocab_size = c.vocab_size}; }
  static int64_t width(const GptConfig& c) { return c.n_embd; }
  static const std::vector<int64_t>& ends(const GptConfig& c) { return c.eos_token_ids; }

  static Fingerprint switches(const GptConfig& c) {
    const std::optional<int64_t> padding = c.padding_of_classifier();
    Fingerprint switches = switches_of_body(c);
    switches["pad_token_id"] = padding ? fmt::format("{}", *padding) : "none";
    return switches;
  }

  template <typename Head>
  static const Gpt& trunk(const Head& model) {
    return model.transformer;
  }
  template <typename Head>
  static void set_checkpointing(Head& model, bool on) {
    model.transformer.checkpointing = on;
  }
};

struct Gpt1Texts : GptTexts {
  template <typename Head>
  static constexpr std::string_view architecture = Head::gpt1_architecture;
};

Json fresh_gpt_of(const char* model_type, const FreshSizes& sizes, const Tokenizer& tokenizer) {
  GptConfig c = GptConfig::from_json(Json::object().set("model_type", model_type));
  c.json = Json::object();
  const auto [hidden_size, heads, intermediate_size] = fresh_widths(sizes, c.n_embd);
  if (c.is_gpt1() && intermediate_size != 4 * hidden_size)
    throw std::invalid_argument(
        fmt::format("intermediate_size {}: of a GPT-1 it is four states, {}", intermediate_size, 4 * hidden_size));
  c.vocab_size = static_cast<int64_t>(tokenizer.vocab_size());
  c.n_embd = hidden_size;
  c.n_head = heads;
  if (intermediate_size != 4 * hidden_size) c.n_inner = intermediate_size;
  c.n_layer = sizes.layers.value_or(c.n_layer);
  c.n_positions = sizes.positions.value_or(c.n_positions);
  c.activation_function = sizes.activation.value_or(c.activation_function);
  c.resid_pdrop = c.embd_pdrop = c.attn_pdrop = sizes.dropout.value_or(c.resid_pdrop);
  Json out = c.to_json(GptLMHeadModel::architecture);
  out.set("bos_token_id", id_json(tokenizer.special().bos));
  out.set("eos_token_id", id_json(tokenizer.special().eos));
  out.set("pad_token_id", id_json(tokenizer.special().pad));
  return out;
}

Json fresh_gpt1(const FreshSizes& sizes, const Tokenizer& tokenizer) {
  return fresh_gpt_of("openai-gpt", sizes, tokenizer);
}
Json fresh_gpt2(const FreshSizes& sizes, const Tokenizer& tokenizer) { return fresh_gpt_of("gpt2", sizes, tokenizer); }

// Who asks for a "Model" gets the body, the first whose name ends so.
template <typename Traits>
constexpr ModelFamily gpt_of(std::string_view model_type, Json (*fresh_config)(const FreshSizes&, const Tokenizer&)) {
  ModelFamily family = text_family<Traits, GptForSequenceClassification, GptModel, GptLMHeadModel>(model_type);
  family.fresh_config = fresh_config;
  family.words = "{transformer.{wte,tokens_embed},lm_head}.weight";
  family.open_body = open_gpt_body;
  return family;
}

}  // namespace

constinit const ModelFamily gpt1_family = gpt_of<Gpt1Texts>("openai-gpt", fresh_gpt1);
constinit const ModelFamily gpt2_family = gpt_of<GptTexts>("gpt2", fresh_gpt2);

}  // namespace thaw
