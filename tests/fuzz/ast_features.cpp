// SPDX-License-Identifier: Apache-2.0
// Fuzz target: preprocessor_config.json of ASTs. What it takes, written and read again, is the same, and makes
// features.
#include "models/audio/ast_features.h"

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    using thaw::AstFeatureConfig;
    const AstFeatureConfig config = AstFeatureConfig::from_json(thaw::Json::parse(text, "file"));
    const thaw::Json written = config.to_json();
    thaw::fuzz::require(
        AstFeatureConfig::from_json(thaw::Json::parse(written.dump(2), "its copy")).to_json() == written,
        "written and read again it is another configuration");
    const thaw::AstFeatures features(config);
    const thaw::Sound sound{.samples = std::vector<float>(thaw::AstFeatures::frame_samples, .5F)};
    thaw::fuzz::require(features.log_mels(sound).bins == config.num_mel_bins, "more or fewer bins than it says");
  });
}
