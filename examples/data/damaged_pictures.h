// SPDX-License-Identifier: Apache-2.0
// A data set of pictures and of what is left of them, in a folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "models/image/picture.h"

namespace thaw {

struct DamagedPicturesOptions {
  std::filesystem::path pictures, output;
  int64_t side = 64;  // of a picture, in pixels; a multiple of 8
  size_t most = 0;    // pictures, the first by name; 0: all
};

// The whole picture in the middle of a white square of side x side pixels, as large as fits (bilinear).
Picture on_square(const Picture& picture, int64_t side);

// Makes the folder, whole or not at all, of all PNG files below `pictures`, and tells a line a table: how many rows it
// has. std::runtime_error if there are none, if one cannot be read, if the folder is there already or cannot be
// written.
//
// pictures/NUMBER_0.png, pictures/NUMBER_blur_1.png ...  a picture as it is, and its damages
// train.tsv, validation.tsv, test.tsv  image (relative to the folder), kind, level, score (minus the level), group (a
//                                      picture and a kind), name (of the file): of a picture all, or none. Pictures of
//                                      one name up to its first "_" are together (car_red, car_blue). What damages
//                                      nothing is left out: a grey picture loses no colours
std::string write_damaged_pictures(const DamagedPicturesOptions& options);

}  // namespace thaw
