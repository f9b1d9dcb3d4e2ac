// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of MPNet, and the heads that they find: a head is a name in the list.
#include "models/mpnet/family.h"

#include <optional>

#include "models/bert/fresh_sizes.h"
#include "models/bert/sequence_body.h"
#include "models/mpnet/heads.h"
#include "models/mpnet/sequence_body.h"
#include "models/text_family.h"
#include "tensor/check.h"

namespace thaw {

namespace {

struct MPNetTexts {
  using Config = MPNetConfig;
  using Input = MPNetInput;

  static TextLimits limits(const MPNetConfig& c) { return {c.positions(), c.vocab_size, std::nullopt}; }
  static int64_t width(const MPNetConfig& c) { return c.hidden_size; }

  static Fingerprint switches(const MPNetConfig& c) { return switches_of_body(c); }

  template <typename Head>
  static const MPNet& trunk(const Head& model) {
    return model.mpnet;
  }
  template <typename Head>
  static void set_checkpointing(Head& model, bool on) {
    model.mpnet.checkpointing = on;
  }
};

Json fresh_mpnet(const FreshSizes& sizes, const Tokenizer& tokenizer) {
  constexpr int64_t usual_positions = 512;
  MPNetConfig c;
  take_sizes(c, sizes, tokenizer);
  c.max_position_embeddings = sizes.positions.value_or(usual_positions) + MPNetConfig::padding + 1;
  if (const int32_t pad = needed_token(tokenizer.special().pad, "padding", "MPNet"); pad != MPNetConfig::padding)
    fail("the tokenizer's padding is token {}: that of an MPNet is token {}", pad, MPNetConfig::padding);
  Json out = c.to_json(MPNetForMaskedLM::architecture);
  out.set("bos_token_id", id_json(tokenizer.special().bos));
  out.set("eos_token_id", id_json(tokenizer.special().eos));
  return out;
}

constexpr ModelFamily mpnet() {
  ModelFamily family = text_family<MPNetTexts, MPNetForSequenceClassification, MPNetForTokenClassification,
                                   MPNetForQuestionAnswering, MPNetForMaskedLM, MPNetEncoder>("mpnet");
  family.fresh_config = fresh_mpnet;
  family.open_body = open_mpnet_body;
  return family;
}

}  // namespace

constinit const ModelFamily mpnet_family = mpnet();

}  // namespace thaw
