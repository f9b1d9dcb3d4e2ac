// SPDX-License-Identifier: Apache-2.0
// A data set of scenes in a folder: pictures, and tables that name them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace thaw {

struct SceneDataOptions {
  std::filesystem::path output;
  int canvas = 36;
  size_t most_objects = 4;
  size_t train = 20'000, validation = 1'000, test = 1'000;  // pictures
  size_t questions = 0;                                     // a picture
  uint64_t seed = 1;
};

// Makes the folder, whole or not at all, and tells a line a table: how many rows it has. std::runtime_error if it is
// there already or cannot be written; std::invalid_argument for questions on pictures of less than three objects.
//
// pictures/PART/00000.png ...  of each of the parts below
// train.tsv, validation.tsv    image (relative to the folder), text
// test_seen.tsv, test_new.tsv  the same: of no picture that is in train or validation, no two with the same things;
//                              in the first no picture has a held-out pair of colour and shape, in the second all do
// one_object_seen.tsv, one_object_new.tsv  image, label: "red circle", of pictures with one object, each another
// labels.txt                   the 48 labels
// questions_PART.tsv           image, question, answer, kind: for train, validation, test_seen and test_new, if asked
//                              for; of the same pictures
std::string write_scene_data(const SceneDataOptions& options);

}  // namespace thaw
