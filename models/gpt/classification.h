// SPDX-License-Identifier: Apache-2.0
// GPT with a linear head for classes of texts, which reads each text's last token. B texts, T tokens, L labels.
#pragma once

#include "models/classes_and_words.h"
#include "models/classification_loss.h"
#include "models/gpt/gpt.h"

namespace thaw {

// One label, several, or numbers, of a text.
struct GptForSequenceClassification {
  static constexpr const char* architecture = "GPT2ForSequenceClassification";
  static constexpr const char* gpt1_architecture = "OpenAIGPTForSequenceClassification";
  static constexpr const char* head = "score";
  using Config = GptConfig;
  Gpt transformer;
  DropoutLayer dropout;
  Linear score;
  ProblemType problem;

  GptForSequenceClassification(const Scope& s, const GptConfig& config)
      : transformer(s / "transformer", config, Gpt::Reads::last),
        dropout(s, config.classifier_dropout.value_or(0)),
        score(s / "score", config.n_embd, config.num_labels(), Init::normal(config.initializer_range), false),
        problem(config.problem()) {}

  Variable operator()(const GptInput& text) const { return score(dropout(transformer.last_tokens(text))); }  // [B, L]
  Variable loss(const Variable& logits, const ClassificationTargets& targets, double count = 0) const {
    return classification_loss(problem, logits, targets, count);
  }

  // GPT-1's recipe (Radford et al. 2018, equations 4 and 5): the same pass also says next tokens, by the words'
  // vectors. Row tokens[i] says truths[i]; their cross-entropies are summed and divided by `count` (0: by their
  // number).
  ClassesAndWords classes_and_words(const GptInput& text, const Indices& tokens, const Indices& truths,
                                    double count = 0) const {
    const Gpt::States states = transformer.states(text);
    return {score(dropout(states.last_tokens)),
            linear_cross_entropy(take_rows(states.tokens, tokens), transformer.words.weight, {}, truths, {}, count)};
  }
};

}  // namespace thaw
