// SPDX-License-Identifier: Apache-2.0
// Sounds from files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

struct Sound {
  int64_t sample_rate = 16'000;  // samples a second
  std::vector<float> samples;    // of one channel; full scale is -1 to 1
};

// What is read of files; outside of it they are refused.
constexpr int64_t longest_sound = 3600;                         // seconds
constexpr int64_t most_sound_samples = longest_sound * 48'000;  // of all channels together
constexpr int64_t lowest_rate = 1000, highest_rate = 192'000;   // samples a second
constexpr float loudest_sample = 1e9F;                          // of files of floating-point numbers

// WAV (with all that libsndfile finds in one), FLAC and Ogg (Vorbis, Opus, FLAC), told apart by their first bytes; the
// mean of the channels; a rate as the file has it (see resample.h). Of a WAV file whose header says no length (it was
// written into a pipe) what is there. FLAC and Ogg have check sums and numbers: they are whole, or refused, but for the
// end of a FLAC file whose header says no length.
// std::runtime_error "PATH: ..." on anything else: another kind of file, one that is cut off, none or too many samples,
// samples that are no finite numbers; and on every sound, if thaw was built without libsndfile.
Sound read_sound(const std::string& path);
// The same of a file's bytes; `path` names them in messages.
Sound parse_sound(std::string_view bytes, const std::string& path);
// Was thaw built with libsndfile?
bool reads_sounds();

}  // namespace thaw
