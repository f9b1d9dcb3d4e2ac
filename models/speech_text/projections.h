// SPDX-License-Identifier: Apache-2.0
// Sounds and texts in one space: two products and a temperature above an encoder of sounds and one of texts, which stay
// as they are. B sounds, N texts, P numbers of a vector.
#pragma once

#include <cmath>
#include <cstdint>

#include "autograd/functions.h"
#include "models/speech_text/config.h"
#include "nn/linear.h"

namespace thaw {

// All that is trained and saved. What it reads is the mean of a sound's, or of a text's, last hidden states.
struct SpeechTextProjections {
  static constexpr const char* architecture = "SpeechTextModel";
  using Config = SpeechTextConfig;
  Linear audio_projection, text_projection;
  Parameter logit_scale;  // []: the logarithm of what cosines are multiplied by

  SpeechTextProjections(const Scope& s, const SpeechTextConfig& config)
      : audio_projection(projection(s / "audio_projection", config.audio.width, config)),
        text_projection(projection(s / "text_projection", config.text.width, config)),
        logit_scale(s.parameter("logit_scale", {}, Init::constant(config.logit_scale_init_value))) {}

  // The cosines of vectors of unit length [B, P] and [N, P] times e^logit_scale: [B, N].
  Variable logits(const Variable& sounds, const Variable& texts) const {
    return mul(matmul(sounds, transpose(texts)), exp(logit_scale));
  }

 private:
  static Linear projection(const Scope& s, int64_t width, const SpeechTextConfig& config) {
    return {s, width, config.projection_dim, Init::normal(1 / std::sqrt(static_cast<double>(width))), false};
  }
};

}  // namespace thaw
