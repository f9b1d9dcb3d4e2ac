// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of CLIP: a model of pictures and texts, and its tower for pictures as a classifier.
#include "models/clip/family.h"

#include <fmt/format.h>

#include <stdexcept>

#include "models/clip/classification.h"
#include "models/clip/clip.h"
#include "models/image_text_family.h"
#include "models/text_family.h"
#include "tensor/check.h"

namespace thaw {

namespace {

void add_tower(const std::string& part, const CLIPTowerConfig& c, Fingerprint& switches) {
  switches[part + "hidden_act"] = c.hidden_act;
  switches[part + "attention_dropout"] = fmt::format("{}", c.attention_dropout);
  switches[part + "layer_norm_eps"] = fmt::format("{}", c.layer_norm_eps);
  switches[part + "num_attention_heads"] = fmt::format("{}", c.num_attention_heads);
}

void add_pictures(const std::string& part, const CLIPVisionConfig& c, Fingerprint& switches) {
  add_tower(part, c, switches);
  switches[part + "image_size"] = fmt::format("{}", c.image_size);
  switches[part + "patch_size"] = fmt::format("{}", c.patch_size);
}

struct CLIPPairs {
  using Model = CLIPModel;

  static PatchLimits pictures(const CLIPConfig& c) { return c.vision.limits(); }
  static TextLimits texts(const CLIPConfig& c) { return {c.text.max_position_embeddings, c.text.vocab_size}; }
  static int64_t picture_width(const CLIPConfig& c) { return c.vision.hidden_size; }
  static int64_t text_width(const CLIPConfig& c) { return c.text.hidden_size; }

  static Fingerprint switches(const CLIPConfig& c) {
    Fingerprint switches{{"text_config.eos_token_id", fmt::format("{}", c.text.eos_token_id)}};
    add_tower("text_config.", c.text, switches);
    add_pictures("vision_config.", c.vision, switches);
    return switches;
  }
};

struct CLIPPictures {
  using Config = CLIPClassifierConfig;
  using Input = PatchInput;

  static TextLimits limits(const CLIPClassifierConfig& c) { return {.files = c.vision.limits()}; }
  static int64_t width(const CLIPClassifierConfig& c) { return c.vision.hidden_size; }
  static Fingerprint switches(const CLIPClassifierConfig& c) {
    Fingerprint switches;
    add_pictures("vision_config.", c.vision, switches);
    return switches;
  }
  static const CLIPVisionTower& trunk(const CLIPForImageClassification& model) { return model.vision_model; }
  static void set_checkpointing(CLIPForImageClassification& model, bool on) {
    model.vision_model.encoder.checkpointing = on;
  }
};

void take_widths(CLIPTowerConfig& c, const FreshSizes& sizes) {
  const auto [hidden_size, heads, intermediate_size] = fresh_widths(sizes, c.hidden_size);
  c.hidden_size = hidden_size;
  c.num_hidden_layers = sizes.layers.value_or(c.num_hidden_layers);
  c.num_attention_heads = heads;
  c.intermediate_size = intermediate_size;
  c.hidden_act = sizes.activation.value_or(c.hidden_act);
  c.attention_dropout = sizes.dropout.value_or(c.attention_dropout);
}

// A text is read where it ends: by the token that the tokenizer puts there.
int64_t end_token(const Tokenizer& tokenizer) {
  const SpecialTokens& special = tokenizer.special();
  const int32_t id = needed_token(special.eos ? special.eos : special.sep, "end", "CLIP");
  if (id == CLIPTextConfig::eos_of_old_files)
    fail(
        "the end token of texts is number {}, by which CLIP's files of before 2023 mean each text's highest id: a "
        "tokenizer with another number is needed",
        id);
  return id;
}

// Both towers have these sizes.
Json fresh_clip(const FreshSizes& sizes, const Tokenizer& tokenizer) {
  if (const int64_t channels = sizes.channels.value_or(3); channels != 1 && channels != 3)
    throw std::invalid_argument(fmt::format("channels {}: pictures have 1 (grey) or 3 (colours)", channels));
  CLIPConfig c;
  take_widths(c.text, sizes);
  take_widths(c.vision, sizes);
  c.text.vocab_size = static_cast<int64_t>(tokenizer.vocab_size());
  c.text.max_position_embeddings = sizes.positions.value_or(c.text.max_position_embeddings);
  c.text.eos_token_id = end_token(tokenizer);
  c.vision.image_size = sizes.image_size.value_or(c.vision.image_size);
  c.vision.patch_size = sizes.patch_size.value_or(c.vision.patch_size);
  c.vision.num_channels = sizes.channels.value_or(c.vision.num_channels);
  c.projection_dim = sizes.projection_size.value_or(c.projection_dim);
  return c.to_json(CLIPModel::architecture);
}

constexpr ModelFamily clip() {
  ModelFamily family = text_family<CLIPPictures, CLIPForImageClassification>("clip");
  family.checkpoint_names = [](const Json& json) { return CLIPConfig::from_json(json).checkpoint_names(); };
  family.reads = InputKind::pictures;
  family.fresh_config = fresh_clip;
  family.open_pair = open_image_text<CLIPPairs>;
  return family;
}

}  // namespace

constinit const ModelFamily clip_family = clip();

}  // namespace thaw
