// SPDX-License-Identifier: Apache-2.0
// Frames as Kaldi cuts them, and the file that says how many a model wants.
#include "models/audio/ast_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "models/audio/feature_file.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t spectrum_size = 512;
constexpr double lowest_hz = 20, highest_hz = 8000;
constexpr double pre_emphasis = .97;
constexpr double least_power = std::numeric_limits<float>::epsilon();  // as Kaldi has it

void check_fits(const Sound& sound) {
  check(sound.sample_rate == AstFeatures::sample_rate, "AST features: a sound of {} samples a second; expected {}",
        sound.sample_rate, AstFeatures::sample_rate);
  check(std::ssize(sound.samples) >= AstFeatures::frame_samples, "AST features: {} samples; expected {} or more",
        sound.samples.size(), AstFeatures::frame_samples);
}

}  // namespace

AstFeatureConfig AstFeatureConfig::from_json(const Json& file) {
  check_feature_type(file, "ASTFeatureExtractor");
  if (const int64_t rate = file.get_int_or("sampling_rate", AstFeatures::sample_rate); rate != AstFeatures::sample_rate)
    fail("{}: {} is not supported, only {}: frames are of {} samples", file.where("sampling_rate"), rate,
         AstFeatures::sample_rate, AstFeatures::frame_samples);
  AstFeatureConfig config;
  config.num_mel_bins = file.get_int_or("num_mel_bins", config.num_mel_bins, 1, most_mel_bins);
  config.max_length = file.get_int_or("max_length", config.max_length, 1, most_mel_frames);
  config.do_normalize = file.get_bool_or("do_normalize", config.do_normalize);
  config.mean = file.get_number_or("mean", config.mean, -1e6, 1e6);
  config.deviation = file.get_number_or("std", config.deviation, 1e-6, 1e6);
  config.json = file;
  return config;
}

Json AstFeatureConfig::to_json() const {
  Json out = json;
  out.set("feature_extractor_type", "ASTFeatureExtractor");
  out.set("sampling_rate", AstFeatures::sample_rate);
  out.set("num_mel_bins", num_mel_bins);
  out.set("max_length", max_length);
  out.set("do_normalize", do_normalize);
  out.set("mean", mean);
  out.set("std", deviation);
  return out;
}

AstFeatures::AstFeatures(AstFeatureConfig config)
    : config_(std::move(config)),
      window_(hann_window(frame_samples, frame_samples - 1)),
      spectrum_(spectrum_size),
      bank_(MelBank::kaldi({.filters = config_.num_mel_bins,
                            .spectrum_bins = spectrum_.bins(),
                            .lowest = lowest_hz,
                            .highest = highest_hz,
                            .sample_rate = sample_rate})) {
  check(config_.max_length >= 1, "AST features: {} frames of every clip", config_.max_length);
}

// The numbers of `frame` behind those of the window are left as they are.
void AstFeatures::set_frame(std::span<const float> samples, std::span<double> frame) const {
  const double mean = std::accumulate(samples.begin(), samples.end(), 0.) / static_cast<double>(samples.size());
  double before = static_cast<double>(samples[0]) - mean;  // the first sample stands before itself
  for (size_t i = 0; i < samples.size(); ++i) {
    const double sample = static_cast<double>(samples[i]) - mean;
    frame[i] = (sample - pre_emphasis * before) * window_[i];
    before = sample;
  }
}

MelFrames AstFeatures::log_mels(std::span<const float> samples) const {
  MelFrames out{
      .frames = (std::ssize(samples) - frame_samples) / frame_step + 1, .bins = bank_.filters(), .values = {}};
  out.values.reserve(static_cast<size_t>(out.frames * out.bins));
  std::vector<double> frame(static_cast<size_t>(spectrum_.size())), power(static_cast<size_t>(spectrum_.bins())),
      mels(static_cast<size_t>(out.bins));
  for (int64_t i = 0; i < out.frames; ++i) {
    set_frame(samples.subspan(static_cast<size_t>(i * frame_step), frame_samples), frame);
    spectrum_(frame, power);
    bank_(power, mels);
    for (const double mel : mels) out.values.push_back(static_cast<float>(std::log(std::max(mel, least_power))));
  }
  return out;
}

MelFrames AstFeatures::log_mels(const Sound& sound) const {
  check_fits(sound);
  return log_mels(std::span(sound.samples));
}

MelFrames AstFeatures::operator()(const Sound& sound) const {
  check_fits(sound);
  const int64_t most_samples = (config_.max_length - 1) * frame_step + frame_samples;
  MelFrames out =
      log_mels(std::span(sound.samples).first(static_cast<size_t>(std::min(std::ssize(sound.samples), most_samples))));
  out.cut = std::max<int64_t>(0, (std::ssize(sound.samples) - frame_samples) / frame_step + 1 - config_.max_length);
  out.frames = config_.max_length;
  out.values.resize(static_cast<size_t>(out.frames * out.bins));
  if (!config_.do_normalize) return out;
  for (float& value : out.values)
    value = static_cast<float>((static_cast<double>(value) - config_.mean) / (2 * config_.deviation));
  return out;
}

}  // namespace thaw
