// SPDX-License-Identifier: Apache-2.0
// Labelled pictures and sounds that are in no table.
#pragma once

#include <memory>
#include <string>

#include "models/data/sequences/sequence.h"
#include "models/tasks/classification/labelled_rows.h"

namespace thaw {

// Of a folder what is in its folders, by names (Medium::endings; those that begin with a "." are passed over), labelled
// with the name of its folder; of a file that holds many pictures (names_pictures()) those, labelled with a number.
// Null: it is neither. std::runtime_error naming it.
std::unique_ptr<LabelledSource> open_file_source(const std::string& path, InputKind reads,
                                                 Answers labels = Answers::needed);

}  // namespace thaw
