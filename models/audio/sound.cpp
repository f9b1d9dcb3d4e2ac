// SPDX-License-Identifier: Apache-2.0
// Tells kinds of files apart: libsndfile knows dozens, and sees no other than these.
#include "models/audio/sound.h"

#include "models/audio/sound_decoder.h"
#include "tensor/check.h"
#include "tensor/io/foreign_file.h"
#include "tensor/io/mapped_file.h"

namespace thaw {
namespace {

bool is_sound(std::string_view bytes) {
  const bool wav = bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WAVE";
  return wav || bytes.starts_with("fLaC") || bytes.starts_with("OggS");
}

}  // namespace

Sound parse_sound(std::string_view bytes, const std::string& path) {
  if (bytes.empty()) fail("{}: is empty", path);
  if (!is_sound(bytes)) fail("{}: is no WAV, FLAC or Ogg file, which are the sounds that are read", path);
  return decode_sound(bytes, path);
}

Sound read_sound(const std::string& path) {
  check_not_foreign(path);
  const MappedFile file(path);
  return parse_sound({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, path);
}

bool reads_sounds() { return decodes_sounds; }

}  // namespace thaw
