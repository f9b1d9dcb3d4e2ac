// SPDX-License-Identifier: Apache-2.0
// JPEG by libjpeg-turbo. It leaves a damaged file by longjmp: the functions that it may leave own nothing.
#include "models/image/jpeg_file.h"

#include <cstddef>
#include <cstdio>  // jpeglib.h needs it

#include <jerror.h>
#include <jpeglib.h>

#include <array>
#include <csetjmp>
#include <cstring>

#include "models/image/claimed_size.h"
#include "models/image/picture_file.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr int most_scans = 500;  // of a progressive file: a few bytes each could keep the decoder busy for hours

// Warnings after which all pixels are those of the file. After others some are made up: it is cut off or damaged.
bool is_harmless(int warning) {
  switch (warning) {
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_ICC:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL: return true;
    default: return false;
  }
}

class JpegDecoder {
 public:
  JpegDecoder(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {
    info_.err = jpeg_std_error(&errors_);
    info_.client_data = this;
    errors_.error_exit = stop;
    errors_.emit_message = judge;
    progress_.progress_monitor = count_scans;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&info_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  Picture decode() {
    run([this] {
      jpeg_create_decompress(&info_);
      jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes_.data()),
                   static_cast<unsigned long>(bytes_.size()));
      jpeg_read_header(&info_, TRUE);
    });
    Picture picture;
    picture.height = info_.image_height;
    picture.width = info_.image_width;
    check_claimed_size(picture.height, picture.width, name_);
    check_can_hold(picture);
    if (info_.out_color_space != JCS_RGB && info_.out_color_space != JCS_GRAYSCALE)
      fail("{}: is a JPEG file of {} colours{}, which is not read: convert it to RGB", name_, info_.num_components,
           info_.out_color_space == JCS_CMYK ? " (CMYK)" : "");
    picture.channels = info_.out_color_space == JCS_RGB ? 3 : 1;
    const auto row = static_cast<size_t>(picture.width * picture.channels);
    picture.pixels.resize(row * static_cast<size_t>(picture.height));
    info_.progress = &progress_;
    run([this, row, &picture] {
      jpeg_start_decompress(&info_);
      while (info_.output_scanline < info_.output_height) {
        JSAMPROW into = picture.pixels.data() + info_.output_scanline * row;
        jpeg_read_scanlines(&info_, &into, 1);
      }
      jpeg_finish_decompress(&info_);
    });
    return picture;
  }

 private:
  // Each block of 8 x 8 numbers takes one bit or more. (Those of even colour could be less with arithmetic coding,
  // which is hardly used.)
  void check_can_hold(const Picture& picture) const {
    int64_t blocks = 0;
    for (int i = 0; i < info_.num_components; ++i)
      blocks += int64_t{info_.comp_info[i].width_in_blocks} * info_.comp_info[i].height_in_blocks;
    if (blocks / 8 > std::ssize(bytes_)) fail_as_too_short(picture.height, picture.width, bytes_.size(), name_);
  }

  template <typename F>
  void run(const F& step) {
    if (setjmp(out_) != 0) fail("{}: is a damaged JPEG file: {}", name_, one_line(error_.data()));
    step();
  }

  static JpegDecoder& self(j_common_ptr info) { return *static_cast<JpegDecoder*>(info->client_data); }

  [[noreturn]] static void stop(j_common_ptr info) {
    info->err->format_message(info, self(info).error_.data());
    std::longjmp(self(info).out_, 1);
  }

  // Warnings have level -1, what is told to who debugs 0 and above.
  static void judge(j_common_ptr info, int level) {
    if (level < 0 && !is_harmless(info->err->msg_code)) stop(info);
  }

  static void count_scans(j_common_ptr info) {
    JpegDecoder& decoder = self(info);
    if (decoder.info_.input_scan_number <= most_scans) return;
    std::strcpy(decoder.error_.data(), "it has too many scans");
    std::longjmp(decoder.out_, 1);
  }

  std::string_view bytes_;
  const std::string& name_;
  jpeg_decompress_struct info_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::array<char, JMSG_LENGTH_MAX> error_{};
  std::jmp_buf out_{};
};

}  // namespace

bool jpeg_is_built() { return true; }

Picture parse_jpeg(std::string_view bytes, const std::string& name) { return JpegDecoder(bytes, name).decode(); }

}  // namespace thaw
