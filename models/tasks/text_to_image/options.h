// SPDX-License-Identifier: Apache-2.0
// Options of pictures of captions. The names of the fields are those that messages give.
#pragma once

#include <cstdint>
#include <string>

namespace thaw {

struct TextToImageOptions {
  std::string text_column = "text";
  std::string image_column = "image";
  int64_t caption_length = 0;  // places; 0: of the longest caption to learn from

  // To predict.
  std::string folder;      // that pictures are written into
  bool overwrite = false;  // those that are there
  int64_t samples = 1;     // pictures of each caption
  double temperature = 1;
  int64_t top_k = 0;    // of the likeliest colours; 0: all
  double top_p = 0.95;  // the likeliest colours that together have this probability
  int64_t seed = 42;
};

}  // namespace thaw
