// SPDX-License-Identifier: Apache-2.0
// What logistic regression makes of films without looking at shapes: of their first frame, and of what changes from
// frame to frame.
#pragma once

#include <filesystem>
#include <string>

namespace thaw {

// Shares of the test's films that get their label.
struct FilmBaselines {
  double majority = 0;  // the label that is most frequent in training
  double first_frame = 0;
  double changes = 0;
};

// Of tables of films (video, and the column of labels), all of one size and length. std::runtime_error that names the
// file otherwise, or if one cannot be read.
FilmBaselines film_baselines(const std::filesystem::path& train, const std::filesystem::path& test,
                             const std::string& label_column);

}  // namespace thaw
