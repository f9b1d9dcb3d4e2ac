// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of BERT, and the heads that they find: a head is a name in the list.
#include "models/bert/family.h"

#include <fmt/format.h>

#include "models/bert/classification.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "models/text_family.h"

namespace thaw {

namespace {

struct BertTexts {
  using Config = BertConfig;
  using Input = BertInput;

  static TextLimits limits(const BertConfig& c) { return {c.max_position_embeddings, c.vocab_size, c.type_vocab_size}; }
  static int64_t width(const BertConfig& c) { return c.hidden_size; }

  static Fingerprint switches(const BertConfig& c) {
    return {{"hidden_act", c.hidden_act},
            {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
            {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
            {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
            {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)},
            {"classifier_dropout", fmt::format("{}", c.head_dropout())}};
  }

  template <typename Head>
  static const Bert& trunk(const Head& model) {
    return model.bert;
  }
  template <typename Head>
  static void set_checkpointing(Head& model, bool on) {
    model.bert.checkpointing = on;
  }
};

}  // namespace

constinit const ModelFamily bert_family =
    text_family<BertTexts, BertForSequenceClassification, BertForTokenClassification, BertForQuestionAnswering,
                BertForMaskedLM, BertEncoder>("bert");

}  // namespace thaw
