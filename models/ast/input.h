// SPDX-License-Identifier: Apache-2.0
// Spectrograms as AST takes them. A spectrograms.
#pragma once

#include <span>
#include <utility>

#include "models/ast/config.h"
#include "models/image/patch_embeddings.h"

namespace thaw {

// A spectrogram [max_length, num_mel_bins], frame after frame, as AST's feature extractor gives it (audio/), cut into
// patches as the configuration says: frequency is the outer axis, of a patch and among patches. The numbers outlive
// this. std::invalid_argument: it has another number of frames, of which there are positions for none but those; the
// feature extractor cuts what is longer, and pads what is shorter before it normalises.
PatchedArray patches_of_spectrogram(std::span<const float> spectrogram, const ASTConfig& config);

struct ASTInput : PatchInput {
  Indices token_rows;  // [2 A]: of each spectrogram's class token and distillation token
  Segments two_each;   // of those rows by themselves

  explicit ASTInput(PatchBatch batch) : ASTInput(PatchInput(std::move(batch), tokens_in_front)) {}
  // Of examples whose rows are patches of spectrograms.
  static ASTInput from_encodings(std::span<const Encoding* const> examples, Device device) {
    return ASTInput(PatchInput::from_encodings(examples, device, tokens_in_front));
  }

  static constexpr int64_t tokens_in_front = 2;

 private:
  explicit ASTInput(PatchInput patches);
};

}  // namespace thaw
