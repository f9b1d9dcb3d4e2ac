// SPDX-License-Identifier: Apache-2.0
// What the decoder of an encoder-decoder reads beside its own text. T new tokens, M rows of the memory, C channels.
#pragma once

#include "models/generation/kept_keys.h"

namespace thaw {

// What the encoder made of the sources, for the decoder: a source a text. Of a prompt's rows too, which stand before
// those of each source: the decoder reads them like others.
struct EncoderMemory {
  Variable states;    // [M, C]
  Segments segments;  // where each source lies
};

// The next tokens of some texts that are decoded.
struct DecoderStep {
  Indices ids;        // [T]
  Indices positions;  // [T]: how many tokens of its text are before each
  Segments segments;  // the new tokens of each text, mostly one
  Segments sharers;   // the new tokens that read each source of the memory: of one text, or of all its beams together
};

}  // namespace thaw
