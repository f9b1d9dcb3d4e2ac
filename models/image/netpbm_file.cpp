// SPDX-License-Identifier: Apache-2.0
// Reads the header, and values as digits or as bytes.
#include "models/image/netpbm_file.h"

#include <cmath>

#include "models/image/claimed_size.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t largest_maxval = 65535;

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class NetpbmReader {
 public:
  NetpbmReader(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Picture read() {
    const char kind = bytes_[1];
    const bool plain = kind == '2' || kind == '3';
    at_ = 2;
    Picture picture;
    picture.channels = kind == '3' || kind == '6' ? 3 : 1;
    picture.width = number(INT32_MAX);
    picture.height = number(INT32_MAX);
    maxval_ = number(largest_maxval);
    if (maxval_ == 0) fail("{}: says that its largest value is 0", name_);
    if (at_ == bytes_.size() || !is_blank(bytes_[at_])) fail("{}: no blank stands behind its header", name_);
    ++at_;
    check_claimed_size(picture.height, picture.width, name_);
    const int64_t count = picture.height * picture.width * picture.channels;
    const int64_t value_bytes = plain ? 2 : maxval_ < 256 ? 1 : 2;  // plain: a digit and a blank, but for the last
    if (count * value_bytes - (plain ? 1 : 0) > static_cast<int64_t>(bytes_.size() - at_))
      fail_as_too_short(picture.height, picture.width, bytes_.size(), name_);
    picture.pixels.resize(static_cast<size_t>(count));
    for (uint8_t& pixel : picture.pixels) pixel = scaled(plain ? number(maxval_) : binary(value_bytes));
    return picture;
  }

 private:
  // Blanks and comments, which run from # to the end of the line.
  void skip_blanks() {
    for (bool comment = false; at_ < bytes_.size(); ++at_) {
      const char c = bytes_[at_];
      if (comment ? c == '\n' || c == '\r' : c == '#') {
        comment = !comment;
      } else if (!comment && !is_blank(c)) {
        return;
      }
    }
    fail("{}: is cut off: a number is expected at its end", name_);
  }

  int64_t number(int64_t most) {
    skip_blanks();
    const size_t begin = at_;
    int64_t value = 0;
    for (; at_ < bytes_.size() && is_digit(bytes_[at_]) && value <= most; ++at_) value = 10 * value + bytes_[at_] - '0';
    if (at_ == begin) fail("{}: byte {} is not of a number", name_, begin);
    if (value > most) fail("{}: the number at byte {} is larger than {}", name_, begin, most);
    return value;
  }

  // One byte or two, the higher one first.
  int64_t binary(int64_t count) {
    int64_t value = 0;
    for (int64_t i = 0; i < count; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[at_++]);
    return value;
  }

  // As Pillow does it: rounded to the nearest, halves to the even one.
  uint8_t scaled(int64_t value) const {
    if (value > maxval_) fail("{}: a value before byte {} is {}, and none may be above {}", name_, at_, value, maxval_);
    if (maxval_ == 255) return static_cast<uint8_t>(value);
    return static_cast<uint8_t>(std::nearbyint(static_cast<double>(value) / static_cast<double>(maxval_) * 255));
  }

  std::string_view bytes_;
  const std::string& name_;
  size_t at_ = 0;
  int64_t maxval_ = 0;
};

}  // namespace

Picture parse_netpbm(std::string_view bytes, const std::string& name) { return NetpbmReader(bytes, name).read(); }

}  // namespace thaw
