// SPDX-License-Identifier: Apache-2.0
// Labelled pictures that are in no table.
#pragma once

#include <memory>
#include <string>

#include "models/data/sequences/image_files.h"
#include "models/tasks/classification/labelled_rows.h"

namespace thaw {

// Of a folder the pictures in its folders, by their names (.png, .jpg, .jpeg, .ppm, .pgm; names that begin with a "."
// are passed over), labelled with the name of theirs; of a file that holds many (names_pictures()) those, labelled with
// a number. Null: it is neither. std::runtime_error naming it.
std::unique_ptr<LabelledSource> open_pictures(const std::string& path, Answers labels = Answers::needed);

// Is a file a picture by its name?
bool names_a_picture(const std::string& path);

}  // namespace thaw
