// SPDX-License-Identifier: Apache-2.0
// What Whisper's encoder sees of a sound (Radford et al. 2022; WhisperFeatureExtractor of the reference).
#pragma once

#include <cstdint>
#include <vector>

#include "models/audio/mel_bank.h"
#include "models/audio/mel_frames.h"
#include "models/audio/sound.h"
#include "models/audio/spectrum.h"
#include "tensor/io/json.h"

namespace thaw {

// preprocessor_config.json. Keys that are not known, and what is said of padding, are kept and written back.
struct WhisperFeatureConfig {
  int64_t feature_size = 80;  // bins
  int64_t sampling_rate = 16'000;
  int64_t hop_length = 160;    // samples from one frame to the next
  int64_t n_fft = 400;         // samples of a frame
  int64_t chunk_length = 30;   // seconds: longer clips are cut
  Json json = Json::object();  // the file as it was read

  int64_t most_samples() const { return chunk_length * sampling_rate; }
  int64_t most_frames() const { return most_samples() / hop_length; }

  // std::runtime_error "FILE: KEY: ..." on a value that is not one, and on dither, which draws at random.
  static WhisperFeatureConfig from_json(const Json& file);
  Json to_json() const;
};

// Log-mels in f64: the clip is reflected at both ends, by half a frame; frames of n_fft samples under Hann's window
// (periodic), the one behind the last whole step left out; power through Slaney's bank up to 8,000 Hz; log10, of no
// less than 1e-10 and than the clip's maximum - 8; then (x + 4) / 4. The reference makes every clip 30 s (chunk_length)
// long with zeros before all that. Here a clip is as long as it is, and the encoder has so much less to do; its frames
// have the reference's numbers but for those that reach its end. May be used by several threads at once.
class WhisperFeatures {
 public:
  explicit WhisperFeatures(WhisperFeatureConfig config = {});

  const WhisperFeatureConfig& config() const { return config_; }
  // Of the shortest clip that has a frame.
  int64_t least_samples() const { return config_.hop_length + config_.n_fft % 2; }

  // [samples / hop_length, feature_size], at most most_frames(): the reference has them the other way round.
  // std::invalid_argument if the sound has another rate or too few samples.
  MelFrames operator()(const Sound& sound) const;

 private:
  WhisperFeatureConfig config_;
  std::vector<double> window_;
  PowerSpectrum spectrum_;
  MelBank bank_;
};

}  // namespace thaw
