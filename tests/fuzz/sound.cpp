// SPDX-License-Identifier: Apache-2.0
// Fuzz target: sounds. What is read has samples that are numbers.
#include "models/audio/sound.h"

#include <algorithm>
#include <cmath>

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view bytes) {
    const thaw::Sound sound = thaw::parse_sound(bytes, "file");
    thaw::fuzz::require(sound.sample_rate >= thaw::lowest_rate && sound.sample_rate <= thaw::highest_rate,
                        "a rate that is none");
    thaw::fuzz::require(!sound.samples.empty() && std::ssize(sound.samples) <= thaw::most_sound_samples,
                        "no samples, or too many");
    thaw::fuzz::require(std::ranges::all_of(sound.samples, [](float x) { return std::isfinite(x); }),
                        "a sample that is no finite number");
  });
}
