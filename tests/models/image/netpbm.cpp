// SPDX-License-Identifier: Apache-2.0
// PPM and PGM files, and what no reader takes.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include "models/image/picture_file.h"
#include "tests/error_of.h"
#include "tests/models/image/damage.h"
#include "tests/scratch_folder.h"

using namespace thaw;
using namespace std::string_view_literals;

namespace {

Picture parsed(std::string_view bytes) { return parse_picture(bytes, "a file"); }
std::string error(std::string_view bytes) { return picture_error(std::string(bytes)); }

}  // namespace

TEST_CASE("netpbm: plain and binary, grey and colours") {
  const Picture grey{2, 3, 1, {0, 1, 2, 10, 100, 255}};
  CHECK(parsed("P2 3 2 255 0 1 2 10 100 255") == grey);
  CHECK(parsed("P2\n# made by hand\n3 2# wide and high\n255\n0 1 2\n10\t100\r\n255\n") == grey);
  CHECK(parsed("P5 3 2 255\n\0\x01\x02\x0A\x64\xFF"sv) == grey);
  CHECK(parsed("P5\n#\n3\n2\n255\n\0\x01\x02\x0A\x64\xFF another picture"sv) == grey);
  const Picture colours{1, 2, 3, {1, 2, 3, 32, 35, 0}};
  CHECK(parsed("P3 2 1 255 1 2 3 32 35 0") == colours);
  CHECK(parsed("P6 2 1 255 \x01\x02\x03 #\0"sv) == colours);  // a blank and a # are numbers there
}

TEST_CASE("netpbm: other largest values are spread over 0 to 255") {
  CHECK(parsed("P2 4 1 1 0 1 0 1").pixels == std::vector<uint8_t>{0, 255, 0, 255});
  CHECK(parsed("P2 4 1 10 0 1 3 10").pixels == std::vector<uint8_t>{0, 26, 76, 255});  // 25.5, 76.5: to the even
  CHECK(parsed("P5 2 1 127 \x01\x7F"sv).pixels == std::vector<uint8_t>{2, 255});
  CHECK(parsed("P5 3 1 65535 \x01\x01\x80\x80\xFF\xFF"sv).pixels == std::vector<uint8_t>{1, 128, 255});
  CHECK(parsed("P6 1 1 256 \0\0\0\x80\x01\0"sv).pixels == std::vector<uint8_t>{0, 128, 255});
}

TEST_CASE("netpbm: damaged files") {
  for (const std::string_view good : {"P3 2 1 7 1 2 3 4 5 6"sv, "P2\n#c\n2 2 255 1 2 3 4"sv, "P5 2 2 255 abcd"sv,
                                      "P6 1 2 300 \x01\x02\x01\x02\x01\x02\x01\x02\x01\x02\x01\x02"sv}) {
    CHECK_NOTHROW(parsed(good));
    check_each_truncation(std::string(good));
    check_each_wrong_byte(std::string(good));
  }
  CHECK(error("P5 ") == "is cut off: a number is expected at its end");
  CHECK(error("P5 # a comment") == "is cut off: a number is expected at its end");
  CHECK(error("P5 2 x 255 abcd") == "byte 5 is not of a number");
  CHECK(error("P5 2 -2 255 abcd") == "byte 5 is not of a number");
  CHECK(error("P5 2 2 70000 abcd") == "the number at byte 7 is larger than 65535");
  CHECK(error("P5 99999999999999999999 2 255 abcd") == "the number at byte 3 is larger than 2147483647");
  CHECK(error("P5 2 2 0 abcd") == "says that its largest value is 0");
  CHECK(error("P5 2 2 255") == "no blank stands behind its header");
  CHECK(error("P5 2 2 255#abcd") == "no blank stands behind its header");
  CHECK(error("P5 0 2 255 ") == "is a picture of 2 x 0 pixels");
  CHECK(error("P5 2147483647 2147483647 255 ") ==
        "is a picture of 2147483647 x 2147483647 pixels, the limit is 178956970");
  CHECK(error("P6 10000 10000 255 abc") ==
        "is cut off: it promises 10000 x 10000 pixels, which cannot be in its 22 bytes");
  CHECK(error("P2 3 1 9 1 2 ") == "is cut off: it promises 1 x 3 pixels, which cannot be in its 13 bytes");
  CHECK(error("P2 2 1 9 1  ") == "is cut off: a number is expected at its end");
  CHECK(error("P2 2 1 9 1 10") == "the number at byte 11 is larger than 9");
  CHECK(error("P5 2 1 9 \x01\x0A") == "a value before byte 11 is 10, and none may be above 9");
}

TEST_CASE("pictures: what is none") {
  CHECK(error("") == "is empty, a picture is expected");
  CHECK(error("P") == "is no picture that can be read (PNG, JPEG, PPM or PGM)");
  CHECK(error("P5") == "is no picture that can be read (PNG, JPEG, PPM or PGM)");
  CHECK(error("P512 2 255 ") == "is no picture that can be read (PNG, JPEG, PPM or PGM)");
  CHECK(error("text,label\n") == "is no picture that can be read (PNG, JPEG, PPM or PGM)");
  CHECK(error("GIF89a...") == "is a GIF file, which is not read: convert it to PNG or JPEG");
  CHECK(error("RIFF....WEBPVP8 ") == "is a WebP file, which is not read: convert it to PNG or JPEG");
  CHECK(error("P4 2 2 x") == "is a PBM file, which is not read: convert it to PNG or JPEG");
  CHECK(error("<!DOCTYPE html><html>").starts_with("is a web page (HTML), not a picture"));
  CHECK(error("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")
            .starts_with("is a Git LFS pointer, not the picture itself"));
  if (!png_is_built()) CHECK(error("\x89PNG\r\n\x1A\n") == "is a PNG file, and thaw was built without libpng");
  if (!jpeg_is_built()) CHECK(error("\xFF\xD8\xFF") == "is a JPEG file, and thaw was built without libjpeg");

  const ScratchFolder folder;
  const auto of = [](const std::string& path) { return error_of<std::runtime_error>([&] { read_picture(path); }); };
  CHECK(of(folder / "none.png").starts_with(folder / "none.png: "));
  CHECK(of(folder.path().string()).starts_with(folder.path().string() + ": "));
  const std::string large = folder.write("large.png", "\x89PNG\r\n\x1A\n");
  std::filesystem::resize_file(large, max_picture_bytes + 1);
  CHECK(of(large) == large + ": has 2147483649 bytes, a picture may have 2147483648");
}

TEST_CASE("pictures: grey ones in three channels") {
  CHECK(as_rgb({1, 2, 1, {7, 9}}) == Picture{1, 2, 3, {7, 7, 7, 9, 9, 9}});
  CHECK(as_rgb({1, 1, 3, {1, 2, 3}}) == Picture{1, 1, 3, {1, 2, 3}});
}
