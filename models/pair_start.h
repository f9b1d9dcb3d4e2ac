// SPDX-License-Identifier: Apache-2.0
// Models of pairs that begin with what two models have learnt: only what projects into one space is new.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/warm_start.h"
#include "tensor/device.h"

namespace thaw {

struct PairStart {
  std::string pictures, sounds, texts;     // directories of what sees, or hears, and of what reads
  std::optional<int64_t> projection_size;  // numbers of a vector; absent: 512 of pictures, 256 of sounds
};

// Both write config.json and weights into an existing directory; what is new depends on sizes and seed alone.
// std::runtime_error naming directory, file or tensor: a directory holds no such model.

// A VisionTextDualEncoderModel of a ViT, or CLIP's tower, and a BERT, whole, with the files of what prepares pictures
// and texts. Poolers that the two directories lack are new.
WarmStarted write_dual_encoder(const std::string& directory, const PairStart& parts, Device device, uint64_t seed);
// A SpeechTextModel: projections, and the places of an encoder of sounds and one of texts, which stay where they are.
WarmStarted write_speech_text(const std::string& directory, const PairStart& parts, Device device, uint64_t seed);

}  // namespace thaw
