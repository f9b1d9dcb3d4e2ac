// SPDX-License-Identifier: Apache-2.0
// Finds out by the first bytes what a file is.
#include "models/image/picture_file.h"

#include <array>

#include "models/image/jpeg_file.h"
#include "models/image/netpbm_file.h"
#include "models/image/png_file.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/foreign_text.h"
#include "tensor/io/mapped_file.h"

namespace thaw {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view png_magic = "\x89PNG\r\n\x1A\n", jpeg_magic = "\xFF\xD8\xFF";

struct OtherFormat {
  size_t at;
  std::string_view magic;
  std::string_view name;
};
constexpr std::array other_formats{
    OtherFormat{0, "GIF8"sv, "GIF"},     OtherFormat{8, "WEBP"sv, "WebP"},     OtherFormat{0, "BM"sv, "BMP"},
    OtherFormat{0, "II*\0"sv, "TIFF"},   OtherFormat{0, "MM\0*"sv, "TIFF"},    OtherFormat{4, "ftypavif"sv, "AVIF"},
    OtherFormat{4, "ftyphei"sv, "HEIF"}, OtherFormat{4, "ftypmif1"sv, "HEIF"}, OtherFormat{0, "\xFF\x0A"sv, "JPEG XL"},
    OtherFormat{0, "P1"sv, "PBM"},       OtherFormat{0, "P4"sv, "PBM"},        OtherFormat{0, "P7"sv, "PAM"}};

[[noreturn]] void refuse(std::string_view bytes, const std::string& name) {
  const std::string_view beginning = bytes.substr(0, 512);
  if (bytes.empty()) fail("{}: is empty, a picture is expected", name);
  if (is_git_lfs_pointer(beginning))
    fail("{}: is a Git LFS pointer, not the picture itself: fetch it with \"git lfs pull\", or download it", name);
  if (is_web_page(beginning)) fail("{}: is a web page (HTML), not a picture: download it anew", name);
  for (const OtherFormat& format : other_formats)
    if (bytes.size() > format.at && bytes.substr(format.at).starts_with(format.magic))
      fail("{}: is a {} file, which is not read: convert it to PNG or JPEG", name, format.name);
  fail("{}: is no picture that can be read (PNG, JPEG, PPM or PGM)", name);
}

bool is_netpbm(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] == 'P' && "2356"sv.find(bytes[1]) != std::string_view::npos &&
         " \t\r\n\v\f#"sv.find(bytes[2]) != std::string_view::npos;
}

}  // namespace

Picture parse_picture(std::string_view bytes, const std::string& name) {
  if (bytes.size() > max_picture_bytes)
    fail("{}: has {} bytes, a picture may have {}", name, bytes.size(), max_picture_bytes);
  if (bytes.starts_with(png_magic)) return parse_png(bytes, name);
  if (bytes.starts_with(jpeg_magic)) return parse_jpeg(bytes, name);
  if (is_netpbm(bytes)) return parse_netpbm(bytes, name);
  refuse(bytes, name);
}

Picture read_picture(const std::string& path) {
  const MappedFile file(path);
  return parse_picture({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, path);
}

void write_png(const std::string& path, const Picture& picture) {
  check_picture(picture);
  write_file_atomically(path, png_bytes(picture, path));
}

}  // namespace thaw
