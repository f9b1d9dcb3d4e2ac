// SPDX-License-Identifier: Apache-2.0
// Encoder and decoder put together.
#include "models/encoder_decoder/encoder_decoder.h"

namespace thaw {

namespace {

Linear projection_at(const Scope& s, const EncoderDecoderConfig& c) {
  if (c.encoder.hidden_size == c.decoder.hidden_size) return {};
  return Linear(s, c.encoder.hidden_size, c.decoder.hidden_size, Init::normal(c.decoder.initializer_range));
}

BertDecoder decoder_at(const Scope& s, const EncoderDecoderConfig& c, const Bert& encoder) {
  if (c.tie == EncoderDecoderTie::layers) return BertDecoder(s, c.decoder, encoder);
  return BertDecoder(s, c.decoder, c.tie == EncoderDecoderTie::words ? encoder.embeddings.words : Embedding());
}

}  // namespace

EncoderDecoderModel::EncoderDecoderModel(const Scope& s, const EncoderDecoderConfig& config)
    : encoder(s / "encoder", config.encoder, Bert::Pooler::without),
      enc_to_dec_proj(projection_at(s / "enc_to_dec_proj", config)),
      decoder(decoder_at(s / "decoder.bert", config, encoder)),
      predictions(s / "decoder.cls.predictions", config.decoder, decoder.embeddings.words.weight) {
  for (const std::string& name : config.tied_names())
    tied_.emplace_back((s / "decoder.bert" / name).path(), s.store().find((s / "encoder" / name).path()));
  if (!tied_.empty()) encoder.embeddings.words.weight.also_call(tied_[0].first);
}

std::vector<CarriedTensor> EncoderDecoderModel::copies() const {
  std::vector<CarriedTensor> copies;
  for (const auto& [name, parameter] : tied_) copies.push_back({name, parameter.value()});
  return copies;
}

}  // namespace thaw
