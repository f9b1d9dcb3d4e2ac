// SPDX-License-Identifier: Apache-2.0
// BERT with a linear head for classes of texts or of tokens. T tokens, B texts, L labels.
#pragma once

#include "models/bert/bert.h"
#include "models/classification_loss.h"

namespace thaw {

// One label, several, or numbers, of a text or of a pair of texts.
struct BertForSequenceClassification {
  static constexpr const char* architecture = "BertForSequenceClassification";
  static constexpr const char* head = "classifier";
  using Config = BertConfig;
  Bert bert;
  DropoutLayer dropout;
  Linear classifier;
  ProblemType problem;

  BertForSequenceClassification(const Scope& s, const BertConfig& config)
      : bert(s / "bert", config),
        dropout(s, config.head_dropout()),
        classifier(s / "classifier", config.hidden_size, config.num_labels(), Init::normal(config.initializer_range)),
        problem(config.problem()) {}

  Variable operator()(const BertInput& text) const { return classifier(dropout(bert.pooled(text))); }  // [B, L]
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }
};

// A label for each token: names, parts of speech.
struct BertForTokenClassification {
  static constexpr const char* architecture = "BertForTokenClassification";
  static constexpr const char* head = "classifier";
  using Config = BertConfig;
  Bert bert;
  DropoutLayer dropout;
  Linear classifier;

  BertForTokenClassification(const Scope& s, const BertConfig& config)
      : bert(s / "bert", config, Bert::Pooler::without),
        dropout(s, config.head_dropout()),
        classifier(s / "classifier", config.hidden_size, config.num_labels(), Init::normal(config.initializer_range)) {}

  Variable operator()(const BertInput& text) const { return classifier(dropout(bert(text))); }  // [T, L]
  // Mean over the tokens whose label is not -100; or their sum divided by `count`.
  Variable loss(const Variable& logits, const Indices& labels, double count = 0) const {
    return cross_entropy(logits, labels, {}, count);
  }
};

}  // namespace thaw
