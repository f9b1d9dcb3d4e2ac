// SPDX-License-Identifier: Apache-2.0
// Pictures and their labels in the binary files of MNIST and its kin (IDX) and of CIFAR-10, gzip'd or not, as sequences
// of square patches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/data/sequences/sequence.h"

namespace thaw {

struct LabelledPictures {
  int64_t height = 0, width = 0, channels = 0;
  int64_t classes = 10;
  std::vector<uint8_t> pixels;  // picture by picture; of each rows of pixels, channel beside channel
  std::vector<uint8_t> labels;  // none where they are ignored

  int64_t numbers() const { return height * width * channels; }  // of a picture
  int64_t count() const { return std::ssize(pixels) / numbers(); }
};

// Is a file such a one, by its name? "...-images-idx3-ubyte", "....bin", with or without .gz.
bool names_pictures(const std::string& path);

// IDX: the labels are in the file of the same name with "labels-idx1" for "images-idx3". CIFAR-10: records of a label
// and 32 x 32 red, green, and blue pixels; several batches may stand one behind the other in a file. Where labels are
// ignored, that file is not needed, and the byte before the pixels may be any.
// std::runtime_error "PATH: ..." on anything else.
LabelledPictures read_pictures(const std::string& path, Answers labels = Answers::needed);

// Patches from left to right, then from top to bottom; within each so, too. std::invalid_argument if `patch` does not
// divide both sides.
SequenceFormat picture_format(const LabelledPictures& pictures, int64_t patch);
// Pixels as numbers in [0, 1].
LabelledSequence picture_sequence(const LabelledPictures& pictures, int64_t number, int64_t patch);

}  // namespace thaw
