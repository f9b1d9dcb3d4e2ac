// SPDX-License-Identifier: Apache-2.0
// image_tokens.json.
#include "models/image_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr const char* file_name = "/image_tokens.json";
constexpr std::array<std::string_view, 5> keys = {"offset", "palette", "height", "width", "caption_length"};

PaletteColour read_colour(const Json& palette, size_t number) {
  const Json& list = palette.get_array(number);
  PaletteColour colour{};
  if (list.size() != colour.size())
    fail("{}: {} numbers are no colour (red, green, blue)", palette.where(number), list.size());
  for (size_t i = 0; i < colour.size(); ++i) colour[i] = static_cast<uint8_t>(list.get_int(i, 0, 255));
  return colour;
}

std::vector<PaletteColour> read_palette(const Json& json) {
  const Json& list = json.get_array("palette");
  if (list.empty() || list.size() > most_palette_colours)
    fail("{}: has {} colours, 1 to {} were expected", json.where("palette"), list.size(), most_palette_colours);
  std::vector<PaletteColour> palette;
  for (size_t i = 0; i < list.size(); ++i) {
    const PaletteColour colour = read_colour(list, i);
    if (std::ranges::find(palette, colour) != palette.end())
      fail("{}: {} is there twice", list.where(i), hex_of(colour));
    palette.push_back(colour);
  }
  return palette;
}

}  // namespace

std::string hex_of(const PaletteColour& colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour[0], colour[1], colour[2]);
}

std::string ImageTokens::name(int32_t id) const {
  if (id < caption_words()) return {};
  if (id < image()) return fmt::format("<pad {}>", id - caption_words());
  if (id == image()) return "<image>";
  return hex_of(palette.at(static_cast<size_t>(id - offset)));
}

bool has_image_tokens(const std::string& directory) {
  std::error_code ignored;
  return std::filesystem::exists(directory + file_name, ignored);
}

ImageTokens read_image_tokens(const std::string& directory) {
  const Json json = Json::read(directory + file_name);
  for (const JsonMember& member : json.members())
    if (std::ranges::find(keys, member.key) == keys.end()) fail("{}: no key of such a file", json.where(member.key));
  ImageTokens tokens;
  tokens.height = json.get_int("height", 1, most_image_side);
  tokens.width = json.get_int("width", 1, most_image_side);
  tokens.caption_length = json.get_int("caption_length", fewest_caption_places, most_caption_places);
  tokens.palette = read_palette(json);
  // One word or more before the paddings, and ids of all colours within 31 bits.
  tokens.offset =
      json.get_int("offset", tokens.prompt_length() + 1, INT32_MAX - static_cast<int64_t>(most_palette_colours));
  return tokens;
}

void write_image_tokens(const std::string& directory, const ImageTokens& tokens) {
  Json palette = Json::array();
  for (const PaletteColour& colour : tokens.palette)
    palette.push_back(Json(std::vector<int64_t>{colour[0], colour[1], colour[2]}));
  Json::object()
      .set("offset", tokens.offset)
      .set("palette", std::move(palette))
      .set("height", tokens.height)
      .set("width", tokens.width)
      .set("caption_length", tokens.caption_length)
      .write(directory + file_name, {});
}

}  // namespace thaw
