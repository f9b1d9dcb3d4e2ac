// SPDX-License-Identifier: Apache-2.0
// Makes small encoder-decoders for tests.
#include "tests/models/small_encoder_decoder.h"

namespace thaw {

EncoderDecoderConfig small_encoder_decoder_config(EncoderDecoderTie tie) {
  const BertConfig encoder = small_bert_config();
  BertConfig decoder = encoder;
  decoder.num_hidden_layers = 2;
  return EncoderDecoderConfig::from_json(
      encoder_decoder_json(encoder.to_json("BertModel"), decoder.to_json("BertModel"),
                           {.pad_token_id = 0, .decoder_start_token_id = 2, .eos_token_ids = {3}}, tie));
}

BertInput SmallEncoderDecoder::sources(const std::vector<std::vector<int32_t>>& texts) const {
  std::vector<Encoding> encodings;
  for (const std::vector<int32_t>& ids : texts) {
    Encoding& text = encodings.emplace_back();
    text.ids = ids;
    text.type_ids.resize(ids.size());
  }
  return BertInput::from_encodings(encodings, device);
}

}  // namespace thaw
