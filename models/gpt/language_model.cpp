// SPDX-License-Identifier: Apache-2.0
// Next tokens.
#include "models/gpt/language_model.h"

#include "models/gpt/decoder.h"
#include "models/labelled_tokens.h"
#include "tensor/check.h"

namespace thaw {

GptLMHeadModel::GptLMHeadModel(const Scope& s, const GptConfig& config)
    : transformer(s / "transformer", config),
      lm_head(config.tie_word_embeddings ? Linear(s / "lm_head", transformer.words.weight)
                                         : Linear(s / "lm_head", config.n_embd, config.vocab_size,
                                                  Init::normal(config.initializer_range), false)) {
  if (config.tie_word_embeddings) transformer.words.weight.also_call((s / "lm_head.weight").path());
}

Variable GptLMHeadModel::loss(const GptInput& text, const std::vector<int32_t>& labels, double count) const {
  const LabelledTokens labelled = labelled_tokens(transformer(text), next_labels(text.segments, labels));
  if (!labelled.hidden.defined()) return no_loss(transformer.words.weight.variable());
  return lm_head.cross_entropy(labelled.hidden, labelled.targets, {}, count);
}

std::unique_ptr<Decoder> GptLMHeadModel::decoder() const { return std::make_unique<GptDecoder>(*this); }

std::vector<int32_t> next_labels(const Segments& segments, const std::vector<int32_t>& labels) {
  check(static_cast<int64_t>(labels.size()) == segments.total(), "{} labels for {} tokens", labels.size(),
        segments.total());
  std::vector<int32_t> next(labels.size(), -100);
  for (int64_t b = 0; b < segments.count(); ++b)
    for (int32_t t = segments.begin(b) + 1; t < segments.end(b); ++t)
      next[static_cast<size_t>(t - 1)] = labels[static_cast<size_t>(t)];
  return next;
}

}  // namespace thaw
