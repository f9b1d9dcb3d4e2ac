// SPDX-License-Identifier: Apache-2.0
// What a model that answers questions looks at, by occlusion (Zeiler and Fergus 2014): a patch of the picture and what
// is around it are made grey, and the answer's probability drops as far as they were needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace thaw {

inline constexpr uint8_t covering_grey = 128;

struct CoverOptions {
  std::filesystem::path table;  // image (relative to its folder), question, answer, kind
  std::filesystem::path output;
  int64_t patch = 6;    // pixels of a side; it divides the pictures' sides
  int64_t cover = 18;   // of the side of what is grey, with the patch in its middle: both are even, or both odd
  size_t per_kind = 1;  // questions of each kind: the first ones about pictures that no other is about, if there are
};

// Makes a folder, whole or not at all: table.tsv with image, question, answer, kind, row, column and the pictures that
// it names. Of each question first the whole picture, whose row and column are empty, then one for each patch that is
// covered. Tells how many rows there are. std::runtime_error naming what cannot be read or written, or
// the row whose picture the patch does not divide.
std::string write_covered_pictures(const CoverOptions& options);

// Of one such question.
struct Occlusion {
  std::string image, question, answer, said;
  double probability = 0;  // of what is said, of the whole picture
  int64_t rows = 0, columns = 0;
  std::vector<double> drops;  // [rows, columns]: by how much less probable that is without the patch; it may be < 0
};

// table: as written above; predictions: of its rows, in their order, with the probabilities of all answers (the columns
// label, and each answer's). std::runtime_error naming the one of the two that is at fault, and its line.
std::vector<Occlusion> occlusions_of(const std::filesystem::path& table, const std::filesystem::path& predictions);

}  // namespace thaw
