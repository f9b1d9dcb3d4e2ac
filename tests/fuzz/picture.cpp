// SPDX-License-Identifier: Apache-2.0
// Fuzz target: pictures, by whichever reader takes the first bytes. What is read can be resized.
#include "models/image/picture_file.h"
#include "models/image/resize.h"

#include <cstring>

#include "tests/fuzz/outcome.h"
#include "tests/models/image/made_png.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view bytes) {
    const thaw::Picture picture = thaw::parse_picture(bytes, "file");
    thaw::check_picture(picture);
    const thaw::Picture small = thaw::resized(picture, 3, 5, thaw::PictureFilter::bicubic);
    thaw::fuzz::require(small.height == 3 && small.width == 5, "another size than asked for");
  });
}

namespace {

// Gives the chunks of a PNG file, as far as they are whole, the check sums of what is in them.
void set_png_sums(uint8_t* data, size_t size) {
  constexpr size_t magic = 8, frame = 12;  // bytes; the length, kind and sum of a chunk
  const auto byte = [&](size_t at) { return size_t{data[at]}; };
  for (size_t at = magic; size >= frame && at <= size - frame;) {
    const size_t length = byte(at) << 24 | byte(at + 1) << 16 | byte(at + 2) << 8 | byte(at + 3);
    if (length > size - frame - at) return;
    const auto* const summed = reinterpret_cast<const char*>(data + at + 4);
    const std::string sum = thaw::big_endian(thaw::png_crc({summed, length + 4}));
    std::memcpy(data + at + 8 + length, sum.data(), sum.size());
    at += frame + length;
  }
}

}  // namespace

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

// Most of what is changed in a PNG file would be refused for its check sum, and nothing behind that be tried.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 4 != 0 && size > 4 && std::memcmp(data + 1, "PNG", 3) == 0) set_png_sums(data, size);
  return size;
}
