// SPDX-License-Identifier: Apache-2.0
// Lays sounds side by side.
#include "models/whisper/input.h"

#include <numeric>
#include <utility>
#include <vector>

#include "tensor/check.h"

namespace thaw {

namespace {

Indices positions_in(const Segments& segments) {
  std::vector<int32_t> all(static_cast<size_t>(segments.total()));
  for (int64_t b = 0; b < segments.count(); ++b)
    std::iota(all.begin() + segments.begin(b), all.begin() + segments.end(b), 0);
  return {std::move(all), segments.offsets().device().device()};
}

}  // namespace

WhisperInput::WhisperInput(const Segments& sounds)
    : first(sounds, 1), second(first.segments, 2), positions(positions_in(second.segments)) {
  for (int64_t b = 0; b < sounds.count(); ++b) check(sounds.length(b) > 0, "sound {} has no frame", b);
}

WhisperInput::WhisperInput(Tensor all_frames, const Segments& sounds) : WhisperInput(sounds) {
  check(all_frames.rank() == 2 && all_frames.size(0) == sounds.total(), "sounds of {} frames in all, and numbers {}",
        sounds.total(), all_frames.shape());
  frames_ = BatchRows(std::move(all_frames));
}

WhisperInput WhisperInput::from_encodings(std::span<const Encoding* const> examples, Device device) {
  std::vector<std::shared_ptr<const RowSource>> sources;
  std::vector<int32_t> lengths;
  for (const Encoding* example : examples) {
    check(example->rows && std::ssize(example->ids) == (example->rows->rows() + 1) / 2,
          "example {} of the batch is no sound", sources.size());
    sources.push_back(example->rows);
    lengths.push_back(static_cast<int32_t>(example->rows->rows()));
  }
  WhisperInput input(Segments(lengths, device));
  input.frames_ = BatchRows(std::move(sources));
  return input;
}

WhisperInput WhisperInput::from_frames(std::span<const std::span<const float>> sounds, int64_t bins, Device device,
                                       DType dtype) {
  check(bins > 0 && !sounds.empty(), "{} sounds, of {} bins", sounds.size(), bins);
  std::vector<float> all;
  std::vector<int32_t> lengths;
  for (const std::span<const float> sound : sounds) {
    check(std::ssize(sound) % bins == 0, "{} numbers are no frames of {} bins", sound.size(), bins);
    all.insert(all.end(), sound.begin(), sound.end());
    lengths.push_back(static_cast<int32_t>(std::ssize(sound) / bins));
  }
  return {Tensor::from_host(all, {std::ssize(all) / bins, bins}, device, dtype), Segments(lengths, device)};
}

}  // namespace thaw
