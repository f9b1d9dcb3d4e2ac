// SPDX-License-Identifier: Apache-2.0
// A data set of films in a folder, and tables that name them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace thaw {

struct FilmDataOptions {
  std::filesystem::path output;
  size_t train = 500, validation = 50, test = 100;  // beginnings, each of which goes on in all twelve ways
  uint64_t seed = 1;
};

// Makes the folder, whole or not at all, and tells a line a table: how many rows it has. std::runtime_error if it is
// there already or cannot be written.
//
// films/PART/00000.y4m ...            of train, validation and test: twelve in turn begin with the same frame
// train.tsv, validation.tsv, test.tsv  video (relative to the folder), label (the motion), speed (slow, fast, none)
// moving_train.tsv, moving_test.tsv   the same without what is still: for the speed to be the label
std::string write_film_data(const FilmDataOptions& options);

}  // namespace thaw
