// SPDX-License-Identifier: Apache-2.0
// The pretraining heads.
#include "models/bert/pretraining.h"

#include "models/labelled_tokens.h"

namespace thaw {

BertPredictionHead::BertPredictionHead(const Scope& s, const BertConfig& config, const Parameter& word_embeddings,
                                       const BertPredictionNames& names)
    : transform(s / names.dense, config.hidden_size, config.hidden_size, Init::normal(config.initializer_range)),
      norm(s / names.norm, config.hidden_size, config.layer_norm_eps),
      activation(config.activation()) {
  const Parameter bias = s.parameter("bias", {config.vocab_size}, Init::zeros());
  if (config.tie_word_embeddings) {
    decoder = Linear(s / "decoder", word_embeddings, bias);
  } else {
    // The reference then has a second bias, which is the one that counts; the first is carried along.
    decoder = Linear(s / "decoder", config.hidden_size, config.vocab_size, Init::normal(config.initializer_range));
  }
}

Variable BertPredictionHead::operator()(const Variable& hidden) const {
  return decoder(norm(transform(hidden, activation)));
}

Variable BertPredictionHead::loss_of(const Variable& hidden, const Indices& targets, double count) const {
  return decoder.cross_entropy(norm(transform(hidden, activation)), targets, {}, count);
}

Variable BertPredictionHead::loss(const Variable& hidden, const std::vector<int32_t>& labels, double count,
                                  const CrossEntropy& options, Tensor* tokens) const {
  const LabelledTokens labelled = labelled_tokens(hidden, labels);
  if (!labelled.hidden.defined()) return no_loss(hidden);
  return decoder.cross_entropy(norm(transform(labelled.hidden, activation)), labelled.targets, options, count, 1,
                               tokens);
}

BertForPreTraining::Logits BertForPreTraining::logits(const BertInput& text) const {
  const Bert::States states = bert.states(text);
  return {predictions(states.tokens), relation(states)};
}

BertForPreTraining::Logits BertForPreTraining::logits_at(const BertInput& text, const Indices& tokens) const {
  const Bert::States states = bert.states(text);
  return {predictions(take_rows(states.tokens, tokens)), relation(states)};
}

Variable BertForPreTraining::loss(const BertInput& text, const std::vector<int32_t>& labels,
                                  const std::vector<int32_t>& next_sentence, double word_count,
                                  double text_count) const {
  const Bert::States states = bert.states(text);
  const Variable of_words = predictions.loss(states.tokens, labels, word_count);
  const Indices relations(next_sentence, states.tokens.value().device());
  return add(of_words, cross_entropy(relation(states), relations, {}, text_count));
}

Variable BertForPreTraining::loss_at(const BertInput& text, const Indices& tokens, const Indices& words,
                                     const Indices& next_sentence, double word_count, double text_count) const {
  const Bert::States states = bert.states(text);
  const Variable of_pairs = cross_entropy(relation(states), next_sentence, {}, text_count);
  return add(predictions.loss_of(take_rows(states.tokens, tokens), words, word_count), of_pairs);
}

}  // namespace thaw
