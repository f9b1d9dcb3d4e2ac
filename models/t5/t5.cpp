// SPDX-License-Identifier: Apache-2.0
// T5's parts put together.
#include "models/t5/t5.h"

#include <cmath>

#include "models/labelled_tokens.h"

namespace thaw {

namespace {

Embedding words_at(const Scope& s, const T5Config& config) {
  return {s / "shared", config.vocab_size, config.d_model, Init::normal(config.initializer_factor)};
}

}  // namespace

T5Model::T5Model(const Scope& s, const T5Config& config)
    : words(words_at(s, config)),
      encoder(s / "encoder", config, T5Block::Kind::encoder, words),
      decoder(s / "decoder", config, T5Block::Kind::decoder, words) {}

T5EncoderModel::T5EncoderModel(const Scope& s, const T5EncoderConfig& config)
    : words(words_at(s, config)), encoder(s / "encoder", config, T5Block::Kind::encoder, words) {}

T5Head::T5Head(const Scope& s, const T5Config& config, const Parameter& words)
    : matrix(config.head_is_shared
                 ? Linear(s, words)
                 : Linear(s, config.d_model, config.vocab_size, Init::normal(config.initializer_factor), false)),
      factor(config.scale_decoder_outputs ? 1 / std::sqrt(static_cast<double>(config.d_model)) : 1) {
  if (config.head_is_shared) words.also_call((s / "weight").path());
}

Variable T5Head::operator()(const Variable& hidden) const {
  return matrix(factor == 1 ? hidden : scale(hidden, factor));
}

Variable T5Head::loss(const Variable& hidden, const std::vector<int32_t>& labels, double count,
                      const CrossEntropy& options, Tensor* tokens) const {
  const LabelledTokens labelled = labelled_tokens(hidden, labels);
  if (!labelled.hidden.defined()) return no_loss(hidden);
  return matrix.cross_entropy(labelled.hidden, labelled.targets, options, count, factor, tokens);
}

}  // namespace thaw
