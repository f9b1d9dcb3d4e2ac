// SPDX-License-Identifier: Apache-2.0
// GPT with a linear head for classes of texts, which reads each text's last token. B texts, T tokens, L labels.
#pragma once

#include "models/classes_and_words.h"
#include "models/classification_loss.h"
#include "models/gpt/gpt.h"
#include "tensor/check.h"

namespace thaw {

// One label, several, or numbers, of a text. No dropout is in front of the head: classifier_dropout is of the
// reference's models for tokens.
struct GptForSequenceClassification {
  static constexpr const char* architecture = "GPT2ForSequenceClassification";
  static constexpr const char* gpt1_architecture = "OpenAIGPTForSequenceClassification";
  static constexpr const char* head = "score";
  using Config = GptConfig;
  Gpt transformer;
  Linear score;
  ProblemType problem;
  bool says_words;  // by their vectors; a matrix of its own (lm_head.weight) is a language model's

  GptForSequenceClassification(const Scope& s, const GptConfig& config)
      : transformer(s / "transformer", config, Gpt::Reads::last),
        score(s / "score", config.n_embd, config.num_labels(), Init::normal(config.initializer_range), false),
        problem(config.problem()),
        says_words(config.tie_word_embeddings) {}

  Variable operator()(const GptInput& text) const { return score(transformer.last_tokens(text)); }  // [B, L]
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }

  // GPT-1's recipe (Radford et al. 2018, equations 4 and 5): the same pass also says next tokens, by the words'
  // vectors. Row tokens[i] says truths[i]; their cross-entropies are summed and divided by `count` (0: by their
  // number). std::invalid_argument: the checkpoint says words by a matrix of its own.
  ClassesAndWords classes_and_words(const GptInput& text, const Indices& tokens, const Indices& truths,
                                    double count = 0) const {
    check(says_words, "{}: words are not tied: a model for classes has no matrix that says next tokens",
          transformer.words.weight.name());
    const Gpt::States states = transformer.states(text);
    return {score(states.last_tokens),
            linear_cross_entropy(take_rows(states.tokens, tokens), transformer.words.weight, {}, truths, {}, count)};
  }
};

}  // namespace thaw
