// SPDX-License-Identifier: Apache-2.0
// An encoder-decoder that begins with what two BERTs have learnt (Rothe et al. 2020).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tensor/device.h"

namespace thaw {

// Directories of models of the family "bert", with a head or without; they may be one.
struct WarmStart {
  std::string encoder, decoder;
  bool random_encoder = false, random_decoder = false;  // of a directory its configuration and tokenizer alone
  std::optional<int64_t> decoder_layers;                // the lowest ones; absent: all of them
  bool tie_embeddings = false;                          // one table of words
  bool share = false;                                   // BertShare: and one set of layers, which are the encoder's
};

struct WarmStarted {
  int64_t parameters = 0;          // numbers, those that are shared once
  uint64_t bytes = 0;              // of the weights
  std::vector<std::string> notes;  // one line each: what came from where, and what is new
};

// Writes config.json, generation_config.json (texts begin with [CLS] and end with [SEP]), weights in f32 and the
// tokenizer into an existing directory. The attention between the two is new, as is the head of a decoder whose file
// has none for masked words; what is new depends on sizes and seed alone.
// std::runtime_error naming directory, file or tensor: no BERT, two different tokenizers, fewer layers than asked for,
// sizes that do not allow what is to be tied.
WarmStarted write_warm_start(const std::string& directory, const WarmStart& parts, Device device, uint64_t seed);

}  // namespace thaw
