// SPDX-License-Identifier: Apache-2.0
// Fuzz target: pictures, by whichever reader takes the first bytes. What is read can be resized.
#include "models/image/picture_file.h"
#include "models/image/resize.h"

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view bytes) {
    const thaw::Picture picture = thaw::parse_picture(bytes, "file");
    thaw::check_picture(picture);
    const thaw::Picture small = thaw::resized(picture, 3, 5, thaw::PictureFilter::bicubic);
    thaw::fuzz::require(small.height == 3 && small.width == 5, "another size than asked for");
  });
}
