// SPDX-License-Identifier: Apache-2.0
// Which options a run is given otherwise than the run before it.
#pragma once

#include <string>

namespace thaw {

// "--problem-seed was not given, is 3; --max-steps was 2, is 4": of two texts of options_text() (config.h). "" if they
// give the same.
std::string changed_options(const std::string& then, const std::string& now);

}  // namespace thaw
