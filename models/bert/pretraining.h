// SPDX-License-Identifier: Apache-2.0
// The heads BERT is pretrained with (Devlin et al. 2019, section 3.1): masked words, and whether one sentence follows
// another. T tokens, R of them, B texts, C channels, V words.
#pragma once

#include "models/bert/bert.h"

namespace thaw {

// What a prediction head calls its parts.
struct BertPredictionNames {
  std::string dense = "transform.dense", norm = "transform.LayerNorm";
};

// decoder(LayerNorm(act(W h + b))). The decoder's weight is the word embeddings' and its bias the scope's own (tied),
// or both are the decoder's; then nothing reads the scope's, which files have all the same.
struct BertPredictionHead {
  Linear transform;  // C -> C
  LayerNorm norm;
  UnaryOp activation;
  Linear decoder;  // C -> V

  // s: "cls.predictions" of a BERT. word_embeddings [V, C]: unused where they are not tied.
  BertPredictionHead(const Scope& s, const BertConfig& config, const Parameter& word_embeddings,
                     const BertPredictionNames& names = {});

  Variable operator()(const Variable& hidden) const;  // [R, C] -> [R, V]
  // Mean cross-entropy of the rows [R, C], whose words are targets [R], or their sum divided by `count` unless that is
  // 0; of the logits no more than a chunk is there at once (linear_cross_entropy).
  Variable loss_of(const Variable& hidden, const Indices& targets, double count = 0) const;
  // The same of hidden [T, C] over the tokens whose label is not -100: logits are made for those alone; 0 where there
  // are none. `tokens`, if it is there, gets each such token's own loss [R], undivided; it stays as it is where there
  // are none. std::invalid_argument: not T labels.
  Variable loss(const Variable& hidden, const std::vector<int32_t>& labels, double count = 0,
                const CrossEntropy& options = {}, Tensor* tokens = nullptr) const;
};

struct BertForMaskedLM {
  static constexpr const char* architecture = "BertForMaskedLM";
  static constexpr const char* head = "cls.predictions";
  static constexpr const char* output = "cls.predictions.transform.dense";  // the decoder is the embeddings' weight
  static constexpr const char* also_in = "ForPreTraining";
  using Config = BertConfig;
  Bert bert;
  BertPredictionHead predictions;

  BertForMaskedLM(const Scope& s, const BertConfig& config)
      : bert(s / "bert", config, Bert::Pooler::without),
        predictions(s / "cls.predictions", config, bert.embeddings.words.weight) {}

  Variable operator()(const BertInput& text) const { return predictions(bert(text)); }  // [T, V]
  Variable at_tokens(const BertInput& text, const Indices& tokens) const {              // [R, V]
    return predictions(take_rows(bert(text), tokens));
  }
  Variable loss_at_tokens(const BertInput& text, const Indices& tokens, const Indices& targets, double count) const {
    return predictions.loss_of(take_rows(bert(text), tokens), targets, count);
  }
  Variable loss(const BertInput& text, const std::vector<int32_t>& labels, double count = 0) const {
    return predictions.loss(bert(text), labels, count);
  }
};

// Two classes of a pair of texts. 0: the second follows the first; 1: it does not.
struct BertForNextSentencePrediction {
  static constexpr const char* architecture = "BertForNextSentencePrediction";
  using Config = BertConfig;
  Bert bert;
  Linear seq_relationship;

  BertForNextSentencePrediction(const Scope& s, const BertConfig& config)
      : bert(s / "bert", config),
        seq_relationship(s / "cls.seq_relationship", config.hidden_size, 2, Init::normal(config.initializer_range)) {}

  Variable operator()(const BertInput& text) const { return seq_relationship(bert.pooled(text)); }  // [B, 2]
  Variable loss(const Variable& logits, const Indices& labels, double count = 0) const {
    return cross_entropy(logits, labels, {}, count);
  }
};

// Both at once. The pooler is the head's own: what of the encoder is frozen gives rows of all tokens.
struct BertForPreTraining {
  static constexpr const char* architecture = "BertForPreTraining";
  static constexpr const char* head = "cls.seq_relationship";  // the other one is BertForMaskedLM's
  static constexpr const char* also_in = "ForNextSentencePrediction";
  using Config = BertConfig;
  Bert bert;
  BertPooler pooler;
  BertPredictionHead predictions;
  Linear seq_relationship;

  struct Logits {
    Variable words;          // [T, V], of some tokens [R, V]
    Variable next_sentence;  // [B, 2]
  };

  BertForPreTraining(const Scope& s, const BertConfig& config)
      : bert(s / "bert", config, Bert::Pooler::without),
        pooler(s / "bert.pooler", config),
        predictions(s / "cls.predictions", config, bert.embeddings.words.weight),
        seq_relationship(s / "cls.seq_relationship", config.hidden_size, 2, Init::normal(config.initializer_range)) {}

  Variable operator()(const BertInput& text) const { return predictions(bert(text)); }  // the words' [T, V]
  Variable at_tokens(const BertInput& text, const Indices& tokens) const {
    return predictions(take_rows(bert(text), tokens));
  }
  Logits logits(const BertInput& text) const;
  Logits logits_at(const BertInput& text, const Indices& tokens) const;
  // The sum of both losses: mean over the labelled tokens [T], mean over the texts' labels [B]; -100 is not counted.
  // counts: parts of a batch that are given those of the whole add up; 0: this batch's own. std::invalid_argument: not
  // T labels, or not B.
  Variable loss(const BertInput& text, const std::vector<int32_t>& labels, const std::vector<int32_t>& next_sentence,
                double word_count = 0, double text_count = 0) const;
  // The same of labelled tokens alone [R], which may be none.
  Variable loss_at(const BertInput& text, const Indices& tokens, const Indices& words, const Indices& next_sentence,
                   double word_count, double text_count) const;

 private:
  Variable relation(const Bert::States& states) const { return seq_relationship(pooler(states.first_tokens)); }
};

}  // namespace thaw
