// SPDX-License-Identifier: Apache-2.0
// Captions and pictures as sequences of ids, and ids as pictures.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "models/image/picture.h"
#include "models/image_tokens.h"
#include "models/tasks/text_encoder.h"
#include "models/tasks/text_to_image/captioned_rows.h"

namespace thaw {

class SequenceEncoder {
 public:
  // The encoder of captions must cut them to tokens.caption_length, and outlive this.
  SequenceEncoder(const TextEncoder& captions, ImageTokens tokens);

  const ImageTokens& tokens() const { return tokens_; }
  // What a picture stands behind: the caption's tokens, paddings, <image>. std::runtime_error that begins with where
  // the caption is if there is none.
  Encoding prompt(const std::string& caption, const std::string& where) const;
  // The same, and the row's picture. std::runtime_error naming the row, its picture and the first pixel that has none
  // of the palette's colours.
  Encoding sequence(const CaptionedRow& row) const;
  // Of made-up words and pixels, to plan without data.
  Encoding made_up() const;
  // [height, width, 3] of as many ids of colours, row by row.
  Picture picture(std::span<const int32_t> colours) const;

 private:
  const TextEncoder& captions_;
  ImageTokens tokens_;
  std::map<PaletteColour, int32_t> ids_;
};

}  // namespace thaw
