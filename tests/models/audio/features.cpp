// SPDX-License-Identifier: Apache-2.0
// What features of sounds must be whatever the numbers: lengths, silence, sounds that do not fit, several threads; and
// the files that describe them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "models/audio/ast_features.h"
#include "models/audio/whisper_features.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

Sound noise(int64_t samples) {
  Sound sound;
  uint32_t state = 1;
  for (int64_t i = 0; i < samples; ++i) {
    state = state * 1664525 + 1013904223;  // Numerical Recipes
    sound.samples.push_back(static_cast<float>(state >> 8) / (1 << 23) - 1);
  }
  return sound;
}

// The text is what follows in the object behind the kind.
std::string ast_error(const std::string& text) {
  return error_of<std::runtime_error>([&] {
    AstFeatureConfig::from_json(
        Json::parse("{\"feature_extractor_type\":\"ASTFeatureExtractor\"" + text + "}", "p.json"));
  });
}
std::string whisper_error(const std::string& text) {
  return error_of<std::runtime_error>([&] {
    WhisperFeatureConfig::from_json(
        Json::parse("{\"feature_extractor_type\":\"WhisperFeatureExtractor\"" + text + "}", "p.json"));
  });
}

}  // namespace

TEST_CASE("AST features: short clips are padded with zeros, long ones cut, and then all is normalised") {
  const AstFeatures plain({.num_mel_bins = 20, .max_length = 10, .do_normalize = false});
  const AstFeatures features({.num_mel_bins = 20, .max_length = 10, .mean = -3, .deviation = 2});
  const MelFrames shorter = features(noise(400 + 3 * 160 + 159)), all = plain.log_mels(noise(400 + 3 * 160 + 159));
  CHECK(all.frames == 4);
  CHECK(shorter.frames == 10);
  CHECK(shorter.bins == 20);
  for (size_t i = 0; i < shorter.values.size(); ++i) {
    const float value = i < all.values.size() ? all.values[i] : 0.F;
    CHECK(shorter.values[i] == doctest::Approx((value + 3) / 4).epsilon(1e-6));
  }
  const MelFrames longer = plain(noise(400 + 30 * 160)), whole = plain.log_mels(noise(400 + 30 * 160));
  CHECK(whole.frames == 31);
  CHECK(longer.cut == 21);
  CHECK(shorter.cut == 0);
  CHECK(plain(noise(400 + 9 * 160 + 159)).cut == 0);
  CHECK(longer.frames == 10);
  CHECK(std::equal(longer.values.begin(), longer.values.end(), whole.values.begin()));
}

TEST_CASE("AST features: silence, and what does not fit") {
  const AstFeatures features;
  const MelFrames silence = features.log_mels({.samples = std::vector<float>(1000, .25F)});  // constant, that is
  CHECK(std::ranges::all_of(silence.values, [](float x) { return x == std::log(1.1920928955078125e-07F); }));
  CHECK(error_of([&] { features(noise(399)); }) == "AST features: 399 samples; expected 400 or more");
  CHECK(error_of([&] { features.log_mels(Sound{.sample_rate = 8000, .samples = std::vector<float>(400)}); }) ==
        "AST features: a sound of 8000 samples a second; expected 16000");
  CHECK(features.log_mels(noise(400)).frames == 1);
  CHECK(error_of([] { AstFeatures({.max_length = 0}); }) == "AST features: 0 frames of every clip");
}

