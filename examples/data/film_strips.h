// SPDX-License-Identifier: Apache-2.0
// A film as one picture: its frames side by side.
#pragma once

#include <filesystem>
#include <string>

namespace thaw {

// Makes a folder, whole or not at all, of LABEL.png for each label of a table (video, label): the first film that has
// it. Tells how many there are. std::runtime_error naming the film that cannot be read, or the row whose label is no
// name of a file.
std::string write_film_strips(const std::filesystem::path& table, const std::filesystem::path& output);

}  // namespace thaw
