// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of BERT, and the heads that they find: a head is a name in the list.
#include "models/bert/family.h"

#include <fmt/format.h>

#include "models/bert/classification.h"
#include "models/bert/fresh_sizes.h"
#include "models/bert/pretraining.h"
#include "models/bert/question_answering.h"
#include "models/bert/sequence_body.h"
#include "models/text_family.h"

namespace thaw {

namespace {

struct BertTexts {
  using Config = BertConfig;
  using Input = BertInput;

  static TextLimits limits(const BertConfig& c) { return {c.max_position_embeddings, c.vocab_size, c.type_vocab_size}; }
  static int64_t width(const BertConfig& c) { return c.hidden_size; }

  static Fingerprint switches(const BertConfig& c) {
    Fingerprint switches = switches_of_body(c);
    switches["classifier_dropout"] = fmt::format("{}", c.head_dropout());
    return switches;
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

Json fresh_bert(const FreshSizes& sizes, const Tokenizer& tokenizer) {
  BertConfig c;
  take_sizes(c, sizes, tokenizer);
  c.max_position_embeddings = sizes.positions.value_or(c.max_position_embeddings);
  c.pad_token_id = needed_token(tokenizer.special().pad, "padding", "BERT");
  return c.to_json(BertForMaskedLM::architecture);
}

constexpr ModelFamily bert() {
  ModelFamily family = text_family<BertTexts, BertForSequenceClassification, BertForTokenClassification,
                                   BertForQuestionAnswering, BertForMaskedLM, BertForPreTraining, BertEncoder>("bert");
  family.fresh_config = fresh_bert;
  family.words = "{bert.embeddings.word_embeddings.weight,cls.predictions.{decoder.weight,decoder.bias,bias}}";
  family.open_body = open_bert_body;
  return family;
}

}  // namespace

constinit const ModelFamily bert_family = bert();

}  // namespace thaw
