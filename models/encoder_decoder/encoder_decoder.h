// SPDX-License-Identifier: Apache-2.0
// An encoder and a decoder that each are a BERT (Rothe et al. 2020, "Leveraging pre-trained checkpoints for sequence
// generation tasks"). T tokens of the targets, M rows of the memory, C channels of the decoder, V words. Parameters are
// named as in checkpoints; what encoder and decoder have in common has the encoder's name.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/bert/decoder.h"
#include "models/bert/pretraining.h"
#include "models/decoder_targets.h"
#include "models/encoder_decoder/config.h"
#include "models/hub/carried_tensor.h"

namespace thaw {

struct EncoderDecoderModel {
  static constexpr const char* architecture = "EncoderDecoderModel";
  using Config = EncoderDecoderConfig;
  Bert encoder;
  Linear enc_to_dec_proj;  // of an encoder that is wider or narrower than the decoder; else undefined
  BertDecoder decoder;
  BertPredictionHead predictions;

  EncoderDecoderModel(const Scope& s, const EncoderDecoderConfig& config);

  EncoderMemory encode(const BertInput& sources) const { return encoder.memory(sources); }
  // As the decoder's layers read it: [M, C].
  EncoderMemory read(const EncoderMemory& memory) const {
    return enc_to_dec_proj.defined() ? EncoderMemory{enc_to_dec_proj(memory.states), memory.segments} : memory;
  }
  // `text`, of source b its text b, begins with the start token. -> [T, C]
  Variable decode(const PackedText& text, const EncoderMemory& memory, std::vector<Variable>* hidden = nullptr) const {
    return decoder(text, read(memory), hidden);
  }
  Variable operator()(const BertInput& sources, const PackedText& text) const {  // [T, V]
    return predictions(decode(text, encode(sources)));
  }
  // Mean over the labels that are not -100, or their sum divided by `count`; see BertPredictionHead::loss().
  Variable loss(const BertInput& sources, const DecoderTargets& targets, double count = 0,
                const CrossEntropy& options = {}) const {
    return predictions.loss(decode(targets.read, encode(sources)), targets.labels, count, options);
  }

  void set_checkpointing(bool on) { encoder.checkpointing = decoder.checkpointing = on; }

  // What files have twice: tied parameters under the decoder's names.
  std::vector<CarriedTensor> copies() const;

 private:
  std::vector<std::pair<std::string, Parameter>> tied_;  // by the decoder's names
};

}  // namespace thaw
