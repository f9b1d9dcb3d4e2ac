// SPDX-License-Identifier: Apache-2.0
// EncoderDecoderConfig: two BERTs, one that reads and one that writes, read from config.json and written back.
#pragma once

#include <string>
#include <vector>

#include "models/bert/config.h"
#include "models/writer_tokens.h"

namespace thaw {

// What of the two is one set of numbers. The attention to the encoder's states and the head are the decoder's alone.
enum class EncoderDecoderTie {
  none,
  words,   // the table of words; config.json has "tie_encoder_decoder_words"
  layers,  // BertShare (Rothe et al. 2020): the embeddings, and the decoder's layers are the encoder's lowest ones;
           // "tie_encoder_decoder", as older versions of the reference library have it
};

struct EncoderDecoderConfig : PretrainedConfig, WriterTokens {
  BertConfig encoder, decoder;
  EncoderDecoderTie tie = EncoderDecoderTie::none;

  // Throws std::runtime_error "FILE: KEY: what is wrong" as BertConfig does ("decoder.hidden_size"), of parts that are
  // no BERT, a decoder that is none by its own configuration, and sizes that do not allow what is to be tied.
  static EncoderDecoderConfig from_json(const Json& json);
  Json to_json(const std::string& architecture) const;

  CheckpointNames checkpoint_names() const;
  // Numbers decide: what differs in the file is not tied, whatever config.json says; the source's report says so.
  void settle(CheckpointSource& source);

  // The tensors that are tied, by their names in a bare BERT: "embeddings.word_embeddings.weight".
  std::vector<std::string> tied_names() const;
};

// The two configurations as one of an encoder-decoder that is to be made.
Json encoder_decoder_json(const Json& encoder, const Json& decoder, const WriterTokens& tokens, EncoderDecoderTie tie);

}  // namespace thaw
