// SPDX-License-Identifier: Apache-2.0
// T5 (Raffel et al. 2020): an encoder and a decoder with one table of words, and what says words of the decoder's
// states. T tokens of the targets, C channels (d_model), V words. Parameters are named as in checkpoints.
#pragma once

#include <cstdint>
#include <vector>

#include "models/decoder_targets.h"
#include "models/t5/stack.h"

namespace thaw {

struct T5Model {
  static constexpr const char* architecture = "T5Model";
  using Config = T5Config;
  Embedding words;
  T5Stack encoder, decoder;

  T5Model(const Scope& s, const T5Config& config);

  EncoderMemory encode(const PackedText& sources) const { return encoder.encode(sources); }
  // `read`, text b of source b, begins with the start token. -> [T, C]
  Variable operator()(const PackedText& sources, const PackedText& read) const {
    return decoder(read, encode(sources));
  }

  // Keep less for gradients, and compute it again.
  void set_checkpointing(bool on) { encoder.checkpointing = decoder.checkpointing = on; }
};

// W (d_model^-1/2) h, of files that scale; W h of the others. The matrix is the embeddings' or its own.
struct T5Head {
  Linear matrix;  // C -> V
  double factor = 1;

  T5Head(const Scope& s, const T5Config& config, const Parameter& words);
  Variable operator()(const Variable& hidden) const;  // [R, C] -> [R, V]
  // Mean cross-entropy over the tokens whose label is not -100; or their sum divided by `count`. Logits are made for
  // those tokens alone, and in chunks where they are many (linear_cross_entropy). `tokens`, if it is there, gets each
  // such token's own loss, undivided.
  Variable loss(const Variable& hidden, const std::vector<int32_t>& labels, double count = 0,
                const CrossEntropy& options = {}, Tensor* tokens = nullptr) const;
};

struct T5ForConditionalGeneration {
  static constexpr const char* architecture = "T5ForConditionalGeneration";
  static constexpr const char* head = "lm_head";
  using Config = T5Config;
  T5Model model;
  T5Head lm_head;

  T5ForConditionalGeneration(const Scope& s, const T5Config& config)
      : model(s, config), lm_head(s / "lm_head", config, model.words.weight) {}

  Variable operator()(const PackedText& sources, const PackedText& read) const {  // [T, V]
    return lm_head(model(sources, read));
  }
  Variable at_tokens(const PackedText& sources, const PackedText& read, const Indices& tokens) const {  // [R, V]
    return lm_head(take_rows(model(sources, read), tokens));
  }
  // The loss of the targets behind what the encoder made of their sources; arguments as those of T5Head::loss().
  Variable loss(const EncoderMemory& sources, const DecoderTargets& targets, double count = 0,
                const CrossEntropy& options = {}, Tensor* tokens = nullptr) const {
    return lm_head.loss(model.decoder(targets.read, sources), targets.labels, count, options, tokens);
  }
  Variable loss(const PackedText& sources, const DecoderTargets& targets, double count = 0,
                const CrossEntropy& options = {}) const {
    return loss(model.encode(sources), targets, count, options);
  }
};

// The encoder alone: the last hidden states [T, C] are its outputs.
struct T5EncoderModel {
  static constexpr const char* architecture = "T5EncoderModel";
  using Config = T5EncoderConfig;
  Embedding words;
  T5Stack encoder;

  T5EncoderModel(const Scope& s, const T5EncoderConfig& config);
  Variable operator()(const PackedText& text) const { return encoder(text); }
};

}  // namespace thaw
