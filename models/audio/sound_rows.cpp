// SPDX-License-Identifier: Apache-2.0
// Reads sounds, and makes log-mels of them.
#include "models/audio/sound_rows.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/audio/resample.h"
#include "tensor/check.h"
#include "tensor/io/sha256.h"

namespace thaw {

namespace {

void add_to(Sha256& sum, const Sound& sound) {
  sum.add(std::as_bytes(std::span(&sound.sample_rate, 1)));
  sum.add(std::as_bytes(std::span(sound.samples)));
}

// Of what a model hears of it.
SoundDigest identity_of(const Sound& sound, const SoundHearing& hearing) {
  Sha256 sum;
  add_to(sum, sound);
  const std::string config = hearing.to_json().dump();
  sum.add(std::as_bytes(std::span(config)));
  return sum.digest();
}

int64_t rate_of(const AstFeatures&) { return AstFeatures::sample_rate; }
int64_t rate_of(const WhisperFeatures& features) { return features.config().sampling_rate; }

}  // namespace

SoundDigest sound_digest(const Sound& sound) {
  Sha256 sum;
  add_to(sum, sound);
  return sum.digest();
}

MelFrames SoundHearing::operator()(const Sound& sound, const std::string& name) const try {
  return std::visit([&](const auto& features) { return features(resampled(sound, rate_of(features))); }, features_);
} catch (const std::invalid_argument& error) {
  fail("{}: {}", name, error.what());
}

double SoundHearing::seconds() const {
  if (const auto* ast = std::get_if<AstFeatures>(&features_))
    return static_cast<double>(ast->config().max_length * AstFeatures::frame_step) / AstFeatures::sample_rate;
  return static_cast<double>(std::get<WhisperFeatures>(features_).config().chunk_length);
}

Json SoundHearing::to_json() const {
  return std::visit([](const auto& features) { return features.config().to_json(); }, features_);
}

SoundHearing usual_processor(const SoundLimits& limits) {
  if (limits.features == SoundFeatures::ast)
    return SoundHearing(AstFeatureConfig{.num_mel_bins = limits.bins, .max_length = limits.frames});
  WhisperFeatureConfig config{.feature_size = limits.bins};
  const int64_t seconds = limits.frames * config.hop_length / config.sampling_rate;
  config.chunk_length = std::max<int64_t>(seconds, 1);
  return SoundHearing(config);
}

std::vector<SeenRows> seen_sizes(const SoundLimits& limits) {
  return {2, SeenRows{limits.grid(limits.frames), limits.width, limits.states(limits.frames)}};
}

SoundRows::SoundRows(const MelFrames& heard, SoundDigest identity, std::string path,
                     std::shared_ptr<const SoundHearing> hearing, const SoundLimits& limits)
    : RowSource(limits.grid(heard.frames), limits.width),
      path_(std::move(path)),
      hearing_(std::move(hearing)),
      limits_(limits),
      frames_(heard.frames),
      cut_frames_(heard.cut),
      identity_(identity) {}

SoundRows::SoundRows(const Sound& sound, std::string path, std::shared_ptr<const SoundHearing> hearing,
                     const SoundLimits& limits)
    : SoundRows((*hearing)(sound, path), identity_of(sound, *hearing), path, hearing, limits) {}

SoundRows::SoundRows(std::string path, std::shared_ptr<const SoundHearing> hearing, const SoundLimits& limits)
    : SoundRows(read_sound(path), path, hearing, limits) {}

std::vector<float> SoundRows::numbers() const {
  const Sound sound = read_sound(path_);
  if (identity_of(sound, *hearing_) != identity_) fail("{}: has changed since it was read first", path_);
  return limits_.rows((*hearing_)(sound, path_).values);
}

}  // namespace thaw
