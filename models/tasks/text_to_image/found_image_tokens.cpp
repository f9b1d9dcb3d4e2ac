// SPDX-License-Identifier: Apache-2.0
// One pass over the rows.
#include "models/tasks/text_to_image/found_image_tokens.h"

#include <algorithm>
#include <set>

#include "models/tasks/text_to_image/captioned_rows.h"
#include "tensor/check.h"

namespace thaw {
namespace {

void add_colours(const CaptionedRow& row, const Picture& picture, std::set<PaletteColour>& colours) {
  const int64_t pixels = picture.height * picture.width;
  for (int64_t i = 0; i < pixels; ++i) {
    const PaletteColour colour = colour_at(picture, i);
    if (colours.size() == most_palette_colours && !colours.contains(colour))
      fail("{}: {}: with this picture they have more than {} colours together, and each is a token: give them fewer",
           row.where, path_of(row), most_palette_colours);
    colours.insert(colour);
  }
}

}  // namespace

ImageTokens find_image_tokens(const std::string& file, const TextToImageOptions& options, const TextEncoder* captions) {
  ImageTokens found;
  std::set<PaletteColour> colours;
  int64_t longest = fewest_caption_places, rows = 0;
  CaptionedRows reader(file, options);
  for (CaptionedRow row; reader.next(row); ++rows) {
    const Picture picture = picture_of(row);
    if (rows == 0) {
      found.height = picture.height;
      found.width = picture.width;
      if (std::max(found.height, found.width) > most_image_side)
        fail("{}: {}: has {} x {} pixels: each is a token", row.where, path_of(row), found.height, found.width);
    }
    if (picture.height != found.height || picture.width != found.width)
      fail("{}: {}: has {} x {} pixels (height x width), the pictures before it {} x {}", row.where, path_of(row),
           picture.height, picture.width, found.height, found.width);
    add_colours(row, picture, colours);
    if (captions) longest = std::max(longest, static_cast<int64_t>(captions->encode_whole(row.caption, {}).size()));
  }
  if (rows == 0) fail("{}: has no rows below its header", file);
  found.caption_length = options.caption_length > 0 ? options.caption_length : longest;
  found.palette.assign(colours.begin(), colours.end());
  const int64_t words = captions ? static_cast<int64_t>(captions->tokenizer().vocab_size()) : 1;
  found.offset = words + found.prompt_length();
  return found;
}

}  // namespace thaw
