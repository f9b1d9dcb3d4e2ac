// SPDX-License-Identifier: Apache-2.0
// What MPNet is trained for: classes of texts and of tokens, answers, masked words. T tokens, B texts, L labels,
// V words.
#pragma once

#include <vector>

#include "models/bert/pretraining.h"
#include "models/classification_loss.h"
#include "models/mpnet/mpnet.h"
#include "models/span_loss.h"

namespace thaw {

// out(dropout(tanh(dense(dropout(first token))))); one label, several, or numbers, of a text or of a pair of texts.
struct MPNetForSequenceClassification {
  static constexpr const char* architecture = "MPNetForSequenceClassification";
  static constexpr const char* head = "classifier";
  static constexpr const char* output = "classifier.out_proj";
  using Config = MPNetConfig;
  MPNet mpnet;
  DropoutLayer dropout;
  Linear dense, out_proj;
  ProblemType problem;

  MPNetForSequenceClassification(const Scope& s, const MPNetConfig& config)
      : mpnet(s / "mpnet", config, MPNet::Pooler::without),
        dropout(s, config.hidden_dropout_prob),
        dense(s / "classifier.dense", config.hidden_size, config.hidden_size, Init::normal(config.initializer_range)),
        out_proj(s / "classifier.out_proj", config.hidden_size, config.num_labels(),
                 Init::normal(config.initializer_range)),
        problem(config.problem()) {
    mpnet.for_first_tokens = true;
  }

  Variable operator()(const MPNetInput& text) const {  // [B, L]
    return out_proj(dropout(dense(dropout(mpnet.first_tokens(text)), UnaryOp::tanh)));
  }
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }
};

// A label for each token.
struct MPNetForTokenClassification {
  static constexpr const char* architecture = "MPNetForTokenClassification";
  static constexpr const char* head = "classifier";
  using Config = MPNetConfig;
  MPNet mpnet;
  DropoutLayer dropout;
  Linear classifier;

  MPNetForTokenClassification(const Scope& s, const MPNetConfig& config)
      : mpnet(s / "mpnet", config, MPNet::Pooler::without),
        dropout(s, config.hidden_dropout_prob),
        classifier(s / "classifier", config.hidden_size, config.num_labels(), Init::normal(config.initializer_range)) {}

  Variable operator()(const MPNetInput& text) const { return classifier(dropout(mpnet(text))); }  // [T, L]
  // Mean over the tokens whose label is not -100; or their sum divided by `count`.
  Variable loss(const Variable& logits, const Indices& labels, double count = 0) const {
    return cross_entropy(logits, labels, {}, count);
  }
};

// For each token, how well an answer begins or ends there.
struct MPNetForQuestionAnswering {
  static constexpr const char* architecture = "MPNetForQuestionAnswering";
  static constexpr const char* head = "qa_outputs";
  using Config = MPNetConfig;
  MPNet mpnet;
  Linear qa_outputs;

  MPNetForQuestionAnswering(const Scope& s, const MPNetConfig& config);

  Variable operator()(const MPNetInput& text) const { return qa_outputs(mpnet(text)); }  // [T, 2]: start, end
  // See span_loss().
  Variable loss(const Variable& logits, const MPNetInput& text, const std::vector<int32_t>& starts,
                const std::vector<int32_t>& ends, double start_count = 0, double end_count = 0) const {
    return span_loss(logits, text.segments, starts, ends, start_count, end_count);
  }
};

// The words that are masked. Its head's activation is GELU, whatever the layers' is.
struct MPNetForMaskedLM {
  static constexpr const char* architecture = "MPNetForMaskedLM";
  static constexpr const char* head = "lm_head";
  static constexpr const char* output = "lm_head.dense";  // the decoder is the embeddings' weight
  using Config = MPNetConfig;
  MPNet mpnet;
  BertPredictionHead lm_head;

  MPNetForMaskedLM(const Scope& s, const MPNetConfig& config);

  Variable operator()(const MPNetInput& text) const { return lm_head(mpnet(text)); }  // [T, V]
  Variable at_tokens(const MPNetInput& text, const Indices& tokens) const {           // [R, V]
    return lm_head(take_rows(mpnet(text), tokens));
  }
  Variable loss_at_tokens(const MPNetInput& text, const Indices& tokens, const Indices& targets, double count) const {
    return lm_head.loss_of(take_rows(mpnet(text), tokens), targets, count);
  }
  Variable loss(const MPNetInput& text, const std::vector<int32_t>& labels, double count = 0) const {
    return lm_head.loss(mpnet(text), labels, count);
  }
};

}  // namespace thaw