TEST_CASE("Whisper features: lengths, ranges, and what does not fit") {
  const WhisperFeatures features;
  for (const int64_t samples : {160, 161, 200, 319, 320, 16'000})
    CHECK(features(noise(samples)).frames == samples / 160);
  CHECK(error_of([&] { features(noise(159)); }) == "Whisper features: 159 samples; expected 160 or more");
  CHECK(error_of([&] { features(Sound{.sample_rate = 8000, .samples = std::vector<float>(400)}); }) ==
        "Whisper features: a sound of 8000 samples a second; expected 16000");
  const MelFrames second_of_noise = features(noise(16'000));
  const auto [least, most] = std::minmax_element(second_of_noise.values.begin(), second_of_noise.values.end());
  CHECK(*most - *least <= 2);  // 8 powers of ten, over 4
  const MelFrames silence = features({.samples = std::vector<float>(1000)});
  CHECK(std::ranges::all_of(silence.values, [](float x) { return x == -1.5F; }));
  const WhisperFeatures brief({.hop_length = 100, .n_fft = 201, .chunk_length = 1});
  CHECK(brief.least_samples() == 101);
  CHECK(brief(noise(brief.least_samples())).frames == 1);
  Sound second = noise(40'000);
  const MelFrames cut = brief(second);
  second.samples.resize(16'000);
  CHECK(cut.values == brief(second).values);
  CHECK(cut.cut == 240);
  CHECK(brief(second).cut == 0);
}

TEST_CASE("sound features: the same bits from several threads") {
  const AstFeatures ast;
  const WhisperFeatures whisper;
  const Sound sound = noise(20'000);
  const MelFrames of_ast = ast(sound), of_whisper = whisper(sound);
  std::vector<int> same(4);
  std::vector<std::thread> threads;
  for (int& each : same)
    threads.emplace_back(
        [&, to = &each] { *to = ast(sound).values == of_ast.values && whisper(sound).values == of_whisper.values; });
  for (std::thread& thread : threads) thread.join();
  CHECK(same == std::vector<int>(4, 1));
}

TEST_CASE("sound features: files are read strictly, and written back with what is not known") {
  const Json ast = Json::parse(R"({"max_length": 96, "num_mel_bins": 64, "do_normalize": false, "std": 5,
      "padding_value": 0.0, "of_others": [1]})",
                               "p.json");
  const AstFeatureConfig of_ast = AstFeatureConfig::from_json(ast);
  CHECK(of_ast.max_length == 96);
  CHECK(of_ast.num_mel_bins == 64);
  CHECK(!of_ast.do_normalize);
  CHECK(of_ast.deviation == 5);
  CHECK(of_ast.mean == AstFeatureConfig().mean);
  const Json written = of_ast.to_json();
  CHECK(written.at("of_others") == ast.at("of_others"));
  CHECK(written.get_string("feature_extractor_type") == "ASTFeatureExtractor");
  CHECK(AstFeatureConfig::from_json(written).to_json() == written);

  const Json whisper = Json::parse(R"({"feature_size": 128, "chunk_length": 10, "n_samples": 480000, "dither": 0.0,
      "padding_side": "right"})",
                                   "p.json");
  const WhisperFeatureConfig of_whisper = WhisperFeatureConfig::from_json(whisper);
  CHECK(of_whisper.feature_size == 128);
  CHECK(of_whisper.most_samples() == 160'000);
  const Json again = of_whisper.to_json();
  CHECK(again.get_string("padding_side") == "right");
  CHECK(again.get_int("n_samples") == 160'000);
  CHECK(again.get_int("nb_max_frames") == 1000);
  CHECK(WhisperFeatureConfig::from_json(again).to_json() == again);
}

TEST_CASE("sound features: files that ask for something else") {
  CHECK(error_of<std::runtime_error>([] { AstFeatureConfig::from_json(Json::parse("[1]", "p.json")); }) ==
        "p.json: an object is expected, this is an array");
  CHECK(ast_error("") == "no error");
  CHECK(ast_error(R"(,"sampling_rate":8000)") ==
        "p.json: sampling_rate: 8000 is not supported, only 16000: frames are of 400 samples");
  CHECK(whisper_error("") == "no error");
  CHECK(whisper_error(R"(,"dither":0.001)") == "p.json: dither: 0.001 is not supported, only 0");
  CHECK(whisper_error(R"(,"hop_length":1,"chunk_length":3600)") ==
        "p.json: chunk_length: 3600 seconds have more than 100000 frames");
  for (const char* wrong : {R"(,"num_mel_bins":0)", R"(,"num_mel_bins":1000000)", R"(,"max_length":-1)",
                            R"(,"max_length":2.5)", R"(,"std":0)", R"(,"mean":"a")", R"(,"do_normalize":1)"}) {
    CAPTURE(wrong);
    const std::string key(wrong + 2, std::string(wrong).find('"', 2) - 2);
    CHECK(ast_error(wrong).starts_with("p.json: " + key + ": "));
  }
  for (const char* wrong : {R"(,"feature_size":0)", R"(,"n_fft":1)", R"(,"n_fft":100000)", R"(,"hop_length":0)",
                            R"(,"sampling_rate":8000)", R"(,"chunk_length":1e9)"}) {
    CAPTURE(wrong);
    const std::string key(wrong + 2, std::string(wrong).find('"', 2) - 2);
    CHECK(whisper_error(wrong).starts_with("p.json: " + key + ": "));
  }
  const Json other = Json::parse(R"({"feature_extractor_type": "WhisperFeatureExtractor"})", "p.json");
  CHECK(error_of<std::runtime_error>([&] { AstFeatureConfig::from_json(other); }) ==
        "p.json: feature_extractor_type: this is \"WhisperFeatureExtractor\", not \"ASTFeatureExtractor\"");
}
