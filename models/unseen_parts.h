// SPDX-License-Identifier: Apache-2.0
// What a model never sees of pictures, or films, of its own size: what is left behind the last whole patch.
#pragma once

#include <string>
#include <vector>

#include "models/image/patch_limits.h"
#include "models/video/film_limits.h"

namespace thaw {

// A line on it, or none where patches divide all sides. The reference library leaves the same out.
std::vector<std::string> notes_of_unseen(const PatchLimits& pictures);
std::vector<std::string> notes_of_unseen(const FilmLimits& films);

}  // namespace thaw
