// SPDX-License-Identifier: Apache-2.0
// Fuzz target: preprocessor_config.json of Whispers. What it takes, written and read again, is the same, and makes
// features of the shortest sound.
#include "models/audio/whisper_features.h"

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    using thaw::WhisperFeatureConfig;
    const WhisperFeatureConfig config = WhisperFeatureConfig::from_json(thaw::Json::parse(text, "file"));
    const thaw::Json written = config.to_json();
    thaw::fuzz::require(
        WhisperFeatureConfig::from_json(thaw::Json::parse(written.dump(2), "its copy")).to_json() == written,
        "written and read again it is another configuration");
    const thaw::WhisperFeatures features(config);
    const thaw::Sound sound{.sample_rate = config.sampling_rate,
                            .samples = std::vector<float>(static_cast<size_t>(features.least_samples()), .5F)};
    const thaw::MelFrames frames = features(sound);
    thaw::fuzz::require(frames.frames == 1 && frames.bins == config.feature_size, "more or fewer numbers than it says");
  });
}
