// SPDX-License-Identifier: Apache-2.0
// What an Audio Spectrogram Transformer sees of a sound (Gong et al. 2021; ASTFeatureExtractor of the reference).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/audio/mel_bank.h"
#include "models/audio/mel_frames.h"
#include "models/audio/sound.h"
#include "models/audio/spectrum.h"
#include "tensor/io/json.h"

namespace thaw {

// preprocessor_config.json. Keys that are not known are kept and written back.
struct AstFeatureConfig {
  int64_t num_mel_bins = 128;
  int64_t max_length = 1024;  // frames of every clip
  bool do_normalize = true;
  double mean = -4.2677393, deviation = 4.5689974;  // keys: mean, std; of AudioSet's log-mels
  Json json = Json::object();                       // the file as it was read

  // std::runtime_error "FILE: KEY: ..." on a value that is not one, and on another sampling_rate.
  static AstFeatureConfig from_json(const Json& file);
  Json to_json() const;
};

// Log-mels as Kaldi computes them, in f64: frames of 400 samples (25 ms), 160 apart, none of which reaches beyond the
// clip; of each its mean is taken away, then .97 of each sample from the next one, then Hann's window (symmetric) is
// laid over it; the power of 512 frequencies through a bank from 20 Hz to 8,000 Hz; the natural logarithm, of no less
// than 1.2e-7. May be used by several threads at once.
class AstFeatures {
 public:
  static constexpr int64_t sample_rate = 16'000, frame_samples = 400, frame_step = 160;

  explicit AstFeatures(AstFeatureConfig config = {});

  const AstFeatureConfig& config() const { return config_; }

  // Input for the model, [max_length, num_mel_bins]: a longer clip is cut, behind a shorter one frames of zeros come;
  // then, if do_normalize, all becomes (x - mean) / (2 deviation).
  // std::invalid_argument if the sound has another rate or is shorter than a frame.
  MelFrames operator()(const Sound& sound) const;
  // All frames of the clip, neither padded nor normalised.
  MelFrames log_mels(const Sound& sound) const;

 private:
  MelFrames log_mels(std::span<const float> samples) const;
  void set_frame(std::span<const float> samples, std::span<double> frame) const;

  AstFeatureConfig config_;
  std::vector<double> window_;
  PowerSpectrum spectrum_;
  MelBank bank_;
};

}  // namespace thaw
