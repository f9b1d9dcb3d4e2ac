// SPDX-License-Identifier: Apache-2.0
// Sounds from files: every kind, their channels and rates, and what is refused.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "models/audio/sound.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/models/audio/wav_bytes.h"
#include "tests/models/damaged/kind_of_file.h"
#include "tests/models/damaged/made_flac.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;
using namespace std::string_literals;

namespace {

bool can_read() {
  if (!reads_sounds()) MESSAGE("skipped: thaw was built without libsndfile");
  return reads_sounds();
}

std::string error(const std::string& bytes) {
  return error_of<std::runtime_error>([&] { parse_sound(bytes, "a.wav"); });
}

const std::string four = bytes_of<int16_t>({0, 16384, -32768, 32767});

// Of tests/models/audio/sounds, which libsndfile wrote: 1/4 s of 440 Hz at 8,000 samples a second, the left channel .5,
// the right one .25 high.
double tone(size_t i) { return .375 * std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / 8000); }

double largest_error(const Sound& sound) {
  double largest = 0;
  for (size_t i = 0; i < sound.samples.size(); ++i)
    largest = std::max(largest, std::abs(static_cast<double>(sound.samples[i]) - tone(i)));
  return largest;
}

}  // namespace

TEST_CASE("sounds: numbers of every width") {
  if (!can_read()) return;
  const Sound sound = parse_sound(wav_bytes({}, four), "a.wav");
  CHECK(sound.sample_rate == 16'000);
  CHECK(sound.samples == std::vector<float>{0, .5F, -1, 32767.F / 32768});
  const std::string bytes("\x80\xC0\x00", 3);
  CHECK(parse_sound(wav_bytes({.rate = 8000, .bits = 8}, bytes), "a").samples == std::vector<float>{0, .5F, -1});
  CHECK(parse_sound(wav_bytes({.bits = 24}, "\0\0\x40\0\0\x80"s), "a").samples == std::vector<float>{.5F, -1});
  CHECK(parse_sound(wav_bytes({.bits = 32}, bytes_of<int32_t>({1 << 30})), "a").samples == std::vector<float>{.5F});
  const std::vector<float> numbers{.1F, -3, 1e-30F};  // also beyond full scale
  CHECK(parse_sound(wav_bytes({.format = 3, .bits = 32}, bytes_of(numbers)), "a").samples == numbers);
  CHECK(parse_sound(wav_bytes({.format = 3, .bits = 64}, bytes_of<double>({.1, -3})), "a").samples ==
        std::vector<float>{.1F, -3});
}

TEST_CASE("sounds: channels become their mean") {
  if (!can_read()) return;
  const Sound two = parse_sound(wav_bytes({.channels = 2, .rate = 44'100}, four), "a.wav");
  CHECK(two.sample_rate == 44'100);
  CHECK(two.samples == std::vector<float>{.25F, -.5F / 32768});
  const std::vector<float> three{.3F, .3F, .3F, 0, .5F, .25F};
  CHECK(parse_sound(wav_bytes({.format = 3, .channels = 3, .bits = 32}, bytes_of(three)), "a").samples ==
        std::vector<float>{.3F, .25F});
}

TEST_CASE("sounds: FLAC and Ogg, from files") {
  if (!can_read()) return;
  const auto folder = source_folder() / "tests/models/audio/sounds";
  const Sound flac = read_sound((folder / "tone.flac").string()), ogg = read_sound((folder / "tone.ogg").string());
  for (const Sound& sound : {flac, ogg}) {
    CHECK(sound.sample_rate == 8000);
    CHECK(sound.samples.size() == 2000);
  }
  CHECK(largest_error(flac) < 1. / 32768);
  CHECK(largest_error(ogg) < .02);  // it keeps what is heard
  CHECK(largest_error(ogg) > 0);
}

TEST_CASE("sounds: a header that says no length is not believed") {
  if (!can_read()) return;
  for (const size_t said : {size_t{0x7FFF0000}, size_t{0x7FFFFFFF}, size_t{0xFFFFFFFF - 36}, size_t{0xFFFFFFFF}}) {
    CAPTURE(said);
    CHECK(parse_sound(wav_bytes({}, four, said), "a").samples.size() == 4);
  }
  // Nothing is said of the sound; the length of all chunks tells whether any may follow it.
  const std::string silent = wav_bytes({}, four, 0);
  for (const size_t of_all : {size_t{0}, size_t{8}, size_t{36}, size_t{0xFFFFFFFF}})
    CHECK(parse_sound(silent.substr(0, 4) + low_bytes(of_all, 4) + silent.substr(8), "a").samples.size() == 4);
  CHECK(error(silent.substr(0, 4) + low_bytes(36 + four.size(), 4) + silent.substr(8)) == "a.wav: has no samples");
  CHECK(parse_sound(wav_bytes({}, four, 4), "a").samples.size() == 2);
  CHECK(parse_sound(wav_bytes({}, four.substr(0, 7)), "a").samples.size() == 3);
}

TEST_CASE("sounds: what is cut off is no sound") {
  if (!can_read()) return;
  CHECK(error(wav_bytes({}, four, 100)) == "a.wav: is cut off: its header says 100 bytes of sound, 8 are there");
  CHECK(error(wav_bytes({}, four, 0x7FFEFFFF)).starts_with("a.wav: is cut off: "));
  // Other chunks may stand before the sound, of an odd length with a byte more, and behind it.
  const auto with_chunk = [](std::string chunk, size_t said) {
    std::string bytes = wav_bytes({}, four, said);
    return bytes.insert(12, "LIST" + low_bytes(chunk.size(), 4) + chunk + std::string(chunk.size() % 2, '\0'));
  };
  for (const char* chunk : {"", "odd", "data"}) {
    const std::string name = chunk;
    CAPTURE(name);
    CHECK(parse_sound(with_chunk(name, 8), "a").samples.size() == 4);
    CHECK(error(with_chunk(name, 10)) == "a.wav: is cut off: its header says 10 bytes of sound, 8 are there");
  }
  CHECK(parse_sound(wav_bytes({}, four + "LIST", 8), "a").samples.size() == 4);
}

TEST_CASE("sounds: a FLAC file that lacks a frame is none, however its frames are numbered") {
  if (!can_read()) return;
  for (const bool by_samples : {false, true})
    for (const bool says_length : {false, true}) {
      CAPTURE(by_samples);
      CAPTURE(says_length);
      constexpr int frames = 300, block = 96;
      const MadeFlac flac{.frames = frames,
                          .block = block,
                          .said = says_length ? uint64_t{frames * block} : 0,
                          .by_samples = by_samples};
      const std::string whole = flac.bytes();
      CHECK(parse_sound(whole, "a").samples.size() == frames * block);
      size_t begin = flac.header().size();
      for (int number = 0; number + 1 < frames; begin += flac.frame(number++).size()) {
        if (number % 23 != 0) continue;
        CAPTURE(number);
        CHECK(error(without(whole, begin, flac.frame(number).size())) ==
              fmt::format("a.wav: is damaged: a frame is missing before byte {}", begin));
      }
      CHECK((error(without(whole, begin, whole.size() - begin)) == "no error") != says_length);
    }
}

TEST_CASE("sounds: errors name the file, and the sample") {
  CHECK(error("") == "a.wav: is empty");
  for (const char* other : {"text", "RIFF", "RIFF\4\0\0\0AVI ", "ID3", "OggX"})
    CHECK(error(other) == "a.wav: is no WAV, FLAC or Ogg file, which are the sounds that are read");
  const ScratchFolder folder;
  const std::string none = folder / "none.wav";
  CHECK(error_of<std::runtime_error>([&] { read_sound(none); }).starts_with(none + ": "));
  const std::string pointer = folder.write("lfs.wav", "version https://git-lfs.github.com/spec/v1\nsize 5\n").string();
  CHECK(error_of<std::runtime_error>([&] { read_sound(pointer); }).find("is a Git LFS pointer") != std::string::npos);
  if (!reads_sounds()) CHECK(error(wav_bytes({}, four)).find("built without libsndfile") != std::string::npos);
  if (!can_read()) return;

  CHECK(error(wav_bytes({}, "")) == "a.wav: has no samples");
  CHECK(error("fLaC") != "no error");
  CHECK(error(wav_bytes({.rate = 999}, four)) == "a.wav: has 999 samples a second; 1000 to 192000 are read");
  CHECK(error(wav_bytes({.rate = 192'001}, four)) == "a.wav: has 192001 samples a second; 1000 to 192000 are read");
  CHECK(error(wav_bytes({.format = 0x7777}, four)).starts_with("a.wav: is no sound that can be read: "));
  const auto of = [](float a, float b, float c, float d) {
    return error(wav_bytes({.format = 3, .channels = 2, .bits = 32}, bytes_of<float>({a, b, c, d})));
  };
  CHECK(of(0, 1, 2, std::nanf("")) == "a.wav: sample 1 of channel 2 is nan; sounds are read up to 1000000000");
  CHECK(of(0, 1, -std::numeric_limits<float>::infinity(), 0) ==
        "a.wav: sample 1 of channel 1 is -inf; sounds are read up to 1000000000");
  CHECK(of(2e9F, 1, 0, 0) == "a.wav: sample 0 of channel 1 is 2000000000; sounds are read up to 1000000000");
  const double largest = std::numeric_limits<double>::max();
  CHECK(error(wav_bytes({.format = 3, .bits = 64}, bytes_of<double>({largest}))) ==
        "a.wav: sample 0 of channel 1 is inf; sounds are read up to 1000000000");
}

TEST_CASE("sounds: at most an hour") {
  if (!can_read()) return;
  const auto samples = static_cast<size_t>(longest_sound * lowest_rate);
  const WavShape slow{.rate = static_cast<int>(lowest_rate), .bits = 8};
  CHECK(parse_sound(wav_bytes(slow, std::string(samples, '\x80')), "a").samples.size() == samples);
  CHECK(error(wav_bytes(slow, std::string(samples + 1, '\x80'))) == "a.wav: is longer than 3600 seconds");
}
