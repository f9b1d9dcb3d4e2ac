// SPDX-License-Identifier: Apache-2.0
// Are all frames of a FLAC file there? libFLAC compares their check sums, and where one is missing as a whole it puts
// silence in its place without a word.
#pragma once

#include <string>
#include <string_view>

namespace thaw {

// std::runtime_error "PATH: ...": a frame is not the one behind that before it (they have numbers). Of a frame that is
// damaged, and of what stands behind it, nothing is said: decoding finds that.
void check_flac_frames(std::string_view bytes, const std::string& path);

}  // namespace thaw
