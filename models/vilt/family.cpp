// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of ViLT, and the heads that they find.
#include "models/vilt/family.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "models/text_family.h"
#include "models/vilt/question_answering.h"
#include "models/vit/fresh_layers.h"

namespace thaw {

namespace {

struct ViltQuestions {
  using Config = ViltConfig;
  using Input = ViltInput;

  static TextLimits limits(const ViltConfig& c) {
    return {.positions = c.max_position_embeddings,
            .vocab_size = c.vocab_size,
            .type_vocab_size = c.type_vocab_size,
            .files = PatchLimits{
                .channels = c.num_channels,
                .patch = {c.patch_size, c.patch_size},
                .picture = {c.image_size, c.image_size},
                .processor = ProcessorKind::vilt,
                .most = static_cast<int32_t>(std::min<int64_t>(c.max_image_length.value_or(0), INT32_MAX))}};
  }
  static int64_t width(const ViltConfig& c) { return c.hidden_size; }

  static Fingerprint switches(const ViltConfig& c) {
    return {{"hidden_act", c.hidden_act},
            {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
            {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)},
            {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
            {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
            {"image_size", fmt::format("{}", c.image_size)},
            {"patch_size", fmt::format("{}", c.patch_size)}};
  }

  template <typename Head>
  static const Vilt& trunk(const Head& model) {
    return model.vilt;
  }
  template <typename Head>
  static void set_checkpointing(Head& model, bool on) {
    model.vilt.encoder.checkpointing = on;
  }
};

Json fresh_vilt(const FreshSizes& sizes, const Tokenizer& tokenizer) {
  ViltConfig c;
  set_fresh_layers(c, sizes);
  c.vocab_size = static_cast<int64_t>(tokenizer.vocab_size());
  c.pad_token_id = tokenizer.special().pad;
  c.max_position_embeddings = sizes.positions.value_or(c.max_position_embeddings);
  c.image_size = sizes.image_size.value_or(c.image_size);
  c.patch_size = sizes.patch_size.value_or(c.patch_size);
  return c.to_json(ViltForQuestionAnswering::architecture);
}

constexpr ModelFamily vilt() {
  ModelFamily family = text_family<ViltQuestions, ViltForQuestionAnswering, ViltEncoder>("vilt");
  family.reads = InputKind::questions;
  family.fresh_config = fresh_vilt;
  family.words = "vilt.embeddings.text_embeddings.word_embeddings.weight";
  return family;
}

}  // namespace

constinit const ModelFamily vilt_family = vilt();

}  // namespace thaw
