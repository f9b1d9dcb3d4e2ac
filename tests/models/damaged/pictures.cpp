// SPDX-License-Identifier: Apache-2.0
// Pictures, and what their headers can promise: PNG, with check sums that are right; JPEG of the goldens; PPM and PGM;
// MNIST's files.
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/data/sequences/image_files.h"
#include "models/image/picture_file.h"
#include "tensor/io/json.h"
#include "tests/file_bytes.h"
#include "tests/goldens.h"
#include "tests/models/damaged/kind_of_file.h"
#include "tests/models/damaged/made_deflate.h"
#include "tests/models/image/made_png.h"

namespace thaw {
namespace {

using enum AfterDamage;

std::string content(const std::string& path) {
  const Picture picture = read_picture(path);
  return std::to_string(picture.height) + "x" + std::to_string(picture.channels) + memory_of(picture.pixels);
}

std::string counted(size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(i * 37);
  return bytes;
}

MadePng small_png() {
  MadePng png{.width = 9, .height = 7, .colour = 2};
  for (int y = 0; y < 7; ++y) png.rows += '\0' + counted(27);
  return png;
}

constexpr size_t copies_of_7_mb = 7'000'000 / longest_copy;

// Texts that are small in the file and large in memory: no reader of pictures needs them.
std::string many_texts(size_t count) {
  const std::string text = png_chunk("zTXt", std::string("a\0\0", 3) + zlib_run('a', copies_of_7_mb));
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::vector<FileDamage> png_headers() {
  std::vector<FileDamage> all;
  const auto add = [&](const char* what, const auto& change, AfterDamage expected = refused) {
    MadePng png = small_png();
    change(png);
    all.push_back({what, png.bytes(), expected, png.chunks.size()});
  };
  add("no width", [](MadePng& png) { png.width = 0; });
  add("no height", [](MadePng& png) { png.height = 0; });
  add("the largest width", [](MadePng& png) { png.width = 0x7FFFFFFF; });
  add("the largest height", [](MadePng& png) { png.height = 0x7FFFFFFF; });
  add("both as large as a picture may be", [](MadePng& png) { png.width = png.height = 13'377; });
  add("a width of 9,000", [](MadePng& png) { png.width = 9'000; });
  add("one row more", [](MadePng& png) { ++png.height; });
  add("one column more", [](MadePng& png) { ++png.width; });
  add("16 bits", [](MadePng& png) { png.depth = 16; });
  add("bits that there are not", [](MadePng& png) { png.depth = 3; });
  add("colours that there are not", [](MadePng& png) { png.colour = 5; });
  add("a palette that is not there", [](MadePng& png) { png.colour = 3; });
  add("opacities that are not there", [](MadePng& png) { png.colour = 6; });
  add("passes that are not there", [](MadePng& png) { png.interlaced = true; });
  add("rows of an unknown filter", [](MadePng& png) { png.rows[28] = 9; });
  add("no rows", [](MadePng& png) { png.rows.clear(); });
  add("a chunk of 2 GB", [](MadePng& png) { png.chunks = big_endian(0x7FFFFFFF) + "tEXtabc"; });
  add("a chunk that must be known", [](MadePng& png) { png.chunks = png_chunk("ABCD", "abc"); });
  add("a second header", [](MadePng& png) { png.chunks = png.header().substr(8); });
  add("a palette of 257", [](MadePng& png) {
    png.colour = 3;
    png.chunks = png_chunk("PLTE", std::string(771, 'a'));
  });
  add("a palette without colours", [](MadePng& png) {
    png.colour = 3;
    png.chunks = png_chunk("PLTE", "");
  });
  add(
      "an odd chunk", [](MadePng& png) { png.chunks = png_chunk("teXT", "abc"); }, same);
  add(
      "a profile that is none", [](MadePng& png) { png.chunks = png_chunk("iCCP", counted(300)); }, same);
  add(
      "a profile of 7 MB",
      [](MadePng& png) { png.chunks = png_chunk("iCCP", std::string("a\0\0", 3) + zlib_run('a', copies_of_7_mb)); },
      same);
  add(
      "30 texts of 7 MB", [](MadePng& png) { png.chunks = many_texts(30); }, same);
  return all;
}

KindOfFile png_kind() {
  return {.name = "png",
          .whole = small_png().bytes(),
          .unpacked = 1032,  // of deflate; pixels of 8 bits are as large in memory
          .read = content,
          .changed = same_or_refused,
          .own = png_headers()};
}

// Where the header of the pixels begins: its length, bits, height, width, number of colours.
size_t frame_of(const std::string& jpeg) {
  for (const char* marker : {"\xFF\xC0", "\xFF\xC2"})
    if (const size_t at = jpeg.find(marker); at != jpeg.npos) return at + 2;
  throw std::runtime_error("a JPEG file without a header of pixels");
}

KindOfFile jpeg_kind(const std::string& path) {
  // Four by four blocks of a component for one of another: 1,024 pixels of 3 bytes in 18 bits.
  KindOfFile kind{.name = "jpg", .whole = read_bytes(path), .unpacked = 2 * 1024 * 3 * 8 / 18, .read = content};
  const size_t frame = frame_of(kind.whole);
  const auto add = [&](const char* what, size_t at, std::string_view bytes, AfterDamage expected = refused) {
    kind.own.push_back({what, with_bytes(kind.whole, at, bytes), expected});
  };
  using namespace std::string_view_literals;
  add("no height", frame + 3, "\0\0"sv);
  add("no width", frame + 5, "\0\0"sv);
  add("the largest sizes", frame + 3, "\xFF\xFF\xFF\xFF"sv);
  add("the largest height", frame + 3, "\xFF\xFF"sv);
  add("sizes as large as a picture may be", frame + 3, "\x34\x41\x34\x41"sv);
  add("12 bits", frame + 2, "\x0C"sv);
  add("no colours", frame + 7, "\0"sv);
  add("255 colours", frame + 7, "\xFF"sv);
  add("blocks of 15 by 15", frame + 9, "\xFF"sv);
  add("blocks of 0 by 0", frame + 9, "\0"sv);
  add("a long header", frame, "\xFF\xFF"sv);
  add("a short header", frame, "\0\1"sv);
  add("table 255", frame + 10, "\xFF"sv);
  add("arithmetic coding", frame - 1, "\xC9"sv, anything);
  add("no losses", frame - 1, "\xC3"sv);
  const std::string comment = "\xFF\xFE\xFF\xFF" + std::string(65'533, 'c');
  std::string much;
  for (int i = 0; i < 20; ++i) much += comment;
  kind.own.push_back({"long comments", kind.whole.substr(0, 2) + much + kind.whole.substr(2), same, much.size()});
  return kind;
}

KindOfFile netpbm_kind(const char* name, const std::string& magic, const std::string& numbers) {
  KindOfFile kind{.name = name, .whole = magic + " 6 4 255 " + numbers, .unpacked = 8, .read = content};
  for (const char* header : {" 0 4 255 ", " 6 0 255 ", " 6 4 0 ", " 6 5 255 ", " 60000 4 255 ", " 13377 13377 255 ",
                             " 2147483647 1 255 ", " 2147483647 2147483647 255 ", " 9999999999999999999999 4 255 ",
                             " -6 4 255 ", " 6 4 65536 ", " 6.0 4 255 ", " 6 4 255", " 6 4 ", " #"})
    kind.own.push_back({"a header" + std::string(header), magic + header + numbers});
  return kind;
}

constexpr const char* idx_images = "-images-idx3-ubyte";

std::string idx_header(uint32_t pictures, uint32_t height, uint32_t width) {
  return std::string("\0\0\x08\x03", 4) + big_endian(pictures) + big_endian(height) + big_endian(width);
}

std::string idx_content(const std::string& path) {
  const LabelledPictures pictures = read_pictures(path, Answers::ignored);
  return std::to_string(pictures.height) + "x" + std::to_string(pictures.width) + memory_of(pictures.pixels);
}

std::string gzipped(const std::string& bytes) {
  // zlib's format without its first two bytes and its check sum.
  const std::string block = stored(bytes).substr(2);
  return gzip_of(block.substr(0, block.size() - 4), bytes);
}

KindOfFile idx_kind() {
  const std::string pixels = counted(size_t{5} * 4 * 3);
  KindOfFile kind{
      .name = idx_images, .whole = idx_header(5, 4, 3) + pixels, .unpacked = 4, .read = idx_content, .longer = refused};
  for (const auto& [pictures, height, width] :
       std::vector<std::array<uint32_t, 3>>{{0, 4, 3},
                                            {5, 0, 3},
                                            {5, 4, 0},
                                            {6, 4, 3},
                                            {4, 4, 3},
                                            {5, 5, 3},
                                            {5, 4, 0xFFFFFFFF},
                                            {0xFFFFFFFF, 1, 1},
                                            {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF},
                                            {0x40000000, 2, 2},
                                            {5, 0x10000, 0x10000}})
    kind.own.push_back(
        {"sizes " + std::to_string(pictures) + " " + std::to_string(height) + " " + std::to_string(width),
         idx_header(pictures, height, width) + pixels});
  kind.own.push_back({"numbers of another type", with_bytes(kind.whole, 2, "\x0D")});
  kind.own.push_back({"two sizes", with_bytes(kind.whole, 3, "\x02")});
  return kind;
}

KindOfFile packed_idx_kind() {
  KindOfFile kind = idx_kind();
  kind.name = std::string(idx_images) + ".gz";
  std::vector<FileDamage> own;
  for (const FileDamage& damage : kind.own) own.push_back({damage.what + ", packed", gzipped(damage.bytes)});
  // Zeros behind pictures of one pixel, a hundred times what they are packed into: that they are too many is seen soon.
  const std::string zeros = deflated_run(0, 100'000), header = idx_header(1, 1, 1);
  const std::string first = stored(header).substr(2, 5 + header.size());
  own.push_back({"far more bytes than sizes", gzip_of(with_bytes(first, 0, std::string(1, '\0')) + zeros,
                                                      header + std::string(1 + longest_copy * 100'000, '\0'))});
  kind.own = std::move(own);
  kind.whole = gzipped(kind.whole);
  kind.changed = same_or_refused;
  kind.longer = same_or_refused;  // zeros are passed over
  return kind;
}

}  // namespace

std::vector<KindOfFile> picture_kinds() {
  std::string plain;
  for (int i = 23; i >= 0; --i) plain += std::to_string(i * 10) + " ";  // a last number that cannot be cut in two
  std::vector<KindOfFile> kinds{netpbm_kind("ppm", "P6", counted(72)), netpbm_kind("pgm", "P2", plain)};
  kinds.back().cut = same_or_refused;
  kinds.push_back(idx_kind());
  kinds.push_back(packed_idx_kind());
  if (png_is_built()) kinds.push_back(png_kind());
  if (!jpeg_is_built() || !has_golden("images")) return kinds;
  const std::string folder = (golden_dir() / "images").string();
  for (const std::string& name : Json::read(folder + "/images.json").get_strings("jpegs"))
    kinds.push_back(jpeg_kind(folder + "/" + name));
  return kinds;
}

}  // namespace thaw
