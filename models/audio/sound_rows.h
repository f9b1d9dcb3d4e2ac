// SPDX-License-Identifier: Apache-2.0
// A sound as the rows that a model reads of it.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "models/audio/ast_features.h"
#include "models/audio/mel_frames.h"
#include "models/audio/sound.h"
#include "models/audio/sound_limits.h"
#include "models/audio/whisper_features.h"
#include "models/input/row_source.h"
#include "models/input/seen_rows.h"

namespace thaw {

using SoundDigest = std::array<std::byte, 32>;

// A SHA-256 of what is heard: sounds of one digest have the same samples and rate, whatever their files are.
SoundDigest sound_digest(const Sound& sound);

// How sounds become log-mels.
class SoundHearing {
 public:
  explicit SoundHearing(AstFeatureConfig config) : features_(AstFeatures(std::move(config))) {}
  explicit SoundHearing(WhisperFeatureConfig config) : features_(WhisperFeatures(std::move(config))) {}

  // At the rate that the features need. std::runtime_error that begins with `name`, the sound's: it is too short.
  MelFrames operator()(const Sound& sound, const std::string& name) const;
  double seconds() const;  // that are heard of a sound, at most: what is behind them is cut off
  Json to_json() const;    // preprocessor_config.json

 private:
  std::variant<AstFeatures, WhisperFeatures> features_;
};

// As is usual for the model's family, in its bins and length; of Whisper in whole seconds, as its file has them.
SoundHearing usual_processor(const SoundLimits& limits);

// Of the longest sound that is heard, twice.
std::vector<SeenRows> seen_sizes(const SoundLimits& limits);

class SoundRows : public RowSource {
 public:
  // A file, which is read now to see whether it is a sound, and again whenever its numbers are asked for.
  // std::runtime_error that names it: as of read_sound(), or that it is too short.
  SoundRows(std::string path, std::shared_ptr<const SoundHearing> hearing, const SoundLimits& limits);

  int64_t frames() const { return frames_; }
  int64_t cut_frames() const { return cut_frames_; }  // more of them, which are not heard
  // std::runtime_error, too, if the file is another sound than before.
  std::vector<float> numbers() const override;
  std::span<const std::byte> identity() const override { return identity_; }
  std::string name() const override { return path_; }

 private:
  SoundRows(const Sound& sound, std::string path, std::shared_ptr<const SoundHearing> hearing,
            const SoundLimits& limits);
  SoundRows(const MelFrames& heard, SoundDigest identity, std::string path, std::shared_ptr<const SoundHearing> hearing,
            const SoundLimits& limits);

  std::string path_;
  std::shared_ptr<const SoundHearing> hearing_;
  SoundLimits limits_;
  int64_t frames_, cut_frames_;
  SoundDigest identity_;
};

}  // namespace thaw
