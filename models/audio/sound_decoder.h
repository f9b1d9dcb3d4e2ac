// SPDX-License-Identifier: Apache-2.0
// What libsndfile makes of a file's bytes. Two sources define it, of which one is built: sound_decoder.cpp, and
// no_sound_decoder.cpp where libsndfile is not there.
#pragma once

#include <string>
#include <string_view>

#include "models/audio/sound.h"

namespace thaw {

extern const bool decodes_sounds;
Sound decode_sound(std::string_view bytes, const std::string& path);

}  // namespace thaw
