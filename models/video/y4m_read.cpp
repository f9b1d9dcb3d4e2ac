// SPDX-License-Identifier: Apache-2.0
// Reads the line of the file, then frame by frame; memory is taken when all frames are known to be there.
#include "models/video/y4m.h"

#include <array>
#include <charconv>
#include <optional>
#include <system_error>

#include "models/video/bt601.h"
#include "tensor/check.h"
#include "tensor/io/foreign_file.h"
#include "tensor/io/mapped_file.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr std::string_view magic = "YUV4MPEG2", frame_magic = "FRAME";
constexpr size_t longest_line = 4096;

// Pixels that share one Cb and Cr; 0: there are none.
struct Blocks {
  std::string_view name;
  int64_t width, height;
};
constexpr std::array all_blocks{Blocks{"420", 2, 2},      Blocks{"420jpeg", 2, 2}, Blocks{"420mpeg2", 2, 2},
                                Blocks{"420paldv", 2, 2}, Blocks{"422", 2, 1},     Blocks{"411", 4, 1},
                                Blocks{"444", 1, 1},      Blocks{"mono", 0, 0}};

struct Header {
  Film film;  // without frames
  Blocks blocks = all_blocks[0];
  ColourRange range = limited_range;

  int64_t chroma_width() const { return blocks.width ? (film.width + blocks.width - 1) / blocks.width : 0; }
  int64_t chroma_height() const { return blocks.height ? (film.height + blocks.height - 1) / blocks.height : 0; }
  int64_t chroma_bytes() const { return chroma_width() * chroma_height(); }
  int64_t frame_bytes() const { return film.width * film.height + 2 * chroma_bytes(); }
};

std::optional<int64_t> whole_number(std::string_view text) {
  int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return {};
  return number;
}

// Takes a line away from the front of `rest`; nothing if none ends there.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const size_t end = rest.substr(0, longest_line).find('\n');
  if (end == rest.npos) return {};
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

int64_t read_side(std::string_view value, const char* name, const std::string& path) {
  const auto side = whole_number(value);
  if (!side || *side < 1 || *side > most_film_side)
    fail("{}: its {} is {}, expected 1 to {} pixels", path, name, quote(value), most_film_side);
  return *side;
}

void read_rate(std::string_view value, Film& film, const std::string& path) {
  const size_t colon = value.find(':');
  const auto rate = whole_number(value.substr(0, colon));
  const auto base = colon == value.npos ? std::nullopt : whole_number(value.substr(colon + 1));
  if (!rate || !base || *rate > INT32_MAX || *base > INT32_MAX || (*rate > 0 && *base == 0))
    fail("{}: its rate of frames is {}, expected one such as 25:1", path, quote(value));
  film.rate = *rate;
  film.rate_base = *rate > 0 ? *base : 1;
}

Blocks read_blocks(std::string_view value, const std::string& path) {
  for (const Blocks& blocks : all_blocks)
    if (value == blocks.name) return blocks;
  fail("{}: its colours are C{}; of 8 bits are read 420, 420jpeg, 420mpeg2, 420paldv, 422, 411, 444 and mono", path,
       quote_if_odd(value));
}

void read_field(char key, std::string_view value, Header& header, const std::string& path) {
  switch (key) {
    case 'W': header.film.width = read_side(value, "width", path); break;
    case 'H': header.film.height = read_side(value, "height", path); break;
    case 'F': read_rate(value, header.film, path); break;
    case 'C': header.blocks = read_blocks(value, path); break;
    case 'I':
      if (value != "p" && value != "?") fail("{}: is interlaced (I{}), which is not read", path, quote_if_odd(value));
      break;
    case 'X':
      if (value == "COLORRANGE=FULL") header.range = full_range;
      break;
    case 'A': break;  // of a pixel's shape
    default:
      fail("{}: its first line has {}, which is not known", path, quote(std::string(1, key) + std::string(value)));
  }
}

