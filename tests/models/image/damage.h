// SPDX-License-Identifier: Apache-2.0
// What becomes of a picture's file that is cut off or has a wrong byte.
#pragma once

#include <doctest/doctest.h>

#include <cstddef>
#include <stdexcept>
#include <string>

#include "models/image/picture_file.h"
#include "tests/error_of.h"

namespace thaw {

// The message behind the file's name, or "no error".
inline std::string picture_error(const std::string& bytes) {
  const std::string error = error_of<std::runtime_error>([&] { parse_picture(bytes, "a file"); });
  return error.starts_with("a file: ") ? error.substr(8) : error;
}

// CHECKs that bytes are a sound picture or an error of one line that begins with the file's name.
inline void check_sound_or_refused(const std::string& bytes) {
  try {
    check_picture(parse_picture(bytes, "a file"));
  } catch (const std::runtime_error& error) {
    const std::string line = error.what();
    CHECK(line.starts_with("a file: "));
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.size() < 400);
  }
}

// CHECKs that a picture is refused wherever it is cut off.
inline void check_each_truncation(const std::string& bytes) {
  for (size_t size = 0; size < bytes.size(); ++size) {
    INFO("cut off after " << size << " bytes");
    CHECK(
        error_of<std::runtime_error>([&] { parse_picture(bytes.substr(0, size), "a file"); }).starts_with("a file: "));
  }
}

// Every byte once with its lowest bit, its highest bit and all of its bits turned over.
inline void check_each_wrong_byte(const std::string& bytes) {
  for (size_t at = 0; at < bytes.size(); ++at)
    for (const int turned : {0x01, 0x80, 0xFF}) {
      INFO("byte " << at << " xor " << turned);
      std::string wrong = bytes;
      wrong[at] = static_cast<char>(wrong[at] ^ turned);
      check_sound_or_refused(wrong);
    }
}

}  // namespace thaw
