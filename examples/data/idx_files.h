// SPDX-License-Identifier: Apache-2.0
// Pictures and their labels as MNIST's files (IDX) have them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "examples/data/file_set.h"
#include "models/data/sequences/image_files.h"

namespace thaw {

// Adds FOLDER/SPLIT-images-idx3-ubyte and FOLDER/SPLIT-labels-idx1-ubyte with those pictures.
void add_idx_files(FileSet& files, const std::filesystem::path& folder, const std::string& split,
                   const LabelledPictures& pictures, std::span<const int64_t> which);

}  // namespace thaw
