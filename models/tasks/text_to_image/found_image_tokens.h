// SPDX-License-Identifier: Apache-2.0
// Finds in data to learn from how large their pictures are, which colours they have and how long captions are.
#pragma once

#include <string>

#include "models/image_tokens.h"
#include "models/tasks/text_encoder.h"
#include "models/tasks/text_to_image/options.h"

namespace thaw {

// Pictures have the size of the first; colours are in the order of their numbers. Captions have the places of the
// longest, or options.caption_length; without an encoder as few as can be. std::runtime_error "FILE:LINE: ..." on
// pictures of several sizes or of more than most_palette_colours colours, and of a file without rows.
ImageTokens find_image_tokens(const std::string& file, const TextToImageOptions& options, const TextEncoder* captions);

}  // namespace thaw
