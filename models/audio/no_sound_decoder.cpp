// SPDX-License-Identifier: Apache-2.0
// Without libsndfile: says so.
#include "models/audio/sound_decoder.h"
#include "tensor/check.h"

namespace thaw {

const bool decodes_sounds = false;

Sound decode_sound(std::string_view, const std::string& path) {
  fail("{}: is a sound, and thaw was built without libsndfile (Debian: libsndfile1-dev), which reads them", path);
}

}  // namespace thaw
