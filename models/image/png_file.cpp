// SPDX-License-Identifier: Apache-2.0
// PNG by libpng. It leaves a damaged file by longjmp: the functions that it may leave own nothing.
#include "models/image/png_file.h"

#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstring>
#include <new>

#include "models/image/claimed_size.h"
#include "models/image/picture_file.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

class PngDecoder {
 public:
  PngDecoder(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, stop, ignore);
    info_ = png_ ? png_create_info_struct(png_) : nullptr;
    if (!info_) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png_, this, read);
    // Texts, profiles and the like are passed over unread: a few bytes could become much memory.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  }
  ~PngDecoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  // Pixels of 1 to 4 numbers: grey or colours, and how opaque they are, if the file says so.
  Picture decode() {
    run([this] { png_read_info(png_, info_); });
    Picture picture;
    picture.height = png_get_image_height(png_, info_);
    picture.width = png_get_image_width(png_, info_);
    check_claimed_size(picture.height, picture.width, name_);
    check_can_hold(picture);
    run([this] {
      png_set_expand(png_);    // palettes to colours, less than 8 bits to 8, tRNS to opacities
      png_set_strip_16(png_);  // more to 8
      passes_ = png_set_interlace_handling(png_);
      png_read_update_info(png_, info_);
    });
    picture.channels = png_get_channels(png_, info_);
    const size_t row = png_get_rowbytes(png_, info_);
    picture.pixels.resize(row * static_cast<size_t>(picture.height));
    run([this, row, &picture] {
      for (int pass = 0; pass < passes_; ++pass)
        for (size_t y = 0; y < static_cast<size_t>(picture.height); ++y)
          png_read_row(png_, picture.pixels.data() + y * row, nullptr);
      png_read_end(png_, nullptr);
    });
    return picture;
  }

 private:
  // What deflate packs is at most 1,032 times as large: two bits can stand for 258 bytes.
  void check_can_hold(const Picture& picture) const {
    const int64_t bits = int64_t{png_get_bit_depth(png_, info_)} * png_get_channels(png_, info_);
    if (picture.height * picture.width * bits / 8 / 1032 > std::ssize(bytes_))
      fail_as_too_short(picture.height, picture.width, bytes_.size(), name_);
  }

  template <typename F>
  void run(const F& step) {
    if (setjmp(png_jmpbuf(png_)) != 0) fail("{}: is a damaged PNG file: {}", name_, one_line(error_.data()));
    step();
  }

  static void stop(png_structp png, png_const_charp message) {
    auto& error = static_cast<PngDecoder*>(png_get_error_ptr(png))->error_;
    std::strncpy(error.data(), message, error.size() - 1);
    png_longjmp(png, 1);
  }
  static void ignore(png_structp, png_const_charp) {}

  static void read(png_structp png, png_bytep to, size_t count) {
    auto& decoder = *static_cast<PngDecoder*>(png_get_io_ptr(png));
    if (count > decoder.bytes_.size() - decoder.at_) png_error(png, "it is cut off");
    std::memcpy(to, decoder.bytes_.data() + decoder.at_, count);
    decoder.at_ += count;
  }

  std::string_view bytes_;
  size_t at_ = 0;
  const std::string& name_;
  std::array<char, 200> error_{};
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int passes_ = 1;
};

// Lays pixels of 2 or 4 numbers, the last of which says how opaque they are, over white: a / 255 of the colour and the
// rest white, rounded.
void lay_over_white(Picture& picture) {
  const auto channels = static_cast<size_t>(picture.channels), colours = channels - 1;
  auto out = picture.pixels.begin();
  for (size_t at = 0; at < picture.pixels.size(); at += channels) {
    const uint32_t opacity = picture.pixels[at + colours];
    for (size_t i = at; i < at + colours; ++i)
      *out++ = static_cast<uint8_t>((picture.pixels[i] * opacity + 255 * (255 - opacity) + 127) / 255);
  }
  picture.channels = static_cast<int64_t>(colours);
  picture.pixels.erase(out, picture.pixels.end());
}

}  // namespace

bool png_is_built() { return true; }

Picture parse_png(std::string_view bytes, const std::string& name) {
  Picture picture = PngDecoder(bytes, name).decode();
  if (picture.channels % 2 == 0) lay_over_white(picture);
  return picture;
}

std::string png_bytes(const Picture& picture, const std::string& name) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (!png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.pixels.data(), 0, nullptr))
    fail("{}: cannot be made a PNG file: {}", name, one_line(image.message));
  bytes.resize(size);
  return bytes;
}

}  // namespace thaw
