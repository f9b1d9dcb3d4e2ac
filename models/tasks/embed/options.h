// SPDX-License-Identifier: Apache-2.0
// What a caller may say of embedding texts. The names of the fields are those that messages give.
#pragma once

#include <string>

namespace thaw {

struct EmbedOptions {
  std::string text_column = "text", text_pair_column;
  std::string negative_column;   // a text that is no partner of the first
  std::string score_column;      // how alike the texts of a pair are, in [-1, 1]; empty: all pairs are partners
  std::string pooling;           // "mean", "first"; empty: as the directory says, else mean
  std::string normalize;         // "true", "false"; empty: as the directory says, else true
  double similarity_scale = 20;  // cosines are multiplied by it before the softmax
  bool symmetric = false;        // the second text looks for the first one, too
};

}  // namespace thaw
