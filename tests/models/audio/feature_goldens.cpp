// SPDX-License-Identifier: Apache-2.0
// What models see of sounds, against the reference library: `features` (both kinds, with their windows and banks),
// `ast` (samples beside a preprocessor_config.json), `whisper_tiny_en` (WAV files).
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "models/audio/ast_features.h"
#include "models/audio/whisper_features.h"
#include "tests/goldens.h"
#include "tests/models/golden_case.h"

using namespace thaw;

namespace {

constexpr double ast_tolerance = 2e-6, whisper_tolerance = 3e-7;  // absolute

Sound sound_of(const GoldenCase& golden, const std::string& name, int64_t rate) {
  const std::vector<double> numbers = golden.numbers(name);
  return {.sample_rate = rate, .samples = {numbers.begin(), numbers.end()}};
}

std::string name_of(const char* beginning, int64_t i, const char* end) { return beginning + std::to_string(i) + end; }

// The golden's [frames, bins].
void check_frames(const MelFrames& got, const GoldenCase& golden, const std::string& name, double tolerance) {
  CAPTURE(name);
  REQUIRE(golden.shape(name) == std::vector<int64_t>{got.frames, got.bins});
  const std::vector<double> expected = golden.numbers(name);
  REQUIRE(got.values.size() == expected.size());
  double largest = 0;
  for (size_t i = 0; i < expected.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(got.values[i]) - expected[i]));
  CHECK(largest <= tolerance);
}

// The golden's [bins, frames], of which there may be fewer.
void check_turned(const MelFrames& got, const GoldenCase& golden, const std::string& name, double tolerance) {
  CAPTURE(name);
  REQUIRE(golden.shape(name).at(0) == got.bins);
  const int64_t frames = golden.shape(name).at(1);
  REQUIRE(frames <= got.frames);
  const std::vector<double> expected = golden.numbers(name);
  double largest = 0;
  for (int64_t bin = 0; bin < got.bins; ++bin)
    for (int64_t frame = 0; frame < frames; ++frame)
      largest =
          std::max(largest, std::abs(static_cast<double>(got.values[static_cast<size_t>(frame * got.bins + bin)]) -
                                     expected[static_cast<size_t>(bin * frames + frame)]));
  CHECK(largest <= tolerance);
}

void check_window(const std::vector<double>& got, const GoldenCase& golden, const std::string& name) {
  if (!golden.has(name)) return;
  const std::vector<double> expected = golden.numbers(name);
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(got[i] - expected[i]) < 1e-15);
}

void check_bank(const MelBank& bank, const GoldenCase& golden, const std::string& name) {
  if (!golden.has(name)) return;  // it is large
  const int64_t bins = golden.shape(name).at(0);
  REQUIRE(golden.shape(name).at(1) == bank.filters());
  const std::vector<double> expected = golden.numbers(name);
  double largest = 0;
  for (int64_t bin = 0; bin < bins; ++bin)
    for (int64_t k = 0; k < bank.filters(); ++k)
      largest =
          std::max(largest, std::abs(bank.weight(k, bin) - expected[static_cast<size_t>(bin * bank.filters() + k)]));
  CHECK(largest < 1e-12);
}

}  // namespace

TEST_CASE("sound features: AST's as the reference computes them") {
  if (!has_golden("features")) return;
  const GoldenCase golden(golden_dir() / "features");
  const Json file = Json::read(golden.directory() + "/features.json");
  const Json& said = file.get_object("ast");
  const int64_t rate = file.get_int("sample_rate"), bins = said.get_int("fft") / 2 + 1;
  const AstFeatures features({.num_mel_bins = said.get_int("num_mel_bins"), .max_length = said.get_int("max_length")});
  for (const Json& wave : file.get_array("waves").items()) {
    const int64_t i = wave.get_int("index");
    const Sound sound = sound_of(golden, name_of("", i, ".samples"), rate);
    REQUIRE(std::ssize(sound.samples) == wave.get_int("samples"));
    CHECK(features.log_mels(sound).frames == wave.get_int("ast_frames"));
    check_frames(features.log_mels(sound), golden, name_of("", i, ".ast_log_mel"), ast_tolerance);
    check_frames(features(sound), golden, name_of("", i, ".ast_input_values"), ast_tolerance);
  }
  check_window(hann_window(AstFeatures::frame_samples, AstFeatures::frame_samples - 1), golden, "window.ast");
  check_bank(
      MelBank::kaldi({said.get_int("num_mel_bins"), bins, said.get_number("f_min"), said.get_number("f_max"), rate}),
      golden, "bank.ast");
}

TEST_CASE("sound features: Whisper's as the reference computes them") {
  if (!has_golden("features")) return;
  const GoldenCase golden(golden_dir() / "features");
  const Json file = Json::read(golden.directory() + "/features.json");
  const Json& said = file.get_object("whisper");
  const int64_t rate = file.get_int("sample_rate"), size = said.get_int("fft");
  const WhisperFeatures features({.feature_size = said.get_int("feature_size"), .sampling_rate = rate, .n_fft = size});
  for (const Json& wave : file.get_array("waves").items()) {
    const int64_t i = wave.get_int("index");
    const MelFrames got = features(sound_of(golden, name_of("", i, ".samples"), rate));
    CHECK(got.frames == wave.get_int("whisper_frames"));
    check_turned(got, golden, name_of("", i, ".whisper"), whisper_tolerance);
  }
  check_window(hann_window(size, size), golden, "window.whisper");
  check_bank(MelBank::slaney({said.get_int("feature_size"), size / 2 + 1, said.get_number("f_min"),
                              said.get_number("f_max"), rate}),
             golden, "bank.whisper");
}

TEST_CASE("sound features: AST's by a preprocessor_config.json, short clips and long ones") {
  if (!has_golden("ast")) return;
  const GoldenCase golden(golden_dir() / "ast");
  const Json file = Json::read(golden.directory() + "/preprocessor_config.json");
  const AstFeatures features(AstFeatureConfig::from_json(file));
  CHECK(features.config().to_json() == file);
  int64_t waves = 0;
  for (; golden.has(name_of("wave.", waves, ".samples")); ++waves)
    check_frames(features(sound_of(golden, name_of("wave.", waves, ".samples"), AstFeatures::sample_rate)), golden,
                 name_of("wave.", waves, ".input_values"), ast_tolerance);
  CHECK(waves > 0);
}

TEST_CASE("sound features: Whisper's of WAV files") {
  if (!has_golden("whisper_tiny_en")) return;
  if (!reads_sounds()) {
    MESSAGE("skipped: thaw was built without libsndfile");
    return;
  }
  const GoldenCase golden(golden_dir() / "whisper_tiny_en");
  const Json file = Json::read(golden.directory() + "/clips.json");
  const WhisperFeatures features;
  int64_t i = 0;
  for (const Json& clip : file.get_array("clips").items()) {
    const Sound sound = read_sound(golden.directory() + "/" + clip.get_string("file"));
    CHECK(std::ssize(sound.samples) == clip.get_int("samples"));
    check_turned(features(sound), golden, name_of("", i++, ".features"), 2e-4);
  }
  CHECK(i > 0);
}
