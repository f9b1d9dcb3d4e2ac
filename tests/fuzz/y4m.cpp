// SPDX-License-Identifier: Apache-2.0
// Fuzz target: Y4M films. What is read has as many pixels as its sizes say.
#include "models/video/y4m.h"

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view bytes) {
    const thaw::Film film = thaw::parse_y4m(bytes, "file");
    thaw::fuzz::require(film.frames > 0 && film.height > 0 && film.width > 0, "a film without pixels");
    thaw::fuzz::require(film.rate >= 0 && film.rate_base > 0, "a rate that is none");
    thaw::fuzz::require(std::ssize(film.pixels) == film.frames * film.frame_bytes(),
                        "more or fewer pixels than the sizes say");
  });
}
