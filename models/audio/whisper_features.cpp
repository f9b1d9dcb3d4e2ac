// SPDX-License-Identifier: Apache-2.0
// Frames around every hop_length-th sample, and the file that says how they are cut.
#include "models/audio/whisper_features.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <utility>

#include "models/audio/feature_file.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t highest_hz = 8000;
constexpr int64_t longest_frame = 8192;  // samples
constexpr double least_power = 1e-10;
constexpr double dynamic_range = 8;  // powers of ten

// The samples with `width` more at either side: those next to the end in reverse, and so on where there are too few.
std::vector<double> reflected(std::span<const float> samples, int64_t width) {
  const int64_t last = std::ssize(samples) - 1, period = std::max<int64_t>(1, 2 * last);
  std::vector<double> out(samples.size() + 2 * static_cast<size_t>(width));
  for (int64_t i = 0; i < std::ssize(out); ++i) {
    const int64_t turned = std::abs(i - width) % period;
    out[static_cast<size_t>(i)] = static_cast<double>(samples[static_cast<size_t>(std::min(turned, period - turned))]);
  }
  return out;
}

}  // namespace

WhisperFeatureConfig WhisperFeatureConfig::from_json(const Json& file) {
  check_feature_type(file, "WhisperFeatureExtractor");
  WhisperFeatureConfig config;
  config.feature_size = file.get_int_or("feature_size", config.feature_size, 1, most_mel_bins);
  config.sampling_rate = file.get_int_or("sampling_rate", config.sampling_rate, 2 * highest_hz, highest_rate);
  config.n_fft = file.get_int_or("n_fft", config.n_fft, 2, longest_frame);
  config.hop_length = file.get_int_or("hop_length", config.hop_length, 1, longest_frame);
  config.chunk_length = file.get_int_or("chunk_length", config.chunk_length, 1, longest_sound);
  if (config.most_frames() > most_mel_frames)
    fail("{}: {} seconds have more than {} frames", file.where("chunk_length"), config.chunk_length, most_mel_frames);
  if (const double dither = file.get_number_or("dither", 0); dither != 0)
    fail("{}: {} is not supported, only 0", file.where("dither"), dither);
  config.json = file;
  return config;
}

Json WhisperFeatureConfig::to_json() const {
  Json out = json;
  out.set("feature_extractor_type", "WhisperFeatureExtractor");
  out.set("feature_size", feature_size);
  out.set("sampling_rate", sampling_rate);
  out.set("hop_length", hop_length);
  out.set("n_fft", n_fft);
  out.set("chunk_length", chunk_length);
  out.set("n_samples", most_samples());
  out.set("nb_max_frames", most_frames());
  return out;
}

WhisperFeatures::WhisperFeatures(WhisperFeatureConfig config)
    : config_(std::move(config)),
      window_(hann_window(config_.n_fft, config_.n_fft)),
      spectrum_(config_.n_fft),
      bank_(MelBank::slaney({.filters = config_.feature_size,
                             .spectrum_bins = spectrum_.bins(),
                             .lowest = 0,
                             .highest = highest_hz,
                             .sample_rate = config_.sampling_rate})) {
  check(config_.hop_length >= 1, "Whisper features: a step of {} samples", config_.hop_length);
}

MelFrames WhisperFeatures::operator()(const Sound& sound) const {
  check(sound.sample_rate == config_.sampling_rate, "Whisper features: a sound of {} samples a second; expected {}",
        sound.sample_rate, config_.sampling_rate);
  const int64_t samples = std::min(std::ssize(sound.samples), config_.most_samples());
  check(samples >= least_samples(), "Whisper features: {} samples; expected {} or more", samples, least_samples());
  const std::vector<double> clip =
      reflected(std::span(sound.samples).first(static_cast<size_t>(samples)), config_.n_fft / 2);
  const auto frames_of = [&](int64_t count) { return (count - config_.n_fft % 2) / config_.hop_length; };
  const int64_t frames = frames_of(samples), bins = bank_.filters();
  std::vector<double> frame(static_cast<size_t>(config_.n_fft)), power(static_cast<size_t>(spectrum_.bins())),
      logs(static_cast<size_t>(frames * bins));
  for (int64_t i = 0; i < frames; ++i) {
    const double* begin = clip.data() + i * config_.hop_length;
    std::transform(window_.begin(), window_.end(), begin, frame.begin(), std::multiplies<>());
    spectrum_(frame, power);
    const auto row = std::span(logs).subspan(static_cast<size_t>(i * bins), static_cast<size_t>(bins));
    bank_(power, row);
    for (double& mel : row) mel = std::log10(std::max(mel, least_power));
  }
  const double least = *std::ranges::max_element(logs) - dynamic_range;
  MelFrames out{.frames = frames,
                .bins = bins,
                .values = std::vector<float>(logs.size()),
                .cut = frames_of(std::ssize(sound.samples)) - frames};
  std::ranges::transform(logs, out.values.begin(),
                         [&](double x) { return static_cast<float>((std::max(x, least) + 4) / 4); });
  return out;
}

}  // namespace thaw
