// SPDX-License-Identifier: Apache-2.0
// A small encoder-decoder made on the spot: two BERTs with random weights.
#pragma once

#include "models/encoder_decoder/encoder_decoder.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_t5.h"

namespace thaw {

// 3 layers and 2 of the decoder, 16 channels; begins with [CLS], ends with [SEP]; no dropout.
EncoderDecoderConfig small_encoder_decoder_config(EncoderDecoderTie tie = EncoderDecoderTie::none);

struct SmallEncoderDecoder {
  EncoderDecoderConfig config;
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  EncoderDecoderModel model;
  explicit SmallEncoderDecoder(const EncoderDecoderConfig& c = small_encoder_decoder_config())
      : config(c), model(Scope(store), config) {
    randomise(store);
  }
  BertInput sources(const std::vector<std::vector<int32_t>>& texts) const;
  DecoderTargets targets(const std::vector<std::vector<int32_t>>& texts) const {
    return DecoderTargets::from_labels(texts, config, device);
  }
};

}  // namespace thaw
