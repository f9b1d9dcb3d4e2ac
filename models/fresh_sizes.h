// SPDX-License-Identifier: Apache-2.0
// What is asked of a model that begins with random numbers: its family makes a config.json of it
// (ModelFamily::fresh_config).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/text/tokenizer.h"
#include "tensor/io/json.h"

namespace thaw {

// What is absent is as the family's configurations have it without.
struct FreshSizes {
  std::optional<int64_t> layers, hidden_size, heads, intermediate_size;
  std::optional<int64_t> positions;         // tokens that a text may have
  std::optional<double> dropout;            // everywhere
  std::optional<double> initializer_range;  // standard deviation of new weights
  std::optional<std::string> activation;
  std::optional<int64_t> image_size, patch_size, channels;  // of pictures: sides of squares; 1 or 3
  std::optional<int64_t> frames;                            // of a film, or of a sound's log-mels
  std::optional<int64_t> patch_frames;                      // of a film that one row is made of
  std::optional<int64_t> mel_bins;
  std::optional<int64_t> projection_size;  // of the space that two kinds of things are put into
};

// The widths of layers whose heads share a state. Absent heads: of 64 numbers each; absent intermediate_size: four
// states. std::invalid_argument "hidden_size N: ..." if heads do not divide it.
struct FreshWidths {
  int64_t hidden_size, heads, intermediate_size;
};
FreshWidths fresh_widths(const FreshSizes& sizes, int64_t usual_hidden_size);

// The id of a token that the family cannot do without; `role`: "padding". std::runtime_error if there is none.
int32_t needed_token(std::optional<int32_t> id, std::string_view role, std::string_view family);

// A token's id, or null.
Json id_json(std::optional<int32_t> id);

}  // namespace thaw
