// SPDX-License-Identifier: Apache-2.0
// What a model never sees of pictures, or films, of its own size: what is left behind the last whole patch.
#pragma once

#include <string>
#include <vector>

#include "models/file_limits.h"

namespace thaw {

// A line on it, or none where patches divide all sides. The reference library leaves the same out.
// Sounds are heard whole, or cut at the end (tasks/sound_encoder.h).
std::vector<std::string> notes_of_unseen(const FileLimits& files);

}  // namespace thaw
