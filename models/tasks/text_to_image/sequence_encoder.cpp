// SPDX-License-Identifier: Apache-2.0
// Fills the places of sequences.
#include "models/tasks/text_to_image/sequence_encoder.h"

#include <utility>

#include "models/data/document_reader.h"
#include "tensor/check.h"

namespace thaw {

SequenceEncoder::SequenceEncoder(const TextEncoder& captions, ImageTokens tokens)
    : captions_(captions), tokens_(std::move(tokens)) {
  for (size_t i = 0; i < tokens_.palette.size(); ++i) ids_[tokens_.palette[i]] = tokens_.colour(i);
}

Encoding SequenceEncoder::prompt(const std::string& caption, const std::string& where) const {
  if (is_blank_text(caption)) fail("{}: there is no caption", where);
  Encoding whole = captions_.encode_row(caption, {}, where);
  Encoding prompt;
  prompt.ids = std::move(whole.ids);
  prompt.cut = whole.cut;
  while (std::ssize(prompt.ids) < tokens_.caption_length) prompt.ids.push_back(tokens_.padding(std::ssize(prompt.ids)));
  prompt.ids.push_back(tokens_.image());
  prompt.type_ids.assign(prompt.ids.size(), 0);
  return prompt;
}

Encoding SequenceEncoder::sequence(const CaptionedRow& row) const {
  Encoding sequence = prompt(row.caption, row.where);
  const Picture picture = picture_of(row);
  if (picture.height != tokens_.height || picture.width != tokens_.width)
    fail("{}: {}: has {} x {} pixels (height x width), the model's pictures have {} x {}", row.where, path_of(row),
         picture.height, picture.width, tokens_.height, tokens_.width);
  for (int64_t i = 0; i < tokens_.pixels(); ++i) {
    const PaletteColour colour = colour_at(picture, i);
    const auto id = ids_.find(colour);
    if (id == ids_.end())
      fail("{}: {}: the pixel at x {}, y {} is {}, which is none of the model's {} colours", row.where, path_of(row),
           i % tokens_.width, i / tokens_.width, hex_of(colour), tokens_.palette.size());
    sequence.ids.push_back(id->second);
  }
  sequence.type_ids.assign(sequence.ids.size(), 0);
  return sequence;
}

Encoding SequenceEncoder::made_up() const {
  Encoding sequence;
  sequence.ids.assign(static_cast<size_t>(tokens_.caption_length), 0);
  sequence.ids.push_back(tokens_.image());
  sequence.ids.resize(static_cast<size_t>(tokens_.length()), tokens_.colour(0));
  sequence.type_ids.assign(sequence.ids.size(), 0);
  return sequence;
}

Picture SequenceEncoder::picture(std::span<const int32_t> colours) const {
  check(std::ssize(colours) == tokens_.pixels(), "{} colours for a picture of {} pixels", colours.size(),
        tokens_.pixels());
  Picture picture{.height = tokens_.height, .width = tokens_.width};
  for (const int32_t id : colours) {
    check(tokens_.is_colour(id), "id {} is no colour", id);
    const PaletteColour& colour = tokens_.palette[static_cast<size_t>(id - tokens_.offset)];
    picture.pixels.insert(picture.pixels.end(), colour.begin(), colour.end());
  }
  return picture;
}

}  // namespace thaw
