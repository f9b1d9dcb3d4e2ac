// SPDX-License-Identifier: Apache-2.0
// Tells kinds of files apart: libsndfile knows dozens, and sees no other than these. Holds WAV files to their length.
#include "models/audio/sound.h"

#include <cstdint>

#include "models/audio/sound_decoder.h"
#include "tensor/check.h"
#include "tensor/io/foreign_file.h"
#include "tensor/io/mapped_file.h"

namespace thaw {
namespace {

bool is_wav(std::string_view bytes) {
  return bytes.starts_with("RIFF") && bytes.size() >= 12 && bytes.substr(8, 4) == "WAVE";
}

bool is_sound(std::string_view bytes) {
  return is_wav(bytes) || bytes.starts_with("fLaC") || bytes.starts_with("OggS");
}

// Programs that write into a pipe cannot know how long a sound will be: they say nothing, or 2 or 4 GB or a little
// less, which is more than any sound has that is read.
constexpr uint64_t least_unknown_length = 0x7FFF0000;
constexpr size_t chunk_header = 8;  // a name, and how many bytes follow

uint64_t length_in(std::string_view bytes, size_t header) {
  uint64_t length = 0;
  for (size_t i = 0; i < 4; ++i) length |= uint64_t{static_cast<unsigned char>(bytes[header + 4 + i])} << (8 * i);
  return length;
}

// Where the header of the chunk stands that is the sound, among chunks of an even length, or a byte more; the end of
// the file if there is none.
size_t sound_in_wav(std::string_view bytes) {
  for (uint64_t at = 12; at + chunk_header <= bytes.size();) {
    const auto header = static_cast<size_t>(at);
    if (bytes.substr(header, 4) == "data") return header;
    const uint64_t length = length_in(bytes, header);
    at += chunk_header + length + length % 2;
  }
  return bytes.size();
}

// libsndfile takes what is there of a sound that is cut off for all of it, and nothing of one whose length is 0.
Sound decode_wav(std::string_view bytes, const std::string& path) {
  const size_t header = sound_in_wav(bytes);
  if (header == bytes.size()) return decode_sound(bytes, path);
  const uint64_t said = length_in(bytes, header), of_all = length_in(bytes, 0),
                 there = bytes.size() - header - chunk_header;
  if (said > there && said < least_unknown_length)
    fail("{}: is cut off: its header says {} bytes of sound, {} are there", path, said, there);
  const bool nothing_follows = of_all <= header || of_all >= least_unknown_length;
  if (said > 0 || !nothing_follows) return decode_sound(bytes, path);
  std::string of_any_length(bytes);
  of_any_length.replace(header + 4, 4, 4, '\xFF');
  return decode_sound(of_any_length, path);
}

}  // namespace

Sound parse_sound(std::string_view bytes, const std::string& path) {
  if (bytes.empty()) fail("{}: is empty", path);
  if (!is_sound(bytes)) fail("{}: is no WAV, FLAC or Ogg file, which are the sounds that are read", path);
  return is_wav(bytes) ? decode_wav(bytes, path) : decode_sound(bytes, path);
}

Sound read_sound(const std::string& path) {
  check_not_foreign(path);
  const MappedFile file(path);
  return parse_sound({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, path);
}

bool reads_sounds() { return decodes_sounds; }

}  // namespace thaw
