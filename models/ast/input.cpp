// SPDX-License-Identifier: Apache-2.0
// Lays spectrograms behind two tokens each.
#include "models/ast/input.h"

#include <utility>
#include <vector>

#include "tensor/check.h"

namespace thaw {

PatchedArray patches_of_spectrogram(std::span<const float> spectrogram, const ASTConfig& config) {
  const int64_t frames = std::ssize(spectrogram) / config.num_mel_bins;
  check(frames * config.num_mel_bins == std::ssize(spectrogram), "{} numbers are no frames of {} bins",
        spectrogram.size(), config.num_mel_bins);
  check(frames == config.max_length,
        "a spectrogram of {} frames: AST has positions for {}, and its feature extractor pads or cuts to them", frames,
        config.max_length);
  const int64_t side = config.patch_size;
  return {.numbers = spectrogram,
          .channels = {.size = 1},
          .axes = {{.size = config.num_mel_bins, .step = 1, .kernel = side, .stride = config.frequency_stride},
                   {.size = frames, .step = config.num_mel_bins, .kernel = side, .stride = config.time_stride}}};
}

ASTInput::ASTInput(PatchInput patches) : PatchInput(std::move(patches)) {
  std::vector<int32_t> at;
  for (const int32_t first : first_rows.host()) at.insert(at.end(), {first, first + 1});
  const Device device = first_rows.device().device();
  two_each = Segments(std::vector<int32_t>(at.size() / 2, 2), device);
  token_rows = Indices(std::move(at), device);
}

}  // namespace thaw
