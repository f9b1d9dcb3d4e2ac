// SPDX-License-Identifier: Apache-2.0
// A batch of sounds as Whisper takes them: log-mels, each sound as long as it is. B sounds, F frames, T rows of the
// encoder in all: one for two frames of a sound, ceil(frames / 2).
#pragma once

#include <cstdint>
#include <span>

#include "models/input/packed_rows.h"
#include "models/prefix/frozen_prefix.h"
#include "models/text/encoding.h"
#include "models/whisper/convolution.h"
#include "tensor/tensor.h"

namespace thaw {

struct WhisperInput {
  ConvolvedRows first;   // of both convolutions
  ConvolvedRows second;  // ... whose rows are those of the encoder
  Indices positions;     // [T]: of a row in its sound
  StatesBelow below;     // what is there already of what a model makes of the batch: it goes on from there

  // The sounds' frames one below the other. std::invalid_argument: a sound without one, or frames of other sounds.
  WhisperInput(Tensor all_frames, const Segments& sounds);
  // Of numbers on the host: each sound [its frames, bins], frame after frame, as Whisper's feature extractor gives it
  // (audio/).
  static WhisperInput from_frames(std::span<const std::span<const float>> sounds, int64_t bins, Device device,
                                  DType dtype = DType::f32);

  // Of examples whose rows are frames, which are read when the model looks at them.
  static WhisperInput from_encodings(std::span<const Encoding* const> examples, Device device);

  const Segments& segments() const { return second.segments; }
  Tensor frames(DType dtype) const { return frames_(positions.device().device(), dtype); }  // [F, bins]

 private:
  explicit WhisperInput(const Segments& sounds);

  BatchRows frames_;
};

}  // namespace thaw
