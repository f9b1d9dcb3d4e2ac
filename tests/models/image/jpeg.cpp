// SPDX-License-Identifier: Apache-2.0
// JPEG files, made of those of the goldens: damaged ones, odd ones, and those that are not read.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "models/image/picture_file.h"
#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/models/image/damage.h"
#include "tests/models/image/printed.h"

using namespace thaw;
using namespace std::string_view_literals;

namespace {

// The bytes of the goldens' JPEG files; none without libjpeg.
std::vector<std::string> files() {
  std::vector<std::string> all;
  if (!jpeg_is_built()) {
    MESSAGE("skipped: thaw was built without libjpeg");
    return all;
  }
  if (!has_golden("images")) return all;
  const std::string folder = (golden_dir() / "images").string();
  for (const std::string& name : Json::read(folder + "/images.json").get_strings("jpegs"))
    all.push_back(read_bytes(folder + "/" + name));
  return all;
}

// A segment: its marker, its length, its bytes.
std::string segment(char marker, std::string_view data) {
  const size_t size = data.size() + 2;
  return std::string{'\xFF', marker, static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)} + std::string(data);
}

// A file that has only a header, of so many colours, and begins its pixels.
std::string header_alone(int height, int width, int colours) {
  std::string frame{'\x08', static_cast<char>(height >> 8), static_cast<char>(height), static_cast<char>(width >> 8),
                    static_cast<char>(width)};
  std::string scan;
  frame += static_cast<char>(colours);
  scan += static_cast<char>(colours);
  for (int i = 1; i <= colours; ++i) {
    frame += std::string{static_cast<char>(i), '\x11', '\0'};
    scan += std::string{static_cast<char>(i), '\0'};
  }
  scan += std::string("\0\x3F\0", 3);
  return "\xFF\xD8" + segment('\xC0', frame) + segment('\xDA', scan);
}

// The file with bytes put in at a place.
std::string with(const std::string& file, size_t at, std::string_view bytes) {
  return file.substr(0, at) + std::string(bytes) + file.substr(at);
}

}  // namespace

TEST_CASE("jpeg: damaged files are one line, and nothing is printed") {
  for (const std::string& file : files()) {
    CHECK(printed_by([&] {
            check_each_truncation(file);
            check_each_wrong_byte(file);
          }).empty());
    CHECK(picture_error(file.substr(0, file.size() - 2)) == "is a damaged JPEG file: Premature end of JPEG file");
    CHECK(picture_error(file.substr(0, file.size() - 40)) == "is a damaged JPEG file: Premature end of JPEG file");
  }
}

TEST_CASE("jpeg: bytes that stand beside the pixels change nothing") {
  for (const std::string& file : files()) {
    const Picture picture = parse_picture(file, "a");
    CHECK(parse_picture(file + "what stands behind", "a") == picture);
    CHECK(printed_by([&] { CHECK(parse_picture(with(file, file.size() - 2, "\x01\x02"sv), "a") == picture); }).empty());
    // EXIF: big-endian, one entry at byte 8: orientation (0x112), a short, once, 6: the camera was turned
    const std::string_view orientation = "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"sv;
    CHECK(parse_picture(with(file, 2, segment('\xE1', orientation)), "a") == picture);
  }
}

TEST_CASE("jpeg: what is not read, and headers that promise too much") {
  if (!jpeg_is_built()) return;
  CHECK(picture_error(header_alone(8, 8, 4)) ==
        "is a JPEG file of 4 colours (CMYK), which is not read: convert it to RGB");
  CHECK(picture_error(header_alone(8, 8, 2)) == "is a JPEG file of 2 colours, which is not read: convert it to RGB");
  CHECK(picture_error(header_alone(65000, 65000, 3)) == "is a picture of 65000 x 65000 pixels, the limit is 178956970");
  CHECK(picture_error(header_alone(2000, 1000, 3)) ==
        "is cut off: it promises 2000 x 1000 pixels, which cannot be in its 35 bytes");
  CHECK(picture_error(header_alone(8, 8, 3)).starts_with("is a damaged JPEG file: "));
  CHECK(picture_error(header_alone(0, 8, 3)).starts_with("is a damaged JPEG file: "));
  CHECK(picture_error("\xFF\xD8\xFF").starts_with("is a damaged JPEG file: "));
}
