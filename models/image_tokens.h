// SPDX-License-Identifier: Apache-2.0
// Which ids of a vocabulary stand for what of a picture behind its caption (Ramesh et al. 2021), and the file beside
// config.json that says so: image_tokens.json.
//
//   {"offset": 137, "palette": [[255, 0, 0], ...], "height": 18, "width": 18, "caption_length": 16}
//
// A sequence is the caption in exactly caption_length places, <image>, and a colour for each pixel, row by row. A place
// that the caption leaves empty has its own padding token. Ids, behind those of the tokenizer: the paddings of all
// places, <image>, the palette's colours, the first of which is `offset`.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace thaw {

using PaletteColour = std::array<uint8_t, 3>;  // red, green, blue

// "#ff0000".
std::string hex_of(const PaletteColour& colour);

struct ImageTokens {
  int64_t offset = 0;
  int64_t height = 0, width = 0;  // pixels
  int64_t caption_length = 0;     // places
  std::vector<PaletteColour> palette;

  bool operator==(const ImageTokens&) const = default;

  int64_t pixels() const { return height * width; }
  // Places of a sequence, and of what stands before its picture.
  int64_t length() const { return prompt_length() + pixels(); }
  int64_t prompt_length() const { return caption_length + 1; }
  // Words that a model needs, and how many of them are the tokenizer's, at most.
  int64_t words() const { return offset + static_cast<int64_t>(palette.size()); }
  int64_t caption_words() const { return offset - prompt_length(); }

  int32_t padding(int64_t place) const { return static_cast<int32_t>(caption_words() + place); }
  int32_t image() const { return static_cast<int32_t>(offset - 1); }
  int32_t colour(size_t number) const { return static_cast<int32_t>(offset) + static_cast<int32_t>(number); }
  bool is_colour(int32_t id) const { return id >= offset && id < words(); }
  // "<pad 3>", "<image>" or "#ff0000"; empty: a word of the tokenizer's.
  std::string name(int32_t id) const;
};

inline constexpr size_t most_palette_colours = 256;
inline constexpr int64_t fewest_caption_places = 2;  // of one nothing is told: no place of it has another before it
inline constexpr int64_t most_caption_places = 1'000'000, most_image_side = 10'000;

bool has_image_tokens(const std::string& directory);
// std::runtime_error "FILE: KEY: ..." on what is not as above: a key too many or too few, a number out of its range, a
// colour twice.
ImageTokens read_image_tokens(const std::string& directory);
void write_image_tokens(const std::string& directory, const ImageTokens& tokens);

}  // namespace thaw