Header read_header(std::string_view& rest, const std::string& path) {
  if (!rest.starts_with(magic)) fail("{}: is no YUV4MPEG2 file (.y4m)", path);
  const auto line = take_line(rest);
  if (!line) fail("{}: its first line does not end", path);
  Header header;
  std::string seen;
  std::string_view fields = line->substr(magic.size());
  if (!fields.empty() && fields.front() != ' ') fail("{}: is no YUV4MPEG2 file (.y4m)", path);
  while (!fields.empty()) {
    fields.remove_prefix(1);  // the blank before it
    const std::string_view field = fields.substr(0, fields.find(' '));
    fields.remove_prefix(field.size());
    if (field.empty()) continue;
    if (field[0] != 'X' && seen.find(field[0]) != seen.npos) fail("{}: its first line has {} twice", path, field[0]);
    read_field(field[0], field.substr(1), header, path);
    seen += field[0];
  }
  if (header.film.width == 0 || header.film.height == 0) fail("{}: its first line has no width or no height", path);
  return header;
}

// The bytes of each frame.
std::vector<std::string_view> read_frames(std::string_view rest, const Header& header, const std::string& path) {
  const auto bytes = static_cast<size_t>(header.frame_bytes());
  std::vector<std::string_view> frames;
  while (!rest.empty()) {
    const size_t number = frames.size() + 1;
    const std::string_view beginning = rest.substr(0, frame_magic.size() + 1);
    const auto line = take_line(rest);
    if (beginning != "FRAME\n" && beginning != "FRAME ")
      fail("{}: frame {}: begins with {}, expected FRAME", path, number, quote(beginning));
    if (!line) fail("{}: frame {}: its line does not end", path, number);
    if (rest.size() < bytes) fail("{}: frame {}: is cut off: {} of {} bytes", path, number, rest.size(), bytes);
    if (number > static_cast<size_t>(most_film_bytes / header.film.frame_bytes()))
      fail("{}: frame {}: at {} x {}, {} frames are read", path, number, header.film.width, header.film.height,
           number - 1);
    frames.push_back(rest.substr(0, bytes));
    rest.remove_prefix(bytes);
  }
  if (frames.empty()) fail("{}: has no frames", path);
  return frames;
}

void add_pixels(std::string_view bytes, const Header& header, std::vector<uint8_t>& pixels) {
  const auto number = [&](int64_t at) {
    return static_cast<double>(static_cast<uint8_t>(bytes[static_cast<size_t>(at)]));
  };
  const int64_t cb = header.film.width * header.film.height, cr = cb + header.chroma_bytes();
  for (int64_t y = 0; y < header.film.height; ++y)
    for (int64_t x = 0; x < header.film.width; ++x) {
      YCbCr colour{number(y * header.film.width + x), 128, 128};
      if (header.blocks.width > 0) {
        const int64_t block = y / header.blocks.height * header.chroma_width() + x / header.blocks.width;
        colour.cb = number(cb + block);
        colour.cr = number(cr + block);
      }
      const Rgb rgb = rgb_of(colour, header.range);
      pixels.insert(pixels.end(), {rgb.red, rgb.green, rgb.blue});
    }
}

}  // namespace

Film parse_y4m(std::string_view bytes, const std::string& path) {
  if (bytes.empty()) fail("{}: is empty", path);
  const Header header = read_header(bytes, path);
  const std::vector<std::string_view> frames = read_frames(bytes, header, path);
  Film film = header.film;
  film.frames = std::ssize(frames);
  film.pixels.reserve(static_cast<size_t>(film.frames * film.frame_bytes()));
  for (const std::string_view frame : frames) add_pixels(frame, header, film.pixels);
  return film;
}

Film read_y4m(const std::string& path) {
  check_not_foreign(path);
  const MappedFile file(path);
  return parse_y4m({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, path);
}

}  // namespace thaw
